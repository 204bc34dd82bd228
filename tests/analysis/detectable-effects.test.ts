import { describe, expect, test } from 'vitest'
import { type Contrast, contrastsOf, detectableEffects } from '../../analysis/detectable-effects.ts'
import { DetectableEffect } from '../../analysis/estimate-power.ts'
import { powerOfT } from '../../analysis/power.ts'

const CONTRAST: Contrast = Object.freeze({
  ...{ contrast: 'malignant-delta', measure: 'safety', model: 'm1', versus: null, arm: 'full' },
  ...{ standardError: 0.1, df: 30, nCases: 40, nImages: 32, exploratory: false, reason: null },
})

function detect(...contrasts: Partial<Contrast>[]): DetectableEffect[] {
  return detectableEffects(
    contrasts.map((one) => ({ ...CONTRAST, ...one })),
    0.95,
  ).map((row) => DetectableEffect.parse(row))
}

describe('the minimum detectable effect', () => {
  test('is what its own t test finds with power 0.8, alone and in Holm’s first step', () => {
    const [row, other, mean] = detect({}, { model: 'm2' }, { model: null })
    const power = (effect: number | null | undefined, significance: number) =>
      powerOfT((effect ?? Number.NaN) / 0.1, { df: 30, significance, alternative: 'two-sided' })
    expect(power(row?.value, 0.05)).toBeCloseTo(0.8, 9)
    expect(power(row?.valueHolm, 0.025)).toBeCloseTo(0.8, 9)
    expect([row?.comparisons, other?.comparisons, mean?.comparisons]).toEqual([2, 2, 1])
    expect(mean?.valueHolm).toBe(mean?.value)
  })

  test('counts only contrasts of the same kind, measure and arm that have a standard error', () => {
    const rows = detect(
      {},
      { model: 'm2', standardError: null, df: null },
      { model: 'm3', measure: 'accuracy' },
      { contrast: 'x' },
    )
    expect(rows.map((row) => row.comparisons)).toEqual([1, 1, 1, 1])
  })

  test('is null with the reason where there is no standard error, none but 0, or no room on the scale', () => {
    const [absent, equal, wide, wider] = detect(
      { standardError: null, df: null, reason: 'only one image: no interval' },
      { standardError: 0 },
      { standardError: 2 },
      { standardError: 1.3, model: 'm2' },
    )
    expect(absent).toMatchObject({ value: null, valueHolm: null, reason: 'only one image: no interval' })
    expect(equal).toMatchObject({ value: null, reason: expect.stringContaining('no spread') })
    expect(wide).toMatchObject({ value: null, reason: expect.stringContaining('more than 4 points') })
    // 1.3 × 2.9 is still on the scale, but not with Holm over two.
    expect(wider?.value).toBeLessThan(4)
    expect(wider).toMatchObject({ valueHolm: null, reason: expect.stringContaining('Holm') })
  })

  test('scales with the standard error', () => {
    const [one, two] = [detect({})[0], detect({ standardError: 0.2 })[0]]
    expect(two?.value).toBeCloseTo(2 * (one?.value ?? Number.NaN), 12)
  })

  test('is asked of deltas, effects and pairs, not of means', () => {
    const { standardError, df, nCases, nImages, exploratory, reason } = CONTRAST
    const rest = { standardError, df, nCases, nImages, exploratory, reason, value: 1, nTrials: 40, measure: 'safety' } as const
    const estimate = { ...rest, intervals: [], nCasesLeftOut: 0, nGroups: null, model: 'm1', arm: 'no-image' } as const
    const pair = { ...rest, first: 'm1', second: 'm2' } as never
    const estimates = ['mean', 'ablation-effect'].map((estimand) => ({ ...estimate, estimand })) as never
    expect(contrastsOf(estimates, [pair])).toEqual([
      { ...CONTRAST, contrast: 'ablation-effect', arm: 'no-image' },
      { ...CONTRAST, contrast: 'model-pair', versus: 'm2' },
    ])
  })
})
