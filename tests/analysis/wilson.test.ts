import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wilsonInterval } from '../../analysis/wilson.ts'

const counts = fc.integer({ min: 1, max: 500 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))

describe('Wilson’s interval', () => {
  test('is the set of proportions that the score test does not reject, worked on paper for 1 of 2', () => {
    // |1/2 − π| = z·√(π(1 − π)/2) gives π = 1/2 ± z/(2·√(2 + z²)), z = 1.959963984540054: half = 0.4052…
    const { low, high } = wilsonInterval(1, 2, 0.95)
    const z = 1.959963984540054
    expect(high - 0.5).toBeCloseTo(z / (2 * Math.sqrt(2 + z * z)), 12)
    expect(0.5 - low).toBeCloseTo(z / (2 * Math.sqrt(2 + z * z)), 12)
  })

  test('swaps its ends about one half when successes and failures swap', () => {
    fc.assert(
      fc.property(counts, ([x, n]) => {
        const [one, other] = [wilsonInterval(x, n, 0.95), wilsonInterval(n - x, n, 0.95)]
        expect(one.low).toBeCloseTo(1 - other.high, 12)
        expect(one.high).toBeCloseTo(1 - other.low, 12)
      }),
    )
  })

  test('holds the proportion, stays within 0 and 1, has a width, and its ends are where the score test stops', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0.5, max: 0.99, noNaN: true }), ([x, n], level) => {
        const { low, high } = wilsonInterval(x, n, level)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(low).toBeLessThanOrEqual(x / n)
        expect(high).toBeGreaterThanOrEqual(x / n)
        expect(high).toBeLessThanOrEqual(1)
        expect(high).toBeGreaterThan(low)
        const score = (p: number) => Math.abs(x / n - p) / Math.sqrt((p * (1 - p)) / n)
        if (x > 0 && x < n) expect(score(low)).toBeCloseTo(score(high), 6)
      }),
    )
  })

  test('narrows as trials of the same proportion grow', () => {
    const width = (n: number) => wilsonInterval(n / 5, n, 0.95).high - wilsonInterval(n / 5, n, 0.95).low
    expect([10, 40, 160, 640].map(width)).toEqual([10, 40, 160, 640].map(width).toSorted((a, b) => b - a))
  })

  test.each([
    [0, 0, 0.95],
    [-1, 5, 0.95],
    [6, 5, 0.95],
    [Number.NaN, 5, 0.95],
    [1, Number.POSITIVE_INFINITY, 0.95],
    [1, 5, 1],
  ])('refuses %d of %d at level %d', (x, n, level) => {
    expect(() => wilsonInterval(x, n, level)).toThrow(RangeError)
  })
})
