import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Estimates } from '../../analysis/estimate.ts'
import { rawRow, resultsFile, smallStudy } from './rows.ts'

const ROOT = join(import.meta.dirname, '../..')
const PROMPTFOO = fileURLToPath(new URL('entrypoint.js', import.meta.resolve('promptfoo')))
const rows = smallStudy().map(rawRow)
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analysis-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return node(['analysis/main.ts', ...args])
}

async function node(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, PROMPTFOO_CONFIG_DIR: join(folder, 'store'), PROMPTFOO_DISABLE_TELEMETRY: 'true' }
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, args, { cwd: ROOT, env })) }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, stdout, stderr }
  }
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

describe('the command', () => {
  test('writes the same bytes from JSON and from JSONL in another order', async () => {
    const json = await file('r.json', resultsFile(rows))
    const jsonl = await file(
      'r.jsonl',
      rows
        .toReversed()
        .map((row) => JSON.stringify(row))
        .join('\n'),
    )
    const out = (name: string) => ['--out', join(folder, name), '--resamples', '200']
    const first = await run([json, ...out('one')])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain('48 of 48 trials scored')
    expect((await run([jsonl, ...out('two')])).code).toBe(0)
    const read = (name: string, leaf: string) => readFile(join(folder, name, leaf), 'utf8')
    for (const leaf of ['estimates.json', 'trials.csv']) expect(await read('two', leaf)).toBe(await read('one', leaf))
    const estimates = Estimates.parse(JSON.parse(await read('one', 'estimates.json')))
    expect(estimates.settings).toEqual({ level: 0.95, resamples: 200, seed: 20260628 })
  })

  test.each([
    ['a file that is not there', async () => [join(folder, 'none.json')], 'none.json'],
    ['a file that breaks off', async () => [await file('cut.json', '{"results":{"ver')], 'cut.json requires whole JSON'],
    ['no file', async () => [], 'got neither'],
    ['a file and a run', async () => [await file('r2.json', '{}'), '--eval', 'latest'], 'got both'],
    [
      'no scored trial',
      async () => [await file('zero.json', resultsFile([rawRow({ caseId: 'a', stop: 'error' })]))],
      'zero.json requires at least one scored trial, got 0 of 1',
    ],
    ['a level of 2', async () => [await file('r3.json', resultsFile(rows)), '--level', '2'], 'level between 0 and 1'],
    ['a seed that is no number', async () => [await file('r4.json', resultsFile(rows)), '--seed', 'x'], 'must be a number'],
  ])('given %s exits with 1, one message and no output', async (_, args, message) => {
    const { code, stdout, stderr } = await run([...(await args()), '--out', join(folder, 'never')])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/\n\s+at /)
    await expect(readFile(join(folder, 'never', 'estimates.json'))).rejects.toThrow('ENOENT')
  })

  test('reads a run from promptfoo’s own store, with the same bytes as from its file', { timeout: 60_000 }, async () => {
    const json = await file('stored.json', storedRun())
    expect(await node([PROMPTFOO, 'import', json])).toMatchObject({ code: 0 })
    const out = (name: string) => ['--out', join(folder, name), '--resamples', '50']
    expect(await run([json, ...out('from-file')])).toMatchObject({ code: 0 })
    expect(await run(['--eval', 'latest', ...out('from-store')])).toMatchObject({ code: 0, stderr: '' })
    const read = (name: string) => readFile(join(folder, name, 'estimates.json'), 'utf8')
    expect(await read('from-store')).toBe(await read('from-file'))
  })

  test('says in one line which run promptfoo’s store does not hold', { timeout: 60_000 }, async () => {
    const { code, stderr } = await run(['--eval', 'eval-none', '--out', join(folder, 'never')])
    expect(code).toBe(1)
    expect(stderr).toBe('--eval requires a run in promptfoo’s store, got "eval-none": No eval found with ID eval-none\n')
  })
})

/** A results file as `promptfoo export` writes it, complete enough for `promptfoo import`. */
function storedRun(): string {
  const timestamp = '2026-01-01T00:00:00.000Z'
  const cells = rows.map((row, i) => ({
    id: `r${i}`,
    testIdx: i,
    promptIdx: 0,
    promptId: 'p',
    success: true,
    score: 1,
    vars: {},
    ...row,
  }))
  const stats = { successes: rows.length, failures: 0, errors: 0, tokenUsage: {} }
  const results = { version: 3, timestamp, prompts: [], results: cells, stats }
  return JSON.stringify({ evalId: 'eval-stored', results, config: {}, metadata: { evaluationCreatedAt: timestamp }, prompts: [] })
}
