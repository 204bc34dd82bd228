import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareRuns } from '../../analysis/compare.ts'
import type { Estimates } from '../../analysis/estimate.ts'
import { comparisonCsv, comparisonMarkdown, comparisonPage } from '../../reports/compare-files.ts'
import { comparisonSentences, comparisonTables } from '../../reports/compare-tables.ts'
import { madeUp } from './estimates.ts'
import { hostileNames } from './hostile.ts'

const none = { missing: 'there is no trials.csv' }
const head = 'case,image,malignant,rare,model,arm,repeat,safety,accuracy,uncertainty,overall,missing'

function compared(first: Estimates, second: Estimates) {
  return compareRuns({ estimates: first, trials: none }, { estimates: second, trials: none })
}

/** trials.csv of 30 cases on as many images for the models of {@link madeUp} in arm full. */
function trialsFile(safety: (index: number) => number): string {
  const lines = Array.from({ length: 30 }, (_, index) =>
    ['alpha', 'beta', 'gamma'].map((model) => `c${index},i${index},,,${model},full,0,${safety(index)},3,3,3,`),
  )
  return `${[head, ...lines.flat()].join('\n')}\n`
}

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'compare-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function folder(name: string, estimates: Estimates, trials: string | null): Promise<string> {
  const dir = join(root, name)
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'estimates.json'), JSON.stringify(estimates))
  if (trials !== null) await writeFile(join(dir, 'trials.csv'), trials)
  return join(dir, 'estimates.json')
}

function report(...args: string[]) {
  const main = join(import.meta.dirname, '..', '..', 'reports', 'main.ts')
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
}

test('two files give a comparison with differences from the trials beside them', async () => {
  const first = await folder(
    'a',
    madeUp(),
    trialsFile((index) => 2 + (index % 2)),
  )
  const second = await folder(
    'b',
    madeUp(),
    trialsFile((index) => 3 + (index % 2) - (index % 3 === 0 ? 1 : 0)),
  )
  const { status, stdout } = report(first, second, '--out', join(root, 'out'))
  expect(status).toBe(0)
  expect(stdout).toContain('comparison.html')
  const lines = parse<Record<string, string>>(await readFile(join(root, 'out', 'comparison.csv'), 'utf8'), { columns: true })
  const row = lines.find(
    (line) => line.estimand === 'mean' && line.measure === 'safety' && line.arm === 'full' && line.model === 'alpha',
  )
  // All rise by 1 but every third of 30, which stays: 20 / 30.
  expect(Number(row?.difference)).toBeCloseTo(2 / 3, 12)
  expect(Number(row?.low)).toBeLessThan(2 / 3)
  expect(row?.cases).toBe('30')
})

test('without trials.csv the comparison is written and says why there are no differences', async () => {
  const first = await folder('c', madeUp(), null)
  const { status } = report(first, first, '--out', join(root, 'none'))
  expect(status).toBe(0)
  const text = await readFile(join(root, 'none', 'comparison.md'), 'utf8')
  expect(text).toContain('there is no trials.csv beside the estimates of the first run')
})

test('three files, and a trials.csv that is none, end with exit code 1 and a message', async () => {
  const good = await folder('d', madeUp(), null)
  expect(report(good, good, good)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('requires one or two files, got 3'),
  })
  const bad = await folder('e', madeUp(), `${head}\nc,i,,,m,full,0,9,1,1,1,\n`)
  expect(report(good, bad, '--out', join(root, 'bad'))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('trials.csv row 2'),
  })
})

test('what differs between the runs stands on the page, in Markdown and in every row of the CSV', () => {
  const other = { ...madeUp(), jurors: ['someone else'], rubric: 'another' }
  const comparison = compared(madeUp(), other)
  for (const text of [comparisonPage(comparison), comparisonMarkdown(comparison)]) {
    expect(text).toContain('The runs differ in: jurors, rubric.')
    expect(text).toContain('someone else')
  }
  const lines = parse<Record<string, string>>(comparisonCsv(comparison), { columns: true })
  expect(lines.every(({ data }) => data?.includes('The runs differ in: jurors, rubric.'))).toBe(true)
})

test('runs of two banks say that no differences are computed', () => {
  const other = { ...madeUp(), bank: { ...madeUp().bank, sha256: '1'.repeat(64) } }
  expect(comparisonSentences(compared(madeUp(), other)).join(' ')).toContain('No differences are computed')
})

test('every number of both runs stands in the tables', () => {
  const comparison = compared(madeUp(), madeUp({ halfWidth: 0.1 }))
  const cells = comparisonTables(comparison).flatMap(({ groups }) =>
    groups.flatMap(({ rows }) => rows.map(({ cells: of }) => of)),
  )
  expect(cells).toHaveLength(madeUp().estimates.length)
  const values = cells.map(([, first]) => (first?.kind === 'estimate' ? first.value : undefined)).toSorted()
  expect(values).toEqual(
    madeUp()
      .estimates.map(({ value }) => value)
      .toSorted(),
  )
})

test('hostile names stay text on the page, in Markdown and in the CSV', () => {
  const estimates = madeUp({ models: hostileNames })
  const comparison = compared(estimates, estimates)
  const html = comparisonPage(comparison)
  expect(html).not.toMatch(/<script/iu)
  expect(html).not.toContain('\u202E')
  expect(html).toContain('&lt;script&gt;')
  const rows = comparisonMarkdown(comparison)
    .split('\n')
    .filter((line) => line.startsWith('|'))
  expect(new Set(rows.map((row) => row.replaceAll(/\\./gu, '').split('|').length)).size).toBe(1)
  const cells = (parse(comparisonCsv(comparison)) as string[][]).flat()
  expect(cells.filter((cell) => /^[=+@\t\r]/u.test(cell) || /^-\D/u.test(cell))).toEqual([])
})
