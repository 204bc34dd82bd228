import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noncentralTCdf } from '../../analysis/noncentral-t.ts'
import { type Design, detectableD, detectableNcp, powerOfPlan, powerOfT, requiredN } from '../../analysis/power.ts'
import { cohensH, detectableProportion, powerOfProportions } from '../../analysis/power-proportions.ts'
import { rootOf } from '../../analysis/root.ts'
import { tCdf } from '../../analysis/student-t.ts'
import { brentRoot } from './brent-root.ts'

const df = fc.double({ min: 1, max: 500, noNaN: true })
const ncp = fc.double({ min: -8, max: 8, noNaN: true })
const t = fc.double({ min: -12, max: 12, noNaN: true })
const twoSided = { significance: 0.05, alternative: 'two-sided' as const }

describe('the noncentral t', () => {
  test.each([
    // t, df, ncp, and SciPy 1.17.1 scipy.stats.nct.cdf(t, df, ncp)
    [2, 3, 1, 0.7436298684076654],
    [-2, 5, 1, 0.005896462289842157],
    [12.7, 1, 3, 0.813803218007604],
    [2.1, 18, 2.8, 0.2453817573717889],
    [1.97, 300, 2.8, 0.20356134740684426],
    [30, 4, 25, 0.5955030475635876],
    [0.5, 0.7, 1, 0.27325765572884014],
    [2, 1e6, 2.8, 0.21185548549059555],
    [40, 50, 38, 0.6644435542573237],
  ])('at t %d, df %d and ncp %d is SciPy’s', (at, degrees, shift, expected) => {
    expect(Math.abs(noncentralTCdf(at, degrees, shift) - expected)).toBeLessThan(2e-12)
  })

  test('without noncentrality is Student’s t', () => {
    fc.assert(fc.property(t, df, (at, degrees) => Math.abs(noncentralTCdf(at, degrees, 0) - tCdf(at, degrees)) < 1e-12))
  })

  test('mirrors: P(T ≤ t; ncp) = 1 − P(T ≤ −t; −ncp), and it rises in t and falls in ncp', () => {
    fc.assert(
      fc.property(t, df, ncp, (at, degrees, shift) => {
        const value = noncentralTCdf(at, degrees, shift)
        expect(value).toBeCloseTo(1 - noncentralTCdf(-at, degrees, -shift), 11)
        expect(noncentralTCdf(at + 1, degrees, shift)).toBeGreaterThanOrEqual(value - 1e-12)
        expect(noncentralTCdf(at, degrees, shift + 1)).toBeLessThanOrEqual(value + 1e-12)
      }),
    )
  })

  test.each([
    [Number.NaN, 3, 1],
    [1, 0, 1],
    [1, 3, Number.POSITIVE_INFINITY],
  ])('refuses t %d, df %d, ncp %d', (at, degrees, shift) => {
    expect(() => noncentralTCdf(at, degrees, shift)).toThrow(RangeError)
  })
})

describe('power of t tests', () => {
  test('without an effect is the significance level, on either side or both', () => {
    fc.assert(
      fc.property(df, fc.double({ min: 0.001, max: 0.3, noNaN: true }), (degrees, significance) => {
        for (const alternative of ['two-sided', 'greater', 'less'] as const)
          expect(powerOfT(0, { df: degrees, significance, alternative })).toBeCloseTo(significance, 9)
      }),
    )
  })

  test('of the two-sided test is that of its two one-sided halves together', () => {
    fc.assert(
      fc.property(df, ncp, (degrees, shift) => {
        const half = (alternative: 'greater' | 'less') => powerOfT(shift, { df: degrees, significance: 0.025, alternative })
        expect(powerOfT(shift, { ...twoSided, df: degrees })).toBeCloseTo(half('greater') + half('less'), 10)
      }),
    )
  })

  test('at the detectable noncentrality is the wanted power, for every alternative', () => {
    fc.assert(
      fc.property(df, fc.double({ min: 0.2, max: 0.99, noNaN: true }), (degrees, power) => {
        for (const alternative of ['two-sided', 'greater', 'less'] as const) {
          const test = { df: degrees, significance: 0.05, alternative }
          const found = detectableNcp(power, test)
          expect(Math.sign(found)).toBe(alternative === 'less' ? -1 : 1)
          expect(powerOfT(found, test)).toBeCloseTo(power, 9)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('of a plan: n, d and power follow from one another', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Design>('one-sample', 'paired', 'two-sample'),
        fc.integer({ min: 5, max: 400 }),
        fc.double({ min: 0.3, max: 0.98, noNaN: true }),
        (design, n, power) => {
          const d = detectableD(power, { ...twoSided, design, n })
          expect(powerOfPlan({ ...twoSided, design, n, d })).toBeCloseTo(power, 9)
          expect(requiredN(power, { ...twoSided, design, d })).toBeCloseTo(n, 5)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('refuses an effect that the test does not look for, and a power that no effect is needed for', () => {
    expect(() => requiredN(0.8, { ...twoSided, design: 'paired', d: 0 })).toThrow('looks for')
    expect(() => requiredN(0.8, { design: 'paired', d: -1, significance: 0.05, alternative: 'greater' })).toThrow('looks for')
    expect(() => detectableNcp(0.05, { ...twoSided, df: 10 })).toThrow(RangeError)
    expect(() => powerOfPlan({ ...twoSided, design: 'paired', n: 1, d: 1 })).toThrow(RangeError)
  })
})

describe('power for proportions', () => {
  test('follows Cohen 1988: h of 0.21 against 0.05 is 0.5, and 63 trials a group give it power 0.80', () => {
    // asin√0.21 = 0.4759…, asin√0.05 = 0.2255…; 2 × the difference = 0.5007. n = (1.96 + 0.8416)²·2/0.5² = 62.8.
    expect(cohensH(0.21, 0.05)).toBeCloseTo(0.5007, 3)
    expect(powerOfProportions(0.5, 62.791, 62.791, 0.05)).toBeCloseTo(0.8, 4)
  })

  test('swapping groups or the sign of h changes nothing', () => {
    const n = fc.integer({ min: 1, max: 900 })
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), n, n, (h, n1, n2) => {
        const power = powerOfProportions(h, n1, n2, 0.05)
        expect(powerOfProportions(-h, n2, n1, 0.05)).toBeCloseTo(power, 12)
      }),
    )
  })

  test('at the detectable proportion is the wanted power, and there is none in groups too small', () => {
    const found = detectableProportion(0.1, 0.8, 60, 140, 0.05) ?? Number.NaN
    expect(found).toBeGreaterThan(0.1)
    expect(powerOfProportions(cohensH(found, 0.1), 60, 140, 0.05)).toBeCloseTo(0.8, 10)
    expect(detectableProportion(0.5, 0.9, 2, 2, 0.05)).toBeNull()
    expect(() => cohensH(1.1, 0)).toThrow(RangeError)
    expect(() => powerOfProportions(0.5, 0, 4, 0.05)).toThrow(RangeError)
  })
})

describe('roots', () => {
  test('of a cubic are found by both searches, each to its own precision', () => {
    fc.assert(
      fc.property(fc.double({ min: -9, max: 9, noNaN: true }), (root) => {
        const f = (x: number) => (x - root) ** 3 + (x - root)
        expect(Math.abs(rootOf(f, -10, 11) - root)).toBeLessThan(1e-10)
        expect(Math.abs(brentRoot(f, -10, 11) - root)).toBeLessThan(Number.EPSILON ** 0.25)
      }),
    )
  })

  test('of a function that never crosses zero are refused', () => {
    expect(() => rootOf((x) => x * x + 1, -1, 1)).toThrow('change of sign')
  })
})
