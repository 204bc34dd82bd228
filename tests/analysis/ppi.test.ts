import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusterPpi, ppiMean } from '../../analysis/ppi.ts'

const score = fc.integer({ min: 1, max: 5 })
const list = (size: number) => fc.array(score, { minLength: size, maxLength: size })
const input = fc.record({ truth: list(6), proxy: list(6), unlabelled: list(9) })

test('weight 0 is the mean of the truth with its own standard error', () => {
  fc.assert(
    fc.property(input, ({ truth, proxy, unlabelled }) => {
      const mean = truth.reduce((sum, y) => sum + y, 0) / 6
      const variance = truth.reduce((sum, y) => sum + (y - mean) ** 2, 0) / 5
      const { value, standardError } = ppiMean({ truth, proxy, unlabelled }, { lambda: 0 })
      expect(value).toBeCloseTo(mean, 12)
      expect(standardError).toBeCloseTo(Math.sqrt(variance / 6), 12)
    }),
  )
})

test('a constant bias of the jury changes neither value nor standard error', () => {
  fc.assert(
    fc.property(input, score, (scores, bias) => {
      const moved = { ...scores, proxy: scores.proxy.map((f) => f + bias), unlabelled: scores.unlabelled.map((f) => f + bias) }
      expect(ppiMean(moved).value).toBeCloseTo(ppiMean(scores).value, 9)
      expect(ppiMean(moved).standardError).toBeCloseTo(ppiMean(scores).standardError, 9)
    }),
  )
})

test('a jury that always says the same is given no weight', () => {
  expect(ppiMean({ truth: [1, 2, 4], proxy: [3, 3, 3], unlabelled: [3, 3] })).toMatchObject({ lambda: 0, value: 7 / 3 })
})

test('a cluster with some labels counts by its labelled things alone', () => {
  const units = [
    { cluster: 'a', truth: 2, proxy: 3 },
    { cluster: 'a', truth: null, proxy: 5 },
    { cluster: 'a', truth: 4, proxy: 4 },
    { cluster: 'b', truth: null, proxy: 1 },
    { cluster: 'b', truth: null, proxy: 2 },
  ]
  expect(clusterPpi(units)).toEqual({ truth: [3], proxy: [3.5], unlabelled: [1.5] })
})

test('too few units, uneven lists and numbers that are not finite are refused', () => {
  expect(() => ppiMean({ truth: [1], proxy: [1], unlabelled: [1, 2] })).toThrow(/at least 2 labelled/)
  expect(() => ppiMean({ truth: [1, 2], proxy: [1], unlabelled: [1, 2] })).toThrow(/a proxy for each/)
  expect(() => ppiMean({ truth: [1, Number.NaN], proxy: [1, 2], unlabelled: [1, 2] })).toThrow(/finite/)
})
