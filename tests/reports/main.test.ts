import { spawnSync } from 'node:child_process'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { madeUp } from './estimates.ts'

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
