import { toLattice } from './lattice.ts'
import { midRanks, TIE } from './mid-ranks.ts'
import { quantilesOf } from './quantiles.ts'
import type { Resamples } from './resample.ts'
import { resampledSums } from './resampled-sums.ts'

/** The sum of every model's scores in one cluster of cases, and how many cases these are. */
export type ScoredCluster = { sums: readonly number[]; cases: number }

/** One model's rank, 1 being the best, over the resamples. */
export type RankSpread = { mean: number; rank: number; meanRank: number; low: number; high: number; pBest: number }

/**
 * Ranks of models by their means, in the data and in every resample of clusters; all models go through the same resamples.
 *
 * Means within 1e-9 share the mean of their ranks. The interval's ends are type 7 quantiles of the ranks. On top, a tie of k
 * models gives each 1/k, so that `pBest` sums to 1. Every cluster holds all models, in the same order. No cluster, no
 * model, an empty cluster, sums that are not finite or resamples of other clusters are a RangeError.
 */
export function rankBootstrap(clusters: readonly ScoredCluster[], resamples: Resamples, level: number): RankSpread[] {
  const models = requireClusters(clusters, resamples)
  const { count } = resamples
  const columns = Array.from({ length: models }, (_, m) => Float64Array.from(clusters, ({ sums }) => sums[m] as number))
  // As whole numbers, equal sums are equal to the bit and several are added at once.
  const lattices = columns.map((values) => toLattice(values) ?? { values, scale: 1 })
  const sizes = Float64Array.from(clusters, ({ cases }) => cases)
  const [drawn = []] = resampledSums([[sizes, ...lattices.map(({ values }) => values)]], [resamples], count)
  const ranks = Array.from({ length: models }, () => new Float64Array(count))
  const best = new Float64Array(models)
  const totals = new Float64Array(models)
  for (let row = 0; row < count; row++) {
    const cases = drawn[0]?.[row] as number
    for (const [m, { scale }] of lattices.entries()) totals[m] = (drawn[m + 1]?.[row] as number) / (cases * scale)
    const { placed, leaders } = placesOf(totals)
    for (let m = 0; m < models; m++) (ranks[m] as Float64Array)[row] = placed[m] as number
    for (const leader of leaders) best[leader] = (best[leader] as number) + 1 / leaders.length
  }
  const cases = clusters.reduce((sum, cluster) => sum + cluster.cases, 0)
  const means = Float64Array.from(totals, (_, m) => clusters.reduce((sum, { sums }) => sum + (sums[m] as number), 0) / cases)
  const { placed } = placesOf(means)
  return ranks.map((places, m) => {
    const [low, high] = quantilesOf(places, [(1 - level) / 2, (1 + level) / 2]) as [number, number]
    const meanRank = places.reduce((sum, rank) => sum + rank, 0) / count
    return { mean: means[m] as number, rank: placed[m] as number, meanRank, low, high, pBest: (best[m] as number) / count }
  })
}

function placesOf(means: Float64Array): { placed: number[]; leaders: number[] } {
  const placed = midRanks(Array.from(means, (mean) => -mean))
  const top = means.reduce((largest, mean) => Math.max(largest, mean), Number.NEGATIVE_INFINITY)
  return { placed, leaders: [...means.keys()].filter((m) => top - (means[m] as number) <= TIE) }
}

function requireClusters(clusters: readonly ScoredCluster[], { width }: Resamples): number {
  const models = clusters[0]?.sums.length ?? 0
  if (models === 0) throw new RangeError('rankBootstrap requires at least one cluster and one model, got none')
  if (width !== clusters.length)
    throw new RangeError(`rankBootstrap requires resamples of ${clusters.length} clusters, got ${width}`)
  for (const { sums, cases } of clusters) {
    if (sums.length !== models) throw new RangeError(`rankBootstrap requires ${models} models a cluster, got ${sums.length}`)
    if (!(cases > 0)) throw new RangeError(`rankBootstrap requires clusters with at least one case, got ${cases}`)
    for (const sum of sums) if (!Number.isFinite(sum)) throw new RangeError(`rankBootstrap requires finite sums, got ${sum}`)
  }
  return models
}
