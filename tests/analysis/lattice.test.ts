import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toLattice } from '../../analysis/lattice.ts'

test('means over up to three jurors have denominator 6 at most', () => {
  expect(toLattice([1, 4.5, 10 / 3])).toEqual({ scale: 6, values: Float64Array.of(6, 27, 20) })
  expect(toLattice([1, 4, 5])).toEqual({ scale: 1, values: Float64Array.of(1, 4, 5) })
})

test('the whole numbers over the scale are the values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1 }),
      fc.constantFrom(2, 6, 18, 72, 144, 7),
      (list, scale) => {
        const values = list.map((one) => one / scale)
        const lattice = toLattice(values)
        expect(scale % (lattice?.scale ?? 0)).toBe(0)
        expect([...(lattice?.values ?? [])].map((one) => one / (lattice?.scale ?? 0))).toEqual(
          values.map((v) => expect.closeTo(v, 9)),
        )
      },
    ),
  )
})

test('values without a small common denominator have none', () => {
  expect(toLattice([1, Math.PI])).toBeNull()
  expect(toLattice([1, 1 / 11])).toBeNull()
  expect(toLattice([Number.NaN])).toBeNull()
})
