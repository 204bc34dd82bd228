import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bca, differenceOf, meanOf } from '../../analysis/cluster-bootstrap.ts'
import { bootstrapMeans, type Metric } from '../../analysis/mean-bootstrap.ts'
import { drawClusters, type Resamples, resampleChunks } from '../../analysis/resample.ts'
import { studentisedOf } from '../../analysis/studentised.ts'

const WIDE = { level: 0.9, studentise: false }

const clusters = (count: number, score: fc.Arbitrary<number>) =>
  fc.array(fc.array(score, { minLength: 1, maxLength: 3 }), { minLength: count, maxLength: count })
const likert = fc.integer({ min: 1, max: 5 })
const scores = fc.oneof(
  likert,
  fc.tuple(likert, likert, likert).map(([a, b, c]) => (a + b + c) / 3),
  fc.double({ min: 1, max: 5, noNaN: true }),
)

function expectSame(actual: ReturnType<typeof bca>, wanted: ReturnType<typeof bca>): void {
  expect(actual.kind).toBe(wanted.kind)
  if (actual.kind === 'none' || wanted.kind === 'none') return void expect(actual).toEqual(wanted)
  // Sums are added up in another order; acceleration and quantile levels carry that rounding on.
  for (const key of ['low', 'high', 'z0', 'acceleration', 'standardError'] as const)
    expect(actual[key]).toBeCloseTo(wanted[key], 7)
}

/** t* of a mean by its definition: the mean and its error from the drawn clusters as if they were a sample. */
function plainTs(group: readonly (readonly number[])[], { indices, width, count }: Resamples): Float64Array {
  const fitted = (drawn: readonly (readonly number[])[]) => {
    const values = drawn.flat()
    const mean = values.reduce((sum, y) => sum + y, 0) / values.length
    const residuals = drawn.map((cluster) => cluster.reduce((sum, y) => sum + y - mean, 0))
    return { mean, se: Math.sqrt(residuals.reduce((sum, e) => sum + e * e, 0)) / values.length }
  }
  const { mean } = fitted(group)
  return Float64Array.from({ length: count }, (_, row) => {
    const drawn = fitted([...indices.subarray(row * width, (row + 1) * width)].map((i) => group[i] as readonly number[]))
    return (drawn.mean - mean) / drawn.se
  })
}

describe('bootstrap of many means at once', () => {
  test('each BCa interval is that of the mean alone', () => {
    fc.assert(
      fc.property(fc.array(clusters(9, scores), { minLength: 1, maxLength: 5 }), fc.nat(99), (groups, seed) => {
        const drawn = drawClusters([9], 200, seed)
        const together = bootstrapMeans(
          groups.map((group): Metric => [group]),
          [drawn],
          200,
          WIDE,
        )
        groups.forEach((group, i) => {
          expectSame((together[i] as (typeof together)[0]).bca, bca(meanOf(group), 9, drawn, 0.9))
        })
      }),
      { numRuns: 60 },
    )
  })

  test('each BCa interval of a difference is that of the difference alone', () => {
    fc.assert(
      fc.property(clusters(4, scores), clusters(6, scores), clusters(4, scores), clusters(6, scores), (a, b, c, d) => {
        const drawn = drawClusters([4, 6], 200, 3)
        const metrics: Metric[] = [
          [a, b],
          [c, d],
        ]
        const together = bootstrapMeans(metrics, resampleChunks([4, 6], 200, 3), 200, WIDE)
        expectSame(together[0]?.bca as ReturnType<typeof bca>, bca(differenceOf(a, b), 10, drawn, 0.9))
        expectSame(together[1]?.bca as ReturnType<typeof bca>, bca(differenceOf(c, d), 10, drawn, 0.9))
      }),
      { numRuns: 60 },
    )
  })

  test('the studentised interval comes from t* by its definition', () => {
    const group = [[1, 2], [4], [5, 5, 4], [10 / 3], [2, 4], [1], [5], [3, 3]]
    const drawn = drawClusters([8], 2000, 6)
    const [answer] = bootstrapMeans([[group]], [drawn], 2000, { level: 0.9, studentise: true })
    const values = group.flat()
    const mean = values.reduce((sum, y) => sum + y, 0) / values.length
    const squares = group.map((cluster) => cluster.reduce((sum, y) => sum + y - mean, 0) ** 2)
    const se = Math.sqrt(squares.reduce((sum, e) => sum + e, 0)) / values.length
    const wanted = studentisedOf(mean, se, plainTs(group, drawn), 0.9)
    if (wanted.kind === 'none' || answer?.studentised?.kind !== 'interval') throw new Error('expected two intervals')
    expect(answer.studentised.low).toBeCloseTo(wanted.low, 9)
    expect(answer.studentised.high).toBeCloseTo(wanted.high, 9)
  })

  test('too many resamples without spread leave no studentised interval', () => {
    // Two clusters: half of all resamples draw one of them twice.
    const [answer] = bootstrapMeans([[[[1], [5]]]], resampleChunks([2], 500, 1), 500, { level: 0.95, studentise: true })
    expect(answer?.studentised).toEqual({ kind: 'none', reason: 'studentised bootstrap: too many resamples have no spread' })
  })

  test('equal scores give the point in both', () => {
    const group = Array.from({ length: 5 }, () => [10 / 3])
    const [answer] = bootstrapMeans([[group]], resampleChunks([5], 50, 1), 50, { level: 0.95, studentise: true })
    expect(answer?.bca).toMatchObject({ kind: 'interval', point: true })
    const { studentised } = answer as { studentised: { low: number; high: number } }
    expect([studentised.low, studentised.high]).toEqual([expect.closeTo(10 / 3, 12), studentised.low])
  })

  test('adding a constant moves every end by it', () => {
    fc.assert(
      fc.property(clusters(8, likert), (group) => {
        const ends = (shift: number) => {
          const moved = group.map((cluster) => cluster.map((y) => y + shift))
          const [one] = bootstrapMeans([[moved]], resampleChunks([8], 300, 5), 300, { level: 0.9, studentise: true })
          return [one?.bca, one?.studentised].flatMap((i) =>
            i?.kind === 'interval' ? [i.low - shift, i.high - shift] : [Number.NaN],
          )
        }
        const [here, there] = [ends(0), ends(7)]
        expect(there).toEqual(here.map((end) => expect.closeTo(end, 9)))
      }),
      { numRuns: 60 },
    )
  })

  test('metrics of other shapes, empty clusters and values that are not finite are refused', () => {
    const run = (metrics: Metric[], studentise = false) =>
      bootstrapMeans(metrics, resampleChunks([2], 10, 1), 10, { level: 0.95, studentise })
    expect(() => run([])).toThrow(RangeError)
    expect(() => run([[[[1], [2]]], [[[1], [2], [3]]]])).toThrow('metrics on 2 clusters')
    expect(() => run([[[[1], []]]])).toThrow('at least one value')
    expect(() => run([[[[1], [Number.POSITIVE_INFINITY]]]])).toThrow('finite')
    expect(() =>
      run(
        [
          [
            [[1], [2]],
            [[1], [2]],
          ],
        ],
        true,
      ),
    ).toThrow('one group to studentise')
  })
})
