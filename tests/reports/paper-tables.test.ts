import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import type { Estimate, Estimates } from '../../analysis/estimate.ts'
import { paperFiles, paperTables } from '../../reports/paper-files.ts'
import type { Cell, PaperTable } from '../../reports/paper-table.ts'
import { standings } from '../../reports/separable.ts'
import { deltasPaperTable, scoresPaperTable } from '../../reports/tables-estimates.ts'
import { madeUp, withoutEstimate } from './estimates.ts'
import { hostileNames } from './hostile.ts'

const scores = { alpha: 4, beta: 3, gamma: 2 }

/** Estimates whose models differ as `scores` on every measure; `p` after Holm of each pair, as in `alpha beta`. */
function ranked(p: Readonly<Record<string, number>>, means: Readonly<Record<string, number>> = scores): Estimates {
  const change = (one: Estimate): Estimate =>
    one.estimand === 'mean' && one.model !== null ? { ...one, value: means[one.model] ?? 1 } : one
  const estimates = madeUp({ models: Object.keys(means), change })
  const pairs = Object.entries(p).map(([names, pHolm]) => {
    const [first = '', second = ''] = names.split(' ')
    const value = (means[first] ?? 0) - (means[second] ?? 0)
    const counts = { nTests: 3, nCases: 60, nImages: 40, nTrials: 120 }
    const none = {
      standardError: null,
      df: null,
      interval: null,
      dz: null,
      cliffsDelta: null,
      shareHigher: null,
      shareLower: null,
    }
    return {
      ...{ measure: 'overall' as const, first, second, value, p: pHolm, pHolm, pBh: pHolm },
      ...{ ...counts, ...none, permutation: null, exploratory: false, reason: null },
    }
  })
  return { ...estimates, comparisons: { ...estimates.comparisons, pairs } }
}

function marks(table: ReturnType<typeof scoresPaperTable>): { text: string; bold: boolean; dagger: boolean }[] {
  if (table.kind !== 'table') throw new Error('expected a table')
  const [full] = table.groups
  return (full?.rows ?? []).flatMap(({ cells: [name, first] }) =>
    name?.kind === 'text' && first?.kind === 'estimate' ? [{ text: name.text, bold: first.bold, dagger: first.dagger }] : [],
  )
}

test('the best model is bold where Holm separates it from all others, and those have daggers', () => {
  expect(marks(scoresPaperTable(ranked({ 'alpha beta': 0.01, 'alpha gamma': 0.001, 'beta gamma': 0.3 })))).toEqual([
    { text: 'alpha', bold: true, dagger: false },
    { text: 'beta', bold: false, dagger: true },
    { text: 'gamma', bold: false, dagger: true },
    { text: 'Average of models', bold: false, dagger: false },
  ])
})

test('nothing is bold where one other model is not separated', () => {
  const found = marks(scoresPaperTable(ranked({ 'beta alpha': 0.2, 'gamma alpha': 0.001, 'beta gamma': 0.3 })))
  expect(found.map(({ bold, dagger }) => [bold, dagger])).toEqual([
    [false, false],
    [false, false],
    [false, true],
    [false, false],
  ])
})

test('nothing is bold with equal best means, with one model, or without tested pairs', () => {
  const equal = ranked({ 'alpha gamma': 0.001, 'beta gamma': 0.001 }, { alpha: 4, beta: 4, gamma: 2 })
  expect([...standings(equal, 'overall').values()].every(({ best, worse }) => !best && !worse)).toBe(true)
  expect(marks(scoresPaperTable(ranked({}, { alpha: 4 }))).some(({ bold }) => bold)).toBe(false)
  expect(marks(scoresPaperTable(ranked({}))).some(({ bold, dagger }) => bold || dagger)).toBe(false)
})

test('other arms have no bold and no dagger, as their order is not tested', () => {
  const table = scoresPaperTable(ranked({ 'alpha beta': 0.01, 'alpha gamma': 0.001 }))
  if (table.kind !== 'table') throw new Error('expected a table')
  const cells = table.groups.slice(1).flatMap(({ rows }) => rows.flatMap(({ cells: of }) => of))
  expect(cells.length).toBeGreaterThan(0)
  expect(cells.some((cell) => cell.kind === 'estimate' && (cell.bold || cell.dagger))).toBe(false)
})

test('an exploratory delta has no dagger however small its p', () => {
  const change = (one: Estimate): Estimate => (one.estimand === 'mean' ? one : { ...one, value: -2, standardError: 0.1 })
  const dagger = (estimates: Estimates) => {
    const table = deltasPaperTable(estimates)
    if (table.kind !== 'table') throw new Error('expected a table')
    return table.groups
      .flatMap(({ rows }) => rows.flatMap(({ cells }) => cells))
      .filter((cell) => cell.kind === 'estimate' && cell.dagger).length
  }
  expect(dagger(madeUp({ change }))).toBeGreaterThan(0)
  expect(dagger(madeUp({ change, images: 12 }))).toBe(0)
})

test('a missing estimate is words and a note, never a number', () => {
  const change = (one: Estimate): Estimate => (one.model === 'beta' ? withoutEstimate(one, 'no case has it') : one)
  const table = scoresPaperTable(madeUp({ change }))
  if (table.kind !== 'table') throw new Error('expected a table')
  const row = table.groups[0]?.rows.find(({ cells: [name] }) => name?.kind === 'text' && name.text === 'beta')
  const estimates = (row?.cells ?? []).filter((cell): cell is Extract<Cell, { kind: 'estimate' }> => cell.kind === 'estimate')
  expect(estimates.map(({ value }) => value)).toEqual([null, null, null, null])
  const [mark] = estimates[0]?.marks ?? []
  expect(table.notes.find((note) => note.mark === mark)?.text).toBe('no case has it')
})

test('the banner stands with every table and in every file but the bibliography', () => {
  const estimates = madeUp()
  const banner = 'Simulated data: all 3 models are embedded rules'
  expect(paperTables(estimates).every(({ data }) => data.startsWith(banner))).toBe(true)
  const files = paperFiles(estimates).filter(([file, text]) => text !== null && !file.endsWith('.bib') && file !== 'minimal.tex')
  expect(files.length).toBeGreaterThan(20)
  for (const [file, text] of files) expect(text, file).toContain(banner)
})

test('equal estimates give equal files', () => {
  expect(paperFiles(madeUp())).toEqual(paperFiles(structuredClone(madeUp())))
})

test('no text of a CSV begins like a formula, whatever the names', () => {
  const estimates = madeUp({ models: hostileNames })
  const csvs = paperFiles(estimates).flatMap(([file, text]) => (file.endsWith('.csv') && text !== null ? [text] : []))
  const cells = csvs.flatMap((text) => parse(text) as string[][]).flat()
  expect(cells.filter((cell) => /^[=+@\t\r]/u.test(cell) || /^-\D/u.test(cell))).toEqual([])
})

test('one model, an empty stratum, no scores and 40 models give tables that hold every model', () => {
  const none = (one: Estimate) => withoutEstimate(one, 'nothing')
  const forty = Array.from({ length: 40 }, (_, index) => `m${index}`)
  for (const options of [{ models: ['one'] }, { models: ['a', 'b'], change: none }, { models: forty }]) {
    const [table] = paperTables(madeUp(options)) as [PaperTable]
    const names = table.groups[0]?.rows.map(({ cells: [name] }) => (name?.kind === 'text' ? name.text : ''))
    expect(new Set(names)).toEqual(new Set([...options.models, 'Average of models']))
  }
})

test('a table without any interval says so in its caption, and no note ends in two stops', () => {
  const change = (one: Estimate): Estimate => ({ ...one, intervals: [], reason: 'too few images' })
  const table = scoresPaperTable(madeUp({ change, images: 8 }))
  if (table.kind !== 'table') throw new Error('expected a table')
  expect(table.caption).toContain('without intervals')
  expect(table.caption).not.toContain('CR2')
  for (const [file, text] of paperFiles(madeUp({ change, images: 8 }))) expect(text ?? '', file).not.toMatch(/[a-z]\.\.(?!\.)/u)
})
