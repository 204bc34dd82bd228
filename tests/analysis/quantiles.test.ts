import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quantilesOf } from '../../analysis/quantiles.ts'

test('the type 7 quantile interpolates between neighbours', () => {
  // R: quantile(c(1, 2, 4, 8), c(0, .5, .9, 1), type = 7) is 1, 3, 6.8, 8.
  expect(quantilesOf([8, 1, 4, 2], [0, 0.5, 0.9, 1])).toEqual([1, 3, 6.8, 8].map((q) => expect.closeTo(q, 12)))
})

test('selecting gives what sorting gives, ties and all', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: -5, max: 5, noNaN: true })), { minLength: 1 })
  fc.assert(
    fc.property(values, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (list, ps) => {
      const sorted = list.map((v) => v + 0).toSorted((a, b) => a - b)
      const wanted = ps.map((p) => {
        const place = (sorted.length - 1) * p
        const [at, next] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number]
        return at + (place - Math.floor(place)) * (next - at)
      })
      expect(quantilesOf(list, ps)).toEqual(wanted.map((q) => expect.closeTo(q, 12)))
    }),
  )
})

test('no value, NaN and a share out of range are refused', () => {
  expect(() => quantilesOf([], [0.5])).toThrow(RangeError)
  expect(() => quantilesOf([1, Number.NaN], [0.5])).toThrow(RangeError)
  for (const p of [-0.1, 1.1, Number.NaN]) expect(() => quantilesOf([1], [p])).toThrow(RangeError)
})
