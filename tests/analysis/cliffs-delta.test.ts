import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cliffsDelta, cliffsInterval } from '../../analysis/cliffs-delta.ts'

const values = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 })

test('delta and placements are those counted pair by pair, thirds tying as whole votes do', () => {
  fc.assert(
    fc.property(values, values, (x, y) => {
      const signs = x.map((a) => y.map((b) => Math.sign(a - b)))
      const mean = (line: readonly number[]) => line.reduce((sum, value) => sum + value, 0) / line.length
      const found = cliffsDelta(
        x.map((a) => a / 3),
        y.map((b) => (b * 2) / 6),
      )
      expect(found.delta).toBeCloseTo(mean(signs.map(mean)), 12)
      for (const [i, line] of signs.entries()) expect(found.placementsX[i]).toBeCloseTo(mean(line), 12)
      for (const j of y.keys()) expect(found.placementsY[j]).toBeCloseTo(mean(signs.map((line) => line[j] as number)), 12)
      expect(found.superiority).toBeCloseTo((found.delta + 1) / 2, 12)
    }),
  )
})

test('swapping the groups negates delta and keeps the variance', () => {
  fc.assert(
    fc.property(values, values, (x, y) => {
      const [there, back] = [cliffsDelta(x, y), cliffsDelta(y, x)]
      expect(back.delta).toBeCloseTo(-there.delta, 12)
      expect(back.variance ?? -9).toBeCloseTo(there.variance ?? -9, 12)
    }),
  )
})

test('any rising change of the scale keeps delta', () => {
  fc.assert(
    fc.property(values, values, (x, y) => {
      const bent = (line: number[]) => line.map((value) => value ** 3 + 2)
      expect(cliffsDelta(bent(x), bent(y)).delta).toBe(cliffsDelta(x, y).delta)
    }),
  )
})

test('the interval holds delta and stays within −1 and 1', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      (delta, standardError) => {
        const { low, high } = cliffsInterval(delta, standardError, 1.96)
        expect(low).toBeGreaterThanOrEqual(-1)
        expect(high).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(delta + 1e-12)
        expect(high).toBeGreaterThanOrEqual(delta - 1e-12)
      },
    ),
  )
})

test('an empty group and NaN are refused', () => {
  expect(() => cliffsDelta([], [1])).toThrow(RangeError)
  expect(() => cliffsDelta([1], [Number.NaN])).toThrow(RangeError)
})
