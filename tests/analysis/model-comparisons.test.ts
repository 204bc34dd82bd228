import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ModelComparisons } from '../../analysis/estimate-models.ts'
import { compareModels } from '../../analysis/model-comparisons.ts'
import { signFlip } from '../../analysis/sign-flip.ts'
import type { Trial } from '../../analysis/trial.ts'
import type { Arm } from '../../cases/schema.ts'
import { madeTrials, type StudyCase, someCases, studyOf } from './model-study.ts'

const ARMS: Arm[] = ['full', 'no-image']
const MODELS = ['a', 'b', 'c']
const LENGTH = 40 * 3 * 2

function comparisons(trials: readonly Trial[], models: readonly string[] = MODELS): ModelComparisons {
  return ModelComparisons.parse(compareModels(studyOf(trials, models, ARMS)[0]))
}

const scores = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: LENGTH, maxLength: LENGTH })
const missing = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: LENGTH, maxLength: LENGTH })

function trialsOf(
  values: readonly number[],
  holes: readonly number[] = [],
  cases: readonly StudyCase[] = someCases(40),
): Trial[] {
  let place = 0
  return madeTrials(cases, MODELS, ARMS, () => {
    const i = place++
    return { score: holes[i] === 0 ? null : (values[i] as number) }
  })
}

/** Both null, or the first `sign` times the second but for rounding. */
function expectSame(actual: number | null | undefined, wanted: number | null | undefined, sign = 1): void {
  if (wanted === null || wanted === undefined) expect(actual).toBe(wanted)
  else expect(actual).toBeCloseTo(sign * wanted, 8)
}

describe('laws', () => {
  test('swapping two models’ names negates their pair and keeps its p, its Holm p and its ranks', () => {
    fc.assert(
      fc.property(scores, missing, (values, holes) => {
        const trials = trialsOf(values, holes)
        const swap = (model: string) => ({ a: 'b', b: 'a' })[model] ?? model
        const swapped = trials.map((trial) => ({ ...trial, model: swap(trial.model) }))
        const [one, two] = [comparisons(trials), comparisons(swapped)]
        const pair = (from: ModelComparisons) =>
          from.pairs.find((p) => p.measure === 'safety' && p.first === 'a' && p.second === 'b')
        const [x, y] = [pair(one), pair(two)]
        expectSame(y?.value, x?.value, -1)
        expectSame(y?.p, x?.p)
        expectSame(y?.pHolm, x?.pHolm)
        expectSame(y?.cliffsDelta, x?.cliffsDelta, -1)
        expect(y?.shareHigher).toBe(x?.shareLower)
        const ranks = (from: ModelComparisons, rename: (model: string) => string) =>
          Object.fromEntries((from.rankings[0]?.models ?? []).map((m) => [rename(m.model), m.meanRank.toFixed(8)]))
        expect(ranks(two, swap)).toEqual(ranks(one, (model) => model))
      }),
      { numRuns: 10 },
    )
  })

  test('a half point added to every score changes no pair, dominance, adjusted delta, contrast or rank', () => {
    fc.assert(
      fc.property(scores, (values) => {
        const [one, two] = [comparisons(trialsOf(values)), comparisons(trialsOf(values.map((value) => value + 0.5)))]
        for (const [i, pair] of one.pairs.entries()) {
          expectSame(two.pairs[i]?.value, pair.value)
          expectSame(two.pairs[i]?.cliffsDelta, pair.cliffsDelta)
        }
        expect(two.dominance.map((r) => r.cliffsDelta)).toEqual(one.dominance.map((r) => r.cliffsDelta))
        for (const [i, row] of one.adjusted.entries()) expectSame(two.adjusted[i]?.value, row.value)
        for (const [i, row] of one.contrasts.entries()) expectSame(two.contrasts[i]?.value, row.value)
        expect(two.rankings.map((r) => r.models.map((m) => m.meanRank))).toEqual(
          one.rankings.map((r) => r.models.map((m) => m.meanRank)),
        )
      }),
      { numRuns: 10 },
    )
  })

  test('not malignant in place of malignant negates dominance and adjusted delta', () => {
    fc.assert(
      fc.property(scores, (values) => {
        const flipped = someCases(40).map((one) => ({ ...one, malignant: !one.malignant }))
        const [one, two] = [comparisons(trialsOf(values)), comparisons(trialsOf(values, [], flipped))]
        for (const [i, row] of one.dominance.entries()) {
          if (row.flag !== 'malignant') continue
          expectSame(two.dominance[i]?.cliffsDelta, row.cliffsDelta, -1)
          expectSame(two.dominance[i]?.standardError, row.standardError)
        }
        for (const [i, row] of one.adjusted.entries()) {
          const sign = row.flag === 'malignant' ? -1 : 1
          expectSame(two.adjusted[i]?.value, row.value, sign)
          expectSame(two.adjusted[i]?.standardError, row.standardError)
        }
      }),
      { numRuns: 10 },
    )
  })

  test('the same study twice gives the same bytes', () => {
    const trials = trialsOf(Array.from({ length: LENGTH }, (_, i) => 1 + ((i * 7) % 5)))
    expect(JSON.stringify(comparisons(trials))).toBe(JSON.stringify(comparisons(trials)))
  })
})

describe('what the data do not allow', () => {
  test('two copies of one model differ by 0 with no spread: no p, no place in the family, and never separated', () => {
    const trials = madeTrials(someCases(40), MODELS, ARMS, (one, model) => ({
      score: 1 + ((Number(one.caseId.slice(1)) * (model === 'c' ? 3 : 2)) % 5),
    }))
    const found = comparisons(trials)
    const pair = found.pairs.find((p) => p.measure === 'safety' && p.first === 'a' && p.second === 'b')
    expect(pair).toMatchObject({ value: 0, p: null, pHolm: null, dz: null, nTests: 2 })
    expect(pair?.reason).toContain('no spread')
    expect(found.rankings[0]?.models.find(({ model }) => model === 'a')?.notSeparable).toContain('b')
    const [a, b] = ['a', 'b'].map((name) => found.rankings[0]?.models.find(({ model }) => model === name))
    expect(a?.meanRank).toBe(b?.meanRank)
  })

  test('on 8 images there is no interval and no p, but the exact sign flip of the images’ sums', () => {
    const trials = madeTrials(someCases(16), MODELS, ARMS, (one, model) => ({
      score: 1 + ((Number(one.caseId.slice(1)) * MODELS.indexOf(model)) % 5),
    }))
    const pair = comparisons(trials).pairs.find((p) => p.first === 'a' && p.second === 'c')
    expect(pair).toMatchObject({ interval: null, p: null, pHolm: null, nTests: 0, exploratory: true, nImages: 8 })
    expect(pair?.reason).toContain('fewer than 15 effective images')
    const sums = Array.from({ length: 8 }, (_, image) => -((image * 4) % 5) - ((image * 4 + 2) % 5))
    expect(pair?.permutation).toEqual(signFlip(sums, { draws: 1, seed: 1 }))
  })

  test('from 20 images on there is no sign flip', () => {
    const pair = comparisons(trialsOf(Array.from({ length: LENGTH }, (_, i) => 1 + ((i * 7) % 5)))).pairs[0]
    expect(pair).toMatchObject({ nImages: 20, permutation: null })
  })

  test('one model has no pair, and ranks first alone', () => {
    const trials = madeTrials(someCases(40), ['a'], ARMS, () => ({ score: 3 }))
    const found = comparisons(trials, ['a'])
    expect(found.pairs).toEqual([])
    expect(found.rankings[0]?.models).toMatchObject([{ model: 'a', rank: 1, pBest: 1, low: 1, high: 1 }])
    expect(found.rankings[0]?.groups).toEqual([['a']])
  })

  test('a measure that no model has gives rows with a reason and no number', () => {
    const trials = madeTrials(someCases(40), MODELS, ARMS, () => ({ score: null }))
    const found = comparisons(trials)
    for (const row of [...found.pairs, ...found.adjusted, ...found.contrasts, ...found.interactions, ...found.sensitivity]) {
      expect(row.value).toBeNull()
      expect(row.reason).toBeTruthy()
    }
    for (const row of found.dominance) expect(row).toMatchObject({ cliffsDelta: null, interval: null, nCases: 0 })
    for (const row of found.rankings) expect(row).toMatchObject({ models: [], reason: 'no case has a score of every model' })
  })
})

describe('strata', () => {
  test('unknown rarity is a class of its own, in the counts and in the adjusted delta', () => {
    // Rarity unknown on every fifth image, where scores are one point higher: they must not pull the common cases up.
    const cases = someCases(120).map((one) => (Number(one.image.slice(1)) % 5 === 0 ? { ...one, rare: null } : one))
    const score = ({ malignant, rare, caseId }: StudyCase) =>
      3 -
      (malignant ? 0.5 : 0) -
      (rare === true ? 0.25 : 0) +
      (rare === null ? 1 : 0) +
      (Number(caseId.slice(1)) % 2 === 0 ? 0.1 : -0.1)
    const found = comparisons(madeTrials(cases, MODELS, ARMS, (one) => ({ score: score(one) })))
    const row = (flag: string) => found.adjusted.find((r) => r.flag === flag && r.model === 'a' && r.measure === 'safety')
    expect(row('malignant')?.value).toBeCloseTo(-0.5, 9)
    expect(row('rare')?.value).toBeCloseTo(-0.25, 9)
    expect(row('rare')).toMatchObject({ adjustedFor: 'malignant', nCases: 120, nImages: 60 })
    expect(row('rare')?.nGroups).toEqual({
      flagged: cases.filter(({ rare }) => rare === true).length,
      unflagged: cases.filter(({ rare }) => rare === false).length,
    })
    const unknown = found.strata.filter(({ rarity }) => rarity === 'unknown')
    expect(unknown.reduce((sum, { nCases }) => sum + nCases, 0)).toBe(cases.filter(({ rare }) => rare === null).length)
    expect(unknown.reduce((sum, { nImages }) => sum + nImages, 0)).toBe(12)
  })

  test('an image with cases on both sides, and flags that always go together, give no interval or no number', () => {
    const mixed = someCases(40).map((one, i) => ({ ...one, malignant: i % 2 === 0 }))
    for (const row of comparisons(trialsOf(new Array(LENGTH).fill(3), [], mixed)).dominance.filter((r) => r.flag === 'malignant'))
      expect(row).toMatchObject({ interval: null, reason: 'an image has cases in both groups: no closed form, no interval' })
    const tied = someCases(40).map((one) => ({ ...one, rare: one.malignant }))
    for (const row of comparisons(trialsOf(new Array(LENGTH).fill(3), [], tied)).adjusted) {
      expect(row.value).toBeNull()
      expect(row.reason).toContain('depend on each other')
    }
  })
})
