import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusteredDifference, clusteredMean, tInterval } from '../../analysis/cr2.ts'
import { hasReference, readReference } from './reference.ts'

type Reference = {
  input: { y: number[]; flag?: number[]; cluster: string[] }
  expected: Record<'mean' | 'difference' | 'se_CR2' | 'df_satterthwaite_CR2', number> & { ci95_CR2_satt: [number, number] }
  tolerance: { rel: number }
}

const clusters = fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), {
  minLength: 2,
  maxLength: 9,
})

function grouped(y: readonly number[], cluster: readonly string[]): number[][] {
  return [...Map.groupBy(y, (_, i) => cluster[i]).values()]
}

function expectRelative(actual: number, wanted: number, tolerance: number): void {
  expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(tolerance * Math.abs(wanted))
}

describe('CR2 against R clubSandwich', () => {
  test('a mean over the 18 subjects of sleepstudy', ({ skip }) => {
    const name = 'cluster-se-sleepstudy.json'
    skip(!hasReference(name), `reference file ${name} is absent`)
    const { input, expected, tolerance } = readReference<Reference>(name)
    const estimate = clusteredMean(grouped(input.y, input.cluster))
    expectRelative(estimate.value, expected.mean, tolerance.rel)
    expectRelative(estimate.standardError, expected.se_CR2, tolerance.rel)
    expectRelative(estimate.df, expected.df_satterthwaite_CR2, tolerance.rel)
    const { low, high } = tInterval(estimate, 0.95)
    expectRelative(low, expected.ci95_CR2_satt[0], tolerance.rel)
    expectRelative(high, expected.ci95_CR2_satt[1], tolerance.rel)
  })

  test('a difference of two diets in ChickWeight, the diet belonging to the chick', ({ skip }) => {
    const name = 'cluster-diff-chick-1-3.json'
    skip(!hasReference(name), `reference file ${name} is absent`)
    const { input, expected, tolerance } = readReference<Reference>(name)
    const arm = (flag: number) => {
      const kept = input.y.map((_, i) => i).filter((i) => input.flag?.[i] === flag)
      return grouped(
        kept.map((i) => input.y[i] as number),
        kept.map((i) => input.cluster[i] as string),
      )
    }
    const estimate = clusteredDifference(arm(1), arm(0))
    expectRelative(estimate.value, expected.difference, tolerance.rel)
    expectRelative(estimate.standardError, expected.se_CR2, tolerance.rel)
    expectRelative(estimate.df, expected.df_satterthwaite_CR2, tolerance.rel)
    const { low, high } = tInterval(estimate, 0.95)
    expectRelative(low, expected.ci95_CR2_satt[0], tolerance.rel)
    expectRelative(high, expected.ci95_CR2_satt[1], tolerance.rel)
  })
})

describe('CR2 by hand', () => {
  test('clusters of one value give the ordinary standard error s/√n and n − 1 degrees of freedom', () => {
    // 1, 2, 3, 6: mean 3, squares 4 + 1 + 0 + 9 = 14, s² = 14/3, s²/4 = 14/12.
    const { value, standardError, df } = clusteredMean([[1], [2], [3], [6]])
    expect(value).toBe(3)
    expect(standardError).toBeCloseTo(Math.sqrt(14 / 12), 12)
    expect(df).toBeCloseTo(3, 12)
  })

  test('unequal clusters follow the closed form worked on paper', () => {
    // {1, 3}, {5}: n = 3, mean 3, e = −2 and 2, p = 2/3 and 1/3; V = (4/(1/3) + 4/(2/3))/9 = 18/9 = 2.
    // q = (4/9)/(1/3) = 4/3 and (1/9)/(2/3) = 1/6; Σp² = 5/9; (3/2)² − (16/9 + 1/36) = 9/4 − 65/36 = 16/36; 1/df = 1.
    const { value, standardError, df } = clusteredMean([[1, 3], [5]])
    expect(value).toBe(3)
    expect(standardError).toBeCloseTo(Math.SQRT2, 12)
    expect(df).toBeCloseTo(1, 12)
  })

  test('scores of ten thirds on every image give a standard error of exactly 0 and a point', () => {
    const equal = clusteredMean([[10 / 3, 10 / 3], [10 / 3], [10 / 3, 10 / 3, 10 / 3]])
    expect(equal.standardError).toBe(0)
    expect(equal.df).toBeGreaterThan(0)
    expect(tInterval(equal, 0.95)).toEqual({ low: equal.value, high: equal.value })
  })

  test('a single cluster, an empty cluster and NaN are refused', () => {
    expect(() => clusteredMean([[1, 2]])).toThrow(RangeError)
    expect(() => clusteredMean([])).toThrow(RangeError)
    expect(() => clusteredMean([[1], []])).toThrow('empty')
    expect(() => clusteredMean([[1], [Number.NaN]])).toThrow('NaN')
    expect(() => clusteredDifference([[1], [2]], [[3]])).toThrow(RangeError)
  })
})

describe('laws of CR2', () => {
  test('equal clusters have one degree of freedom fewer than clusters', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 5 }), (count, size) => {
        const values = Array.from({ length: count }, (_, g) => Array.from({ length: size }, (_, i) => 1 + ((g * 7 + i) % 5)))
        expect(clusteredMean(values).df).toBeCloseTo(count - 1, 8)
      }),
    )
  })

  test('the interval holds the estimate and widens with the level', () => {
    fc.assert(
      fc.property(clusters, (values) => {
        const estimate = clusteredMean(values)
        const narrow = tInterval(estimate, 0.8)
        const wide = tInterval(estimate, 0.95)
        expect(wide.low).toBeLessThanOrEqual(narrow.low)
        expect(narrow.low).toBeLessThanOrEqual(estimate.value)
        expect(estimate.value).toBeLessThanOrEqual(narrow.high)
        expect(narrow.high).toBeLessThanOrEqual(wide.high)
      }),
    )
  })

  test('adding a constant moves a mean by it, leaves a difference, and changes no standard error', () => {
    fc.assert(
      fc.property(clusters, clusters, fc.integer({ min: -3, max: 3 }), (one, zero, shift) => {
        const moved = (values: number[][]) => values.map((cluster) => cluster.map((y) => y + shift))
        const [mean, movedMean] = [clusteredMean(one), clusteredMean(moved(one))]
        expect(movedMean.value).toBeCloseTo(mean.value + shift, 10)
        expect(movedMean.standardError).toBeCloseTo(mean.standardError, 10)
        const [difference, movedDifference] = [clusteredDifference(one, zero), clusteredDifference(moved(one), moved(zero))]
        expect(movedDifference.value).toBeCloseTo(difference.value, 10)
        expect(movedDifference.standardError).toBeCloseTo(difference.standardError, 10)
      }),
    )
  })

  test('swapping the groups negates a difference and keeps its standard error and degrees of freedom', () => {
    fc.assert(
      fc.property(clusters, clusters, (one, zero) => {
        const [there, back] = [clusteredDifference(one, zero), clusteredDifference(zero, one)]
        expect(back.value).toBeCloseTo(-there.value, 12)
        expect(back.standardError).toBeCloseTo(there.standardError, 12)
        expect(back.df).toBeCloseTo(there.df, 10)
      }),
    )
  })
})
