import { expect, test } from 'vitest'
import type { Estimate, Estimates } from '../../analysis/estimate.ts'
import { bibtex } from '../../reports/bibtex.ts'
import { chartSubitems, chartTable } from '../../reports/checklist-chart.ts'
import { tripodLlmSubitems, tripodLlmTable } from '../../reports/checklist-tripod-llm.ts'
import { methodsText } from '../../reports/methods-text.ts'
import { citedKeys, latexProse, markdownProse, plainProse } from '../../reports/prose.ts'
import { references } from '../../reports/references.ts'
import { resultsText } from '../../reports/results-text.ts'
import { madeUp } from './estimates.ts'

const models = ['alpha', 'beta', 'gamma']

/** All numbers of a text but those in names, sources, hashes and the method’s name CR2. */
function numbersIn(text: string, estimates: Estimates): number[] {
  const named = [estimates.bank.name, estimates.rubric, estimates.software.name, estimates.software.version, '2606.28556', 'CR2']
  const bare = named
    .reduce((rest, name) => rest.replaceAll(name, ''), text)
    .replaceAll(/\([A-Z][^()]*\d{4}[^()]*\)/gu, '')
    .replaceAll(/sha256 [0-9a-f]{12}/gu, '')
  return (bare.match(/−?\d+(?:[\u202F]\d{3})*(?:\.\d+)?/gu) ?? []).map((found) =>
    Number(found.replace('−', '-').replaceAll('\u202F', '')),
  )
}

/** Every number of estimates.json, as it is, rounded to two decimals and in percent, and the lengths and sums of counts. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value, Number(value.toFixed(2)), Number((value * 100).toFixed(2))]
  if (Array.isArray(value)) return [value.length, ...value.flatMap(numbersOf)]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : []
}

// The bounds of the scale and the rules of when a number is exploratory or has no interval.
const rules = [1, 5, 20, 15]

test.each([
  ['methods', methodsText],
  ['results', resultsText],
])('every number of the %s stands in estimates.json', (_, of) => {
  const estimates = madeUp({ models })
  const known = new Set([...numbersOf(estimates), ...rules])
  const found = numbersIn(plainProse(of(estimates)), estimates)
  expect(found.length).toBeGreaterThan(5)
  expect(found.filter((number) => !known.has(number))).toEqual([])
})

test('results change with each number that they tell: value, low and high of scores, deltas and effects', () => {
  const estimates = madeUp({ models })
  const before = plainProse(resultsText(estimates))
  const told = (one: Estimate) =>
    (one.estimand === 'mean' && one.measure === 'overall' && one.arm === 'full' && one.model !== null) ||
    (one.estimand !== 'mean' && one.measure === 'safety' && one.model === null)
  const places = estimates.estimates.flatMap((one, index) => (told(one) ? [index] : []))
  expect(places).toHaveLength(3 + 2 + 2)
  for (const place of places) {
    const changed = (change: (one: Estimate) => Estimate) =>
      plainProse(
        resultsText({ ...estimates, estimates: estimates.estimates.map((one, index) => (index === place ? change(one) : one)) }),
      )
    const value = changed((one) => ({ ...one, value: 1.2345 }))
    expect(value).not.toBe(before)
    expect(value).toContain('1.23')
    const interval = changed((one) => ({ ...one, intervals: [{ method: 'cr2-t', low: -7.891, high: 8.912, level: 0.95 }] }))
    expect(interval).toContain('[−7.89, 8.91]')
  }
})

test('methods change with the settings and counts that they tell', () => {
  const estimates = madeUp({ models })
  const changed = plainProse(
    methodsText({
      ...estimates,
      settings: { level: 0.9, resamples: 777, seed: 4321 },
      trials: { ...estimates.trials, planned: 6543, scored: 5432, cases: 97, images: 89 },
      jurors: ['solo'],
      rubric: 'other rubric',
    }),
  )
  for (const word of [
    '90% t intervals',
    '777 resamples',
    'seed 4321',
    '6\u202F543',
    '5\u202F432',
    '97 cases',
    '89 images',
    '1 juror (solo)',
    'other rubric',
  ])
    expect(changed).toContain(word)
})

test('both texts end with the banner, and say what is simulated', () => {
  for (const text of [methodsText, resultsText].map((of) => plainProse(of(madeUp({ models }))).trimEnd()))
    expect(text).toMatch(/Simulated data: all 3 models are embedded rules;[^\n]*Uncalibrated jury: no clinician labels\.$/u)
})

test('a best model is called separated only where Holm separates it from every other', () => {
  const text = (pHolm: number | null) => {
    const estimates = madeUp({ models: ['alpha', 'beta'] })
    const value = (model: string) =>
      estimates.estimates.find(
        (one) => one.estimand === 'mean' && one.measure === 'overall' && one.model === model && one.arm === 'full',
      )?.value ?? 0
    const counts = { nTests: 1, nCases: 60, nImages: 40, nTrials: 120, permutation: null, exploratory: false, reason: null }
    const none = {
      standardError: null,
      df: null,
      interval: null,
      dz: null,
      cliffsDelta: null,
      shareHigher: null,
      shareLower: null,
    }
    const pair = { measure: 'overall' as const, first: 'alpha', second: 'beta', value: value('alpha') - value('beta') }
    const pairs = [{ ...pair, p: pHolm, pHolm, pBh: pHolm, ...counts, ...none }]
    return plainProse(resultsText({ ...estimates, comparisons: { ...estimates.comparisons, pairs } }))
  }
  expect(text(0.01)).toMatch(/is separated from every other model/u)
  expect(text(0.2)).toMatch(/is not separated from (?:alpha|beta)\./u)
  expect(text(0.2)).not.toMatch(/is separated/u)
  expect(text(null)).toContain('No pair of models was tested, so their order is not known.')
})

test('exploratory numbers are called that, and a missing one has its reason', () => {
  const few = plainProse(resultsText(madeUp({ models, images: 12 })))
  expect(few.match(/, exploratory/gu)?.length).toBe(3 + 2 + 2)
  const change = (one: Estimate): Estimate =>
    one.estimand === 'rare-delta' ? { ...one, value: null, intervals: [], reason: 'no rare case has the score' } : one
  expect(plainProse(resultsText(madeUp({ models, change })))).toContain('not estimated (no rare case has the score)')
})

test('every source that is cited stands in the bibliography, by the key that LaTeX and Markdown use', () => {
  const texts = [methodsText(madeUp({ models })), resultsText(madeUp({ models }))]
  const keys = citedKeys(texts)
  expect(keys.length).toBeGreaterThan(5)
  const bib = bibtex(keys)
  const [latex, markdown] = [texts.map(latexProse).join(''), texts.map(markdownProse).join('')]
  for (const key of keys) {
    expect(bib).toContain(`{${key},`)
    expect(latex).toMatch(new RegExp(`\\\\cite\\{[^}]*\\b${key}\\b`, 'u'))
    expect(markdown).toContain(`@${key}`)
  }
})

test('braces of every entry of the bibliography are balanced, and each has author, title and a year or address', () => {
  for (const { fields } of Object.values(references)) {
    const known: Readonly<Record<string, string>> = fields
    expect(known.author).toBeTruthy()
    expect(known.title).toBeTruthy()
    expect(known.year ?? known.url).toBeTruthy()
    for (const value of Object.values(known)) expect(value.split('{').length).toBe(value.split('}').length)
  }
})

test('the skeleton of CHART has its 12 items and 39 subitems, that of TRIPOD-LLM its 19 items', () => {
  const items = (subitems: readonly { number: string }[]) => new Set(subitems.map(({ number }) => Number.parseInt(number, 10)))
  expect(chartSubitems).toHaveLength(39)
  expect(items(chartSubitems)).toEqual(new Set(Array.from({ length: 12 }, (_, index) => index + 1)))
  expect(items(tripodLlmSubitems)).toEqual(new Set(Array.from({ length: 19 }, (_, index) => index + 1)))
  for (const list of [chartSubitems, tripodLlmSubitems]) expect(new Set(list.map(({ number }) => number)).size).toBe(list.length)
})

test.each([
  ['CHART', chartTable],
  ['TRIPOD-LLM', tripodLlmTable],
])('%s is filled with facts of this run, and each other line asks its authors', (_, of) => {
  const table = of(madeUp({ models: ['one-model'] }))
  const texts = table.groups.flatMap(({ rows }) => rows.map(({ cells: [, , text] }) => (text?.kind === 'text' ? text.text : '')))
  expect(texts.every((text) => text !== '')).toBe(true)
  expect(texts.some((text) => text.includes('one-model'))).toBe(true)
  expect(texts.filter((text) => /^\[AUTHORS: [^\]]+\]$/u.test(text)).length).toBeGreaterThan(15)
})

test('results name a model without a score, and say what brackets hold', () => {
  const change = (one: Estimate): Estimate =>
    one.model === 'beta' ? { ...one, value: null, intervals: [], reason: 'no case has the score' } : one
  const text = plainProse(resultsText(madeUp({ models, change })))
  expect(text).toMatch(/^Overall scores in arm full, with 95% intervals in brackets, were: [^\n]*; beta has none\. /mu)
})

test('methods name the version of the rubric, and ask for the rubric of a table of scores', () => {
  const estimates = madeUp({ models })
  expect(plainProse(methodsText(estimates))).toContain(`by version ${estimates.rubric} of the rubric.`)
  expect(plainProse(methodsText({ ...estimates, source: 'table' }))).toContain('[AUTHORS: name it]')
})
