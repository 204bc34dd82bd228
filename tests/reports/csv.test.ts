import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { estimateCsv, exclusionCsv } from '../../reports/csv.ts'
import { figureCsv } from '../../reports/figure-csv.ts'
import { scoresPlot } from '../../reports/scores-plot.ts'
import { ablationTable, deltaTable, exclusionTable, mainTable } from '../../reports/tables.ts'
import { madeUp } from './estimates.ts'

type Line = Record<string, string>
const read = (text: string) => parse<Line>(text, { columns: true })

test('names that a spreadsheet would run as a formula begin with an apostrophe, negative numbers stay numbers', () => {
  const models = ["=cmd|' /C calc'!A0", '+1', '-2', '@SUM(A1)', '\tx', '\rx', 'a,"b"\nc']
  const estimates = madeUp({ models })
  const lines = read(estimateCsv(deltaTable(estimates), 'banner'))
  const names = new Set(lines.filter(({ scope }) => scope === 'model').map(({ model }) => model))
  expect(names).toEqual(new Set([...models.slice(0, 6).map((model) => `'${model}`), 'a,"b"\nc']))
  const values = lines.map(({ value }) => Number(value))
  expect(values.every(Number.isFinite)).toBe(true)
  expect(values.some((value) => value < 0)).toBe(true)
})

test('a reason that looks like a formula is guarded too', () => {
  const estimates = madeUp()
  const rows = [{ model: 'a', arm: 'full', measure: null, reason: '=1+1', count: 2 } as const]
  const [line] = read(exclusionCsv(exclusionTable({ ...estimates, exclusions: rows }), 'banner'))
  expect(line).toMatchObject({ reason: "'=1+1", count: '2', missing: 'whole trial' })
})

test('tables hold every estimate once at full precision with both intervals', () => {
  const estimates = madeUp()
  const lines = [mainTable, deltaTable, ablationTable].flatMap((table) => read(estimateCsv(table(estimates), 'banner')))
  const key = (parts: readonly unknown[]) => parts.join('|')
  const written = lines.map((l) =>
    key([l.estimand, l.measure, l.model, l.arm, l.value, l.cr2_low, l.cr2_high, l.bca_low, l.bca_high]),
  )
  const given = estimates.estimates.map((e) =>
    key([e.estimand, e.measure, e.model ?? '', e.arm, e.value, ...e.intervals.flatMap(({ low, high }) => [low, high])]),
  )
  expect(written.toSorted()).toEqual(given.toSorted())
})

test('every row of every CSV holds the banner, also when nothing is missing', () => {
  const estimates = { ...madeUp(), exclusions: [] }
  const figure = scoresPlot(estimates)
  if (figure.kind !== 'drawn') throw new Error('expected a drawn figure')
  const texts = [
    figureCsv(figure.rows, 'the banner'),
    estimateCsv(mainTable(estimates), 'the banner'),
    exclusionCsv(exclusionTable(estimates), 'the banner'),
  ]
  for (const text of texts) {
    const lines = read(text)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.every(({ data }) => data === 'the banner')).toBe(true)
  }
})

test('two estimates of the same thing are refused', () => {
  const estimates = madeUp()
  const twice = { ...estimates, estimates: [...estimates.estimates, ...estimates.estimates.slice(0, 1)] }
  expect(() => mainTable(twice)).toThrow('requires one estimate of each thing, got two of: mean, safety, alpha, full')
})
