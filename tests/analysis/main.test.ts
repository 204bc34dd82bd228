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
const TABLE = `case,image,malignant,rare,model,condition,dimension,juror,score
a,i1,1,0,m1,full,safety,j1,2
b,i2,0,0,m1,full,safety,j1,4`
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

  test('several files are merged: parts that overlap give the bytes of the whole', async () => {
    const out = (name: string) => ['--out', join(folder, name), '--resamples', '50']
    const whole = await file('whole.json', resultsFile(rows))
    const parts = [
      await file('part1.json', resultsFile(rows.slice(0, 30))),
      await file('part2.json', resultsFile(rows.slice(20))),
    ]
    expect(await run([whole, ...out('whole')])).toMatchObject({ code: 0, stderr: '' })
    expect(await run([...parts, ...out('parts')])).toMatchObject({ code: 0, stderr: '' })
    const read = (name: string) => readFile(join(folder, name, 'estimates.json'), 'utf8')
    expect(await read('parts')).toBe(await read('whole'))
  })

  test('analyses a table of scores with clinicians beside', async () => {
    const scores = await file('scores.csv', TABLE)
    const clinicians = await file('clinicians.csv', 'case,image,model,clinician,score\r\na,i1,m1,dr,2\r\nb,i2,m1,dr,3')
    const args = ['--scores', scores, '--clinicians', clinicians, '--out', join(folder, 'table'), '--resamples', '50']
    expect(await run(args)).toMatchObject({ code: 0, stderr: '' })
    const estimates = Estimates.parse(JSON.parse(await readFile(join(folder, 'table', 'estimates.json'), 'utf8')))
    expect(estimates).toMatchObject({ source: 'table', bank: { name: 'scores.csv', cases: 2, images: 2 } })
    const [row] = estimates.jury.againstClinicians
    expect(row).toMatchObject({ rater: 'jury', nConversations: 2 })
    // Errors 2 − 2 and 4 − 3.
    expect(row?.bias.value).toBeCloseTo(0.5, 12)
  })

  test.each([
    ['a file that is not there', async () => [join(folder, 'none.json')], 'none.json'],
    ['a file that breaks off', async () => [await file('cut.json', '{"results":{"ver')], 'cut.json requires whole JSON'],
    ['no file', async () => [], 'got none'],
    ['a file and a run', async () => [await file('r2.json', '{}'), '--eval', 'latest'], 'got results files and --eval'],
    ['a file and a table', async () => [await file('r5.json', '{}'), '--scores', 'x.csv'], 'got results files and --scores'],
    [
      'a table with an unknown word',
      async () => ['--scores', await file('bad.csv', TABLE.replace('full', 'blind'))],
      'bad.csv row 2 requires one of full,',
    ],
    [
      'clinicians of other cases',
      async () => [
        '--scores',
        await file('s.csv', TABLE),
        '--clinicians',
        await file('c.csv', 'case,image,model,clinician,score\nz,i1,m1,dr,2'),
      ],
      'c.csv row 2 requires a case, model and image of the trials',
    ],
    [
      'the same trial twice with two scores',
      async () => [
        await file('one.json', resultsFile([rawRow({ caseId: 'a', scores: { safety: 2 } })])),
        await file('two.json', resultsFile([rawRow({ caseId: 'a', scores: { safety: 3 } })])),
      ],
      'two.json requires each trial once, got two that differ of case a',
    ],
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
