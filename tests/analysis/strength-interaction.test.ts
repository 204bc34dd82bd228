import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, test } from 'vitest'
import { StrengthInteraction } from '../../analysis/estimate-models.ts'
import { relateStrength } from '../../analysis/strength-interaction.ts'
import { slopeOf, slopeWeights } from '../../analysis/strength-slope.ts'
import { madeTrials, someCases, studyOf } from './model-study.ts'

const MODELS = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6']

/** Scores of models of which each is better by `gain` than the one before, noise of ±1.5 in each trial, and `lost` points without the image for model m. */
function simulated(seed: number, count: number, lost: (m: number) => number, gain = 0.04) {
  const stream = xoroshiro128plus(seed)
  const noise = () => uniformInt(stream, -1500, 1500) / 1000
  const cases = someCases(count)
  const trials = madeTrials(cases, MODELS, ['full', 'no-image'], (_, model, arm) => {
    const m = MODELS.indexOf(model)
    return { score: 3 + gain * m + noise() - (arm === 'full' ? 0 : lost(m)) }
  })
  return relateStrength(...studyOf(trials, MODELS, ['full', 'no-image'])).filter(({ measure }) => measure === 'safety')
}

describe('the interaction with model strength', () => {
  test('where no model loses more than another, the naive slope is far above 0 on average and the unbiased two are not', () => {
    const runs = Array.from({ length: 60 }, (_, seed) => simulated(seed + 1, 40, () => 0.3))
    const slopes = (method: string) => runs.map((rows) => rows.find((row) => row.method === method)?.value as number)
    const summary = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
      return { mean, error: sd / Math.sqrt(values.length) }
    }
    const [naive, oldham, crossed] = ['naive', 'oldham', 'cross-fit'].map((method) => summary(slopes(method))) as [
      { mean: number; error: number },
      { mean: number; error: number },
      { mean: number; error: number },
    ]
    expect(naive.mean).toBeGreaterThan(6 * naive.error)
    expect(Math.abs(oldham.mean)).toBeLessThan(3.5 * oldham.error)
    expect(Math.abs(crossed.mean)).toBeLessThan(3.5 * crossed.error)
  })

  test('where strong models do lose more, all three see it, and Oldham’s p is small', () => {
    const rows = simulated(5, 400, (m) => 0.15 * m, 0.2)
    for (const row of rows) {
      expect(row.value).toBeGreaterThan(0)
      expect(row.interval?.low).toBeGreaterThan(0)
      expect(StrengthInteraction.parse(row)).toEqual(row)
    }
    expect(rows.find(({ method }) => method === 'oldham')?.p).toBeLessThan(0.001)
  })

  test('only the naive method is called biased, and it alone takes the overall score as strength', () => {
    const rows = simulated(2, 40, () => 0)
    expect(rows.map(({ method, biased }) => [method, biased])).toEqual([
      ['oldham', false],
      ['cross-fit', false],
      ['naive', true],
    ])
  })

  test('a leak in one trial refuses every method, and two models are too few', () => {
    const cases = someCases(40)
    const leaky = madeTrials(cases, MODELS, ['full', 'no-image'], (one, model, arm) => ({
      score: 3,
      ...(one.caseId === 'c007' && model === 'm2' && arm === 'no-image' ? { contradiction: 'an image was sent' } : {}),
    }))
    for (const row of relateStrength(...studyOf(leaky, MODELS, ['full', 'no-image'])))
      expect(row).toMatchObject({
        value: null,
        interval: null,
        permutation: null,
        reason: 'refused: payload proofs of m2 contradict the arm no-image',
      })
    const two = madeTrials(cases, ['a', 'b'], ['full', 'no-ehr'], (_, model) => ({ score: model === 'a' ? 2 : 3 }))
    for (const row of relateStrength(...studyOf(two, ['a', 'b'], ['full', 'no-ehr'])))
      expect(row).toMatchObject({ value: null, reason: 'a slope over models needs at least 3 models' })
  })

  test('models of equal strength give no slope but a reason', () => {
    const trials = madeTrials(someCases(40), MODELS, ['full', 'no-image'], () => ({ score: 3 }))
    for (const row of relateStrength(...studyOf(trials, MODELS, ['full', 'no-image']))) {
      expect(row.value).toBeNull()
      expect(row.reason).toContain('do not differ in strength')
    }
  })
})

test('slope weights give the slope of a line exactly, also without one of its points, and none for equal strengths', () => {
  const x = [1, 2, 4, 8]
  const y = x.map((value) => 3 - 0.5 * value)
  for (const left of [null, 0, 3]) expect(slopeOf(slopeWeights(x, left) as number[], y)).toBeCloseTo(-0.5, 12)
  expect(slopeWeights([2, 2, 2])).toBeNull()
  expect(slopeWeights([2, 2, 5], 2)).toBeNull()
})
