import { describe, expect, test } from 'vitest'
import { bca, differenceOf, jackknife, meanOf, replicate } from '../../analysis/cluster-bootstrap.ts'
import { quantilesOf } from '../../analysis/quantiles.ts'
import { CHUNK, drawClusters, type Resamples, resampler } from '../../analysis/resample.ts'
import { hasReference, readReference } from './reference.ts'

type Reference = {
  input: { data: Record<string, number>[]; resample_indices_one_based: number[][] }
  expected: {
    theta_hat: number
    replicates_first5: number[]
    jackknife: number[]
    z0_midrank: number
    acceleration_centred_jackknife: number
    se_boot: number
    intervals: { conf: number; bca: { interval_type7: [number, number] } }[]
  }
}

function given(rows: number[][]): Resamples {
  const width = rows[0]?.length ?? 0
  return { indices: Uint32Array.from(rows.flat().map((index) => index - 1)), width, count: rows.length }
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [mx, my] = [mean(x), mean(y)]
  const product = mean(x.map((value, i) => (value - mx) * ((y[i] as number) - my)))
  return product / Math.sqrt(mean(x.map((value) => (value - mx) ** 2)) * mean(y.map((value) => (value - my) ** 2)))
}

function expectReference({ input, expected }: Reference, statistic: (indices: ArrayLike<number>) => number): void {
  const resamples = given(input.resample_indices_one_based)
  const n = input.data.length
  const all = Array.from({ length: n }, (_, i) => i)
  expect(statistic(all)).toBeCloseTo(expected.theta_hat, 9)
  expected.replicates_first5.forEach((wanted, i) => {
    expect(replicate(statistic, resamples)[i]).toBeCloseTo(wanted, 9)
  })
  expected.jackknife.forEach((wanted, i) => {
    expect(jackknife(statistic, n)[i]).toBeCloseTo(wanted, 9)
  })
  expect(expected.intervals.length).toBeGreaterThan(0)
  for (const { conf, bca: wanted } of expected.intervals) {
    const interval = bca(statistic, n, resamples, conf)
    if (interval.kind === 'none') throw new Error(interval.reason)
    expect(interval.z0).toBeCloseTo(expected.z0_midrank, 9)
    expect(interval.acceleration).toBeCloseTo(expected.acceleration_centred_jackknife, 9)
    expect(interval.standardError).toBeCloseTo(expected.se_boot, 9)
    expect(interval.low).toBeCloseTo(wanted.interval_type7[0], 9)
    expect(interval.high).toBeCloseTo(wanted.interval_type7[1], 9)
  }
}

describe('BCa on given resamples, against R boot', () => {
  test('the correlation of Efron’s law-school data', ({ skip }) => {
    const name = 'bootstrap-law-school.json'
    skip(!hasReference(name), `reference file ${name} is absent`)
    const reference = readReference<Reference>(name)
    const column = (field: string, indices: ArrayLike<number>) =>
      Array.from(indices, (index) => reference.input.data[index]?.[field] as number)
    expectReference(reference, (indices) => correlation(column('lsat', indices), column('gpa', indices)))
  })

  test('the mean of the air-conditioning data', ({ skip }) => {
    const name = 'bootstrap-aircondit-mean.json'
    skip(!hasReference(name), `reference file ${name} is absent`)
    const reference = readReference<Reference>(name)
    expectReference(reference, meanOf(reference.input.data.map(({ hours }) => [hours as number])))
  })
})

describe('the cluster statistics', () => {
  test('a cluster drawn twice counts twice, with all its values', () => {
    // {1, 3} twice and {5} once: (1 + 3 + 1 + 3 + 5) / 5 = 13/5.
    expect(meanOf([[1, 3], [5]])([0, 0, 1])).toBeCloseTo(13 / 5, 12)
  })

  test('a difference sorts indices into its groups by their number', () => {
    // flagged {4} and {2, 2}; unflagged {1}: index 2 is the unflagged one. (4 + 2 + 2)/3 − 1.
    expect(differenceOf([[4], [2, 2]], [[1]])([0, 1, 2])).toBeCloseTo(8 / 3 - 1, 12)
  })
})

describe('BCa where the data are poor', () => {
  const draw = (strata: number[]) => drawClusters(strata, 500, 1)

  test('equal scores give the point, marked as one', () => {
    const clusters = [[10 / 3], [10 / 3, 10 / 3], [10 / 3]]
    const interval = bca(meanOf(clusters), 3, draw([3]), 0.95)
    expect(interval).toMatchObject({ kind: 'interval', point: true })
    if (interval.kind === 'interval') expect(interval.low).toBe(interval.high)
  })

  test('a statistic that some resample cannot give has no interval, and says so', () => {
    const broken = (indices: ArrayLike<number>) =>
      new Set(Array.from(indices)).size === 1 ? Number.NaN : 1 + (indices[0] as number)
    expect(bca(broken, 3, draw([3]), 0.95)).toEqual({ kind: 'none', reason: 'BCa: a resample gives no number' })
  })

  test('resamples that all lie on one side have no interval', () => {
    const onlyAbove = (indices: ArrayLike<number>) => (new Set(Array.from(indices)).size === 3 ? 1 : 2)
    const resamples = { indices: Uint32Array.of(0, 0, 1, 1, 1, 2), width: 3, count: 2 }
    expect(bca(onlyAbove, 3, resamples, 0.95)).toMatchObject({ kind: 'none' })
  })

  test('the type 7 quantile interpolates between neighbours and needs a value', () => {
    // R: quantile(c(1, 2, 4, 8), c(0, .5, .9, 1), type = 7) is 1, 3, 6.8, 8.
    expect([0, 0.5, 0.9, 1].map((p) => quantilesOf([1, 2, 4, 8], [p])[0])).toEqual(
      [1, 3, 6.8, 8].map((q) => expect.closeTo(q, 12)),
    )
    expect(() => quantilesOf([], [0.5])).toThrow(RangeError)
  })
})

describe('drawing clusters', () => {
  test('every row keeps the size of each stratum and stays inside it', () => {
    const { indices, width, count } = drawClusters([2, 3], 1000, 7)
    expect([width, count, indices.length]).toEqual([5, 1000, 5000])
    for (let place = 0; place < indices.length; place++) {
      const [low, high] = place % 5 < 2 ? [0, 1] : [2, 4]
      expect(indices[place]).toBeGreaterThanOrEqual(low as number)
      expect(indices[place]).toBeLessThanOrEqual(high as number)
    }
  })

  test('more resamples begin with the fewer ones, also across a chunk', () => {
    const few = drawClusters([6], CHUNK + 10, 3).indices
    expect(drawClusters([6], 3 * CHUNK, 3).indices.slice(0, few.length)).toEqual(few)
  })

  test('another seed, and another chunk, draw other clusters', () => {
    const { indices } = drawClusters([6], 2 * CHUNK, 3)
    expect(drawClusters([6], 2 * CHUNK, 4).indices).not.toEqual(indices)
    expect(indices.slice(0, CHUNK * 6)).not.toEqual(indices.slice(CHUNK * 6))
  })

  test('each cluster comes up equally often, within five standard errors', () => {
    const { indices } = drawClusters([5], 10_000, 11)
    const counts = [0, 1, 2, 3, 4].map((cluster) => indices.filter((index) => index === cluster).length)
    // Binomial with 50,000 draws and p = 1/5: mean 10,000, standard deviation 89.4.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * 89.5)
  })

  test('an empty stratum and zero resamples are refused', () => {
    expect(() => drawClusters([3, 0], 10, 1)).toThrow(RangeError)
    expect(() => drawClusters([], 10, 1)).toThrow(RangeError)
    expect(() => drawClusters([3], 0, 1)).toThrow(RangeError)
  })

  test('estimates on the same strata share their resamples', () => {
    const source = resampler(10, 1)
    expect(source([2, 3])).toBe(source([2, 3]))
    expect(source([3, 2])).not.toBe(source([2, 3]))
  })
})
