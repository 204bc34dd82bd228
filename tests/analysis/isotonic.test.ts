import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitIsotonic } from '../../analysis/isotonic.ts'
import { predictIsotonic } from '../../cases/calibration.ts'

const points = fc.array(fc.tuple(fc.integer({ min: 3, max: 15 }), fc.integer({ min: 1, max: 5 })), {
  minLength: 1,
  maxLength: 30,
})

function curveOf(pairs: readonly (readonly [number, number])[]) {
  return fitIsotonic(
    pairs.map(([x]) => x / 3),
    pairs.map(([, y]) => y),
  )
}

test('the fit rises, keeps the mean, and its own fit is itself', () => {
  fc.assert(
    fc.property(points, (pairs) => {
      const curve = curveOf(pairs)
      const fitted = pairs.map(([x]) => predictIsotonic(curve, x / 3))
      for (const [i, value] of curve.fitted.entries())
        if (i > 0) expect(value).toBeGreaterThanOrEqual(curve.fitted[i - 1] as number)
      const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
      expect(sum(fitted)).toBeCloseTo(sum(pairs.map(([, y]) => y)), 9)
      const again = fitIsotonic(curve.knots, curve.fitted)
      for (const [i, value] of again.fitted.entries()) expect(value).toBeCloseTo(curve.fitted[i] as number, 12)
    }),
  )
})

test('no rising line through levels has a smaller squared error', () => {
  const line = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 }))
  fc.assert(
    fc.property(points, line, (pairs, [intercept, slope]) => {
      const curve = curveOf(pairs)
      const error = (predict: (x: number) => number) => pairs.reduce((sum, [x, y]) => sum + (predict(x / 3) - y) ** 2, 0)
      const best = error((x) => predictIsotonic(curve, x))
      expect(best).toBeLessThanOrEqual(error((x) => intercept + slope * x) + 1e-9)
    }),
  )
})

test('outside the knots the end values hold', () => {
  const curve = fitIsotonic([2, 3, 4], [1, 2, 5])
  expect([predictIsotonic(curve, 1), predictIsotonic(curve, 2.5), predictIsotonic(curve, 9)]).toEqual([1, 1.5, 5])
})

test('no point, uneven lists and weights of 0 are refused', () => {
  expect(() => fitIsotonic([], [])).toThrow(RangeError)
  expect(() => fitIsotonic([1], [1, 2])).toThrow(RangeError)
  expect(() => fitIsotonic([1], [1], [0])).toThrow(RangeError)
})
