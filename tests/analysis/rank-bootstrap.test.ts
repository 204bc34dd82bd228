import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rankBootstrap } from '../../analysis/rank-bootstrap.ts'
import { drawClusters } from '../../analysis/resample.ts'
import { inseparableGroups } from '../../analysis/separable-groups.ts'

/** Every one of the Gᴳ resamples of G clusters, once. */
function allResamples(width: number): { indices: Uint32Array; width: number; count: number } {
  const count = width ** width
  const rows = Array.from({ length: count }, (_, row) =>
    Array.from({ length: width }, (_, i) => Math.floor(row / width ** i) % width),
  )
  return { indices: Uint32Array.from(rows.flat()), width, count }
}

const study = fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 4 })).chain(([models, clusters]) =>
  fc.array(
    fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: models, maxLength: models }), {
      minLength: 1,
      maxLength: 2,
    }),
    { minLength: clusters, maxLength: clusters },
  ),
)

const clustersOf = (images: readonly (readonly (readonly number[])[])[]) =>
  images.map((cases) => ({
    sums: (cases[0] ?? []).map((_, m) => cases.reduce((sum, scores) => sum + (scores[m] as number), 0)),
    cases: cases.length,
  }))

describe('ranks over every resample there is', () => {
  test('mean rank and chance to be the best are those counted by hand', () => {
    fc.assert(
      fc.property(study, (images) => {
        const models = images[0]?.[0]?.length ?? 0
        const resamples = allResamples(images.length)
        const rank = new Array<number>(models).fill(0)
        const best = new Array<number>(models).fill(0)
        for (let row = 0; row < resamples.count; row++) {
          const drawn = [...resamples.indices.subarray(row * images.length, (row + 1) * images.length)].flatMap(
            (i) => images[i] ?? [],
          )
          // Whole sums of the same cases for every model: no division, so that ties are exact.
          const sums = rank.map((_, m) => drawn.reduce((sum, scores) => sum + (scores[m] as number), 0))
          const leaders = sums.filter((sum) => sum === Math.max(...sums)).length
          for (const [m, own] of sums.entries()) {
            const above = sums.filter((sum) => sum > own).length
            const same = sums.filter((sum) => sum === own).length
            rank[m] = (rank[m] as number) + above + (same + 1) / 2
            if (above === 0) best[m] = (best[m] as number) + 1 / leaders
          }
        }
        const found = rankBootstrap(clustersOf(images), resamples, 0.95)
        for (const [m, { meanRank, pBest, low, high }] of found.entries()) {
          expect(meanRank).toBeCloseTo((rank[m] as number) / resamples.count, 9)
          expect(pBest).toBeCloseTo((best[m] as number) / resamples.count, 9)
          expect(low).toBeLessThanOrEqual(high)
        }
        expect(found.reduce((sum, { pBest }) => sum + pBest, 0)).toBeCloseTo(1, 9)
        expect(found.reduce((sum, { rank: own }) => sum + own, 0)).toBe((models * (models + 1)) / 2)
      }),
      { numRuns: 60 },
    )
  })

  test('two copies of one model share every rank', () => {
    const clusters = clustersOf([[[3, 3, 4]], [[2, 2, 1]], [[5, 5, 5]]])
    const [a, b] = rankBootstrap(clusters, drawClusters([3], 300, 1), 0.95)
    expect(a).toEqual(b)
  })

  test('no cluster, uneven models, numbers that are not finite and resamples of other clusters are refused', () => {
    const draws = drawClusters([2], 10, 1)
    const good = { sums: [1, 2], cases: 1 }
    expect(() => rankBootstrap([], draws, 0.95)).toThrow(RangeError)
    expect(() => rankBootstrap([good], draws, 0.95)).toThrow('resamples of 1 clusters')
    expect(() => rankBootstrap([good, { sums: [1], cases: 1 }], draws, 0.95)).toThrow('2 models')
    expect(() => rankBootstrap([good, { sums: [1, Number.NaN], cases: 1 }], draws, 0.95)).toThrow('finite')
    expect(() => rankBootstrap([good, { sums: [1, 1], cases: 0 }], draws, 0.95)).toThrow('at least one case')
  })
})

describe('groups that are not separated', () => {
  test('are all the sets without a separated pair that no further item fits into', () => {
    const edges = fc
      .integer({ min: 1, max: 6 })
      .chain((n) => fc.tuple(fc.constant(n), fc.array(fc.boolean(), { minLength: 36, maxLength: 36 })))
    fc.assert(
      fc.property(edges, ([n, flags]) => {
        const items = Array.from({ length: n }, (_, i) => i)
        const separated = (a: number, b: number) => flags[Math.min(a, b) * 6 + Math.max(a, b)] as boolean
        const whole = (group: readonly number[]) => group.every((a) => group.every((b) => a === b || !separated(a, b)))
        const sets = Array.from({ length: 2 ** n - 1 }, (_, k) => items.filter((i) => (k + 1) & (1 << i))).filter(whole)
        const maximal = sets.filter((set) => !items.some((i) => !set.includes(i) && whole([...set, i])))
        const sorted = (groups: readonly (readonly number[])[]) => groups.map((group) => group.join()).toSorted()
        expect(sorted(inseparableGroups(items, separated))).toEqual(sorted(maximal))
      }),
    )
  })

  test('no item gives no group', () => expect(inseparableGroups([], () => true)).toEqual([]))
})
