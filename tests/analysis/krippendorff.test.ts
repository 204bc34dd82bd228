import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AlphaMetric, alphaOf, coincidencesOf } from '../../analysis/krippendorff.ts'

const METRICS: readonly AlphaMetric[] = ['nominal', 'ordinal', 'interval', 'ratio']
const rating = fc.option(fc.integer({ min: 1, max: 5 }), { nil: null, freq: 6 })
/** Units of three ratings, of which the first two tell values apart. */
const someUnits = fc
  .array(fc.tuple(rating, rating, rating), { minLength: 1, maxLength: 12 })
  .map((units) => [[1, 2, 2], [3, 3, 3], ...units])

function alpha(units: readonly (readonly (number | null)[])[], metric: AlphaMetric): number {
  return alphaOf(coincidencesOf(units), metric) as number
}

test('raters who always agree have alpha 1, by every metric', () => {
  for (const metric of METRICS)
    expect(
      alpha(
        [
          [1, 1],
          [4, 4, 4],
          [2, null, 2],
        ],
        metric,
      ),
    ).toBe(1)
})

test('alpha depends on neither the order of units nor that of raters', () => {
  fc.assert(
    fc.property(someUnits, (units) => {
      const turned = units.toReversed().map((unit) => unit.toReversed())
      for (const metric of METRICS) expect(alpha(turned, metric)).toBeCloseTo(alpha(units, metric), 12)
    }),
  )
})

test('ordinal alpha sees only the order of scores, interval alpha also their distances', () => {
  const squared = (units: readonly (readonly (number | null)[])[]) =>
    units.map((unit) => unit.map((r) => (r === null ? null : r * r)))
  fc.assert(
    fc.property(someUnits, (units) => {
      expect(alpha(squared(units), 'ordinal')).toBeCloseTo(alpha(units, 'ordinal'), 12)
    }),
  )
  // By hand for units (1, 2) and (5, 5): 1 − 3·1/51; with squared scores 1 − 3·9/2043.
  const units = [
    [1, 2],
    [5, 5],
  ]
  expect(alpha(units, 'interval')).toBeCloseTo(16 / 17, 12)
  expect(alpha(squared(units), 'interval')).toBeCloseTo(224 / 227, 12)
})

test('a unit with one rating changes nothing', () => {
  fc.assert(
    fc.property(someUnits, (units) => {
      for (const metric of METRICS) expect(alpha([...units, [5, null, null]], metric)).toBe(alpha(units, metric))
    }),
  )
})

test('equal ratings throughout give no alpha, and no pair of ratings is refused', () => {
  expect(
    alphaOf(
      coincidencesOf([
        [3, 3],
        [3, 3],
      ]),
      'ordinal',
    ),
  ).toBeNull()
  expect(() => coincidencesOf([[3, null]])).toThrow(/at least 2 ratings/)
  expect(() => coincidencesOf([[3, Number.NaN]])).toThrow(/finite/)
})
