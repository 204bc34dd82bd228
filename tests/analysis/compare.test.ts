import { expect, test } from 'vitest'
import { analyzeTable } from '../../analysis/analyze.ts'
import { type ComparedRun, compareRuns } from '../../analysis/compare.ts'
import { Comparison } from '../../analysis/comparison.ts'
import { readTrials } from '../../analysis/read-trials.ts'
import { readScores } from '../../analysis/scores-csv.ts'
import { trialsCsv } from '../../analysis/trials-csv.ts'
import { madeUp } from '../reports/estimates.ts'

type Rate = (caseIndex: number, model: string) => number

/** A run of a table of ratings, its trials read back from the CSV that analysis writes. */
function run(rate: Rate, models = ['a', 'b'], cases = 24, image = (index: number) => `i${index}`): ComparedRun {
  const lines = Array.from({ length: cases }, (_, index) =>
    models.flatMap((model) =>
      ['safety', 'accuracy', 'uncertainty'].map(
        (dimension) =>
          `c${index},${image(index)},${index % 3 === 0 ? 1 : 0},${index % 4 === 0 ? 1 : 0},${model},full,${dimension},j,${rate(index, model)}`,
      ),
    ),
  ).flat()
  const text = ['case,image,malignant,rare,model,condition,dimension,juror,score', ...lines].join('\n')
  const { estimates, trials } = analyzeTable(readScores(text, 'scores.csv'), 'scores.csv', {
    level: 0.95,
    resamples: 50,
    seed: 1,
  })
  return { estimates, trials: readTrials(trialsCsv(trials), 'trials.csv') }
}

const plain: Rate = (index) => 2 + (index % 3)
const better: Rate = (index, model) => (model === 'a' ? 2 + (index % 3) + (index % 2 === 0 ? 1 : 0) : 2 + (index % 3))

function find(comparison: Comparison, estimand: string, model: string | null) {
  const row = comparison.rows.find((one) => one.estimand === estimand && one.measure === 'safety' && one.model === model)
  if (row === undefined) throw new Error(`expected a row of ${estimand}, ${model}`)
  return row.difference
}

test('a run against itself differs by zero everywhere', () => {
  const one = run(plain)
  const comparison = Comparison.parse(compareRuns(one, one))
  expect(comparison.differences).toEqual([])
  const values = comparison.rows.filter(({ first }) => first?.value !== null).map(({ difference }) => difference.value)
  expect(values.length).toBeGreaterThan(0)
  expect(values.every((value) => value === 0)).toBe(true)
})

test('the difference is second minus first by case, with the standard error of a paired t test where each case has its own image', () => {
  // Every second of 24 cases is better by one: mean 0.5, sd = sqrt(24 * 0.25 / 23), se = sd / sqrt(24) = 0.104257; t(23, 0.975) = 2.068658.
  const { value, standardError, df, low, high, nCases, nImages } = find(compareRuns(run(plain), run(better)), 'mean', 'a')
  expect({ value, nCases, nImages }).toEqual({ value: 0.5, nCases: 24, nImages: 24 })
  expect(standardError).toBeCloseTo(0.104257, 6)
  expect(df).toBeCloseTo(23, 9)
  expect(low).toBeCloseTo(0.5 - 2.068658 * 0.104257, 5)
  expect(high).toBeCloseTo(0.5 + 2.068658 * 0.104257, 5)
})

test('Student’s sleep data give the standard error that R prints: t = -4.0621, df = 9, mean of the differences -1.58', () => {
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
  const of = (values: readonly number[]): ComparedRun => {
    const [trial] = readTrials(
      'case,image,malignant,rare,model,arm,repeat,safety,accuracy,uncertainty,overall,missing\nc,i,,,m,full,0,1,1,1,1,\n',
      't',
    )
    if (trial === undefined) throw new Error('expected a trial')
    const trials = values.map((value, i) => ({
      ...trial,
      caseId: `c${i}`,
      image: `i${i}`,
      scores: { ...trial.scores, safety: { value, missing: null } },
    }))
    return { estimates: madeUp({ models: ['m'], arms: ['full'] }), trials }
  }
  const { value, standardError, df, low, reason } = find(compareRuns(of(second), of(first)), 'mean', 'm')
  expect(value).toBeCloseTo(-1.58, 10)
  expect((value ?? 0) / (standardError ?? 1)).toBeCloseTo(-4.0621, 4)
  expect(df).toBeCloseTo(9, 9)
  expect(low).toBeNull()
  expect(reason).toContain('fewer than 15 effective images')
})

test('exchanging the runs turns every sign', () => {
  const [there, back] = [compareRuns(run(plain), run(better)), compareRuns(run(better), run(plain))]
  const signs = (comparison: Comparison, sign: number) =>
    comparison.rows.map(({ difference: { value } }) => (value === null || value === 0 ? value : sign * value))
  expect(signs(there, 1)).toEqual(signs(back, -1))
})

test('a delta is compared as the difference of deltas', () => {
  // Malignant are the indices 0, 3, 6, …: half of these 8 are even, and so are half of the 16 others: both rise by 0.5.
  const { value } = find(compareRuns(run(plain), run(better)), 'malignant-delta', 'a')
  expect(value).toBeCloseTo(0, 12)
  // Rare are 0, 4, 8, …: all 6 are even and rise by 1; of the 18 others 6 do: 1 - 1/3.
  expect(find(compareRuns(run(plain), run(better)), 'rare-delta', 'a').value).toBeCloseTo(2 / 3, 12)
})

test('averages of other models are not compared, nor a model that one run lacks', () => {
  const comparison = compareRuns(run(plain), run(plain, ['a', 'z']))
  expect(find(comparison, 'mean', null).reason).toContain('other models')
  expect(find(comparison, 'mean', 'b')).toMatchObject({ value: null, reason: 'only one of the runs has an estimate of this' })
  expect(find(comparison, 'mean', 'z').value).toBeNull()
  expect(find(comparison, 'mean', 'a').value).toBe(0)
})

test('cases on another image are left out of the differences and counted', () => {
  const moved = run(plain, ['a', 'b'], 24, (index) => (index < 3 ? `other${index}` : `i${index}`))
  const comparison = compareRuns(run(plain), moved)
  expect(comparison.casesOnOtherImage).toBe(3)
  expect(find(comparison, 'mean', 'a').nCases).toBe(21)
})

test('another bank refuses every difference, another jury only marks them', () => {
  const [estimates, trials] = [madeUp({ models: ['a', 'b'], arms: ['full'] }), run(plain).trials]
  const bank = { ...estimates, bank: { ...estimates.bank, sha256: '1'.repeat(64) } }
  const refused = compareRuns({ estimates, trials }, { estimates: bank, trials })
  expect(refused.differences).toMatchObject([{ what: 'bank', refuses: true }])
  expect(refused.rows.every(({ difference }) => difference.value === null)).toBe(true)
  const jury = { ...estimates, jurors: ['x'], rubric: 'other' }
  const marked = compareRuns({ estimates, trials }, { estimates: jury, trials })
  expect(marked.differences.map(({ what, refuses }) => [what, refuses])).toEqual([
    ['jurors', false],
    ['rubric', false],
  ])
  expect(find(marked, 'mean', 'a').value).toBe(0)
})

test('without trials the numbers stand side by side and say why there is no difference', () => {
  const one = run(plain)
  const comparison = compareRuns(one, { ...one, trials: { missing: 'there is no trials.csv' } })
  expect(comparison.rows[0]?.first?.value).toBe(comparison.rows[0]?.second?.value)
  expect(new Set(comparison.rows.map(({ difference }) => difference.reason))).toEqual(new Set(['there is no trials.csv']))
})

test('trials.csv is read back as it was written, names that look like formulas too', () => {
  const { trials } = run(plain, ['=cmd|x', '@b', "'c"])
  if ('missing' in trials) throw new Error('expected trials')
  expect(new Set(trials.map(({ model }) => model))).toEqual(new Set(['=cmd|x', '@b', "'c"]))
})

test.each([
  ['a score out of range', 'c,i,1,0,m,full,0,6,1,1,1,', 'trials.csv row 2 requires a trial'],
  ['a blank repeat', 'c,i,1,0,m,full,,1,1,1,1,', 'repeat'],
  ['an unknown arm', 'c,i,1,0,m,half,0,1,1,1,1,', 'arm'],
  ['too few cells', 'c,i,1', 'trials.csv requires a table'],
  ['a trial twice', 'c,i,1,0,m,full,0,1,1,1,1,\nc,i,1,0,m,full,0,2,1,1,1,', 'row 3 requires each trial once'],
])('trials.csv with %s is refused', (_, lines, message) => {
  const head = 'case,image,malignant,rare,model,arm,repeat,safety,accuracy,uncertainty,overall,missing'
  expect(() => readTrials(`${head}\n${lines}\n`, 'trials.csv')).toThrow(message)
})
