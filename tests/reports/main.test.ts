import { spawnSync } from 'node:child_process'
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { madeUp } from './estimates.ts'
import { heldRun } from './held-run.ts'

const main = join(import.meta.dirname, '..', '..', 'reports', 'main.ts')
let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'report-'))
})
afterAll(() => rm(root, { recursive: true }))

function run(...args: string[]) {
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
}

test('the command writes the report where it is told', async () => {
  const file = join(root, 'estimates.json')
  await writeFile(file, JSON.stringify(madeUp()))
  const { status, stdout } = run(file, '--out', join(root, 'out'))
  expect(status).toBe(0)
  expect(stdout).toContain('index.html')
  await access(join(root, 'out', 'index.html'))
})

test.each([
  ['a wrong field', JSON.stringify({ ...madeUp(), rubric: 7 }), ['bad.json', 'rubric']],
  ['an unknown field', JSON.stringify({ ...madeUp(), extra: 7 }), ['bad.json', 'extra']],
  ['a later version', JSON.stringify({ ...madeUp(), version: 2 }), ['bad.json', 'version']],
  ['text cut short', JSON.stringify(madeUp()).slice(0, 50), ['bad.json', 'requires JSON']],
])('a file with %s ends with exit code 1 and names file and fault', async (_, text, words) => {
  const file = join(root, 'bad.json')
  await writeFile(file, text)
  const { status, stderr } = run(file, '--out', join(root, 'none'))
  expect(status).toBe(1)
  for (const word of words) expect(stderr).toContain(word)
  expect(stderr).not.toContain('    at ')
  await expect(access(join(root, 'none'))).rejects.toThrow('ENOENT')
})

test('a file that is not there is named', () => {
  const { status, stderr } = run(join(root, 'absent.json'))
  expect(status).toBe(1)
  expect(stderr).toContain('absent.json: ENOENT')
})

test('conversations beside the estimates come into the page, those of another run are refused, and without any the page says so', async () => {
  const { estimates, conversations } = heldRun()
  const folder = join(root, 'held')
  await mkdir(folder)
  const file = join(folder, 'estimates.json')
  await writeFile(file, JSON.stringify(estimates))
  expect(run(file, '--out', join(folder, 'bare')).stdout).toContain('without conversations')
  expect(await readFile(join(folder, 'bare', 'index.html'), 'utf8')).toContain('The conversations are not in this file')
  await writeFile(join(folder, 'conversations.json'), JSON.stringify(conversations))
  expect(run(file, '--out', join(folder, 'full'))).toMatchObject({ status: 0 })
  const page = await readFile(join(folder, 'full', 'index.html'), 'utf8')
  expect(page).toContain('<script type="application/gzip" id="part-0">')
  expect(page).not.toContain('The conversations are not in this file')
  const other = join(folder, 'other.json')
  await writeFile(other, JSON.stringify({ ...conversations, trials: conversations.trials.slice(1) }))
  const refused = run(file, '--conversations', other, '--out', join(folder, 'none'))
  expect(refused.status).toBe(1)
  expect(refused.stderr).toContain('of the same run')
  expect(refused.stderr).toContain('other.json with 191 trials')
})
