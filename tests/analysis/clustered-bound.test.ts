import { expect, test } from 'vitest'
import { clusteredUpperBound } from '../../analysis/clustered-bound.ts'

const alone = (values: readonly number[]) => values.map((value) => [value])

test('no event on 10 images bounds the share as 10 independent things would, however many there are on each', () => {
  // Clopper and Pearson with no event: 1 − 0.05^(1/10).
  expect(clusteredUpperBound(alone(new Array(10).fill(0)), 0.95)).toEqual({
    value: 0,
    high: expect.closeTo(0.2588655508930523, 12),
  })
  const many = Array.from({ length: 10 }, () => [0, 0, 0, 0])
  expect(clusteredUpperBound(many, 0.95).high).toBeCloseTo(0.2588655508930523, 12)
})

test('3 events among 20 images of one thing each weigh as 19: V divides by n − 1', () => {
  // scipy.stats.beta.ppf(.95, 3.85, 16.15)
  const { value, high } = clusteredUpperBound(alone([...new Array(3).fill(1), ...new Array(17).fill(0)]), 0.95)
  expect(value).toBe(0.15)
  expect(high).toBeCloseTo(0.35016302088947654, 10)
})

test('events that come in whole images widen the bound', () => {
  const spread = Array.from({ length: 20 }, (_, i) => (i < 12 ? [1, 0, 0, 0] : [0, 0, 0, 0]))
  const together = Array.from({ length: 20 }, (_, i) => (i < 3 ? [1, 1, 1, 1] : [0, 0, 0, 0]))
  expect(clusteredUpperBound(together, 0.95).value).toBe(clusteredUpperBound(spread, 0.95).value)
  expect(clusteredUpperBound(together, 0.95).high).toBeGreaterThan(clusteredUpperBound(spread, 0.95).high + 0.05)
})

test('only events give 1, and other values or none are refused', () => {
  expect(clusteredUpperBound(alone([1, 1, 1]), 0.95)).toEqual({ value: 1, high: 1 })
  expect(() => clusteredUpperBound([[0.5]], 0.95)).toThrow(RangeError)
  expect(() => clusteredUpperBound([], 0.95)).toThrow(RangeError)
  expect(() => clusteredUpperBound([[1]], 1)).toThrow(RangeError)
})
