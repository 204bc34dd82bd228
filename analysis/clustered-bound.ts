import { type Cluster, clusteredMean, pooledMean } from './cr2.ts'
import { fQuantile } from './f-distribution.ts'
import { tQuantile } from './student-t.ts'

/**
 * A share with a one-sided upper bound at `level` that allows for clusters: Clopper and Pearson’s exact bound at an
 * effective number of things (Korn and Graubard 1998).
 *
 * The effective number is p(1 − p)/V with V the CR2 variance, times (t(n − 1)/t(df))², at most n. Where V says nothing,
 * because no thing or every thing is positive or images do not differ, it is the number of clusters. Values are 0 or 1. No
 * cluster, an empty one or another value is a RangeError.
 */
export function clusteredUpperBound(clusters: readonly Cluster[], level: number): { value: number; high: number } {
  if (!(level > 0 && level < 1)) throw new RangeError(`clusteredUpperBound requires a level between 0 and 1, got ${level}`)
  for (const value of clusters.flat())
    if (value !== 0 && value !== 1) throw new RangeError(`clusteredUpperBound requires values 0 or 1, got ${value}`)
  const { value, n } = pooledMean(clusters)
  const effective = effectiveNumber(clusters, value, n, level)
  const positive = value * effective
  if (effective - positive <= 1e-9) return { value, high: 1 }
  const f = fQuantile(level, 2 * (positive + 1), 2 * (effective - positive))
  return { value, high: ((positive + 1) * f) / (effective - positive + (positive + 1) * f) }
}

function effectiveNumber(clusters: readonly Cluster[], p: number, n: number, level: number): number {
  if (clusters.length < 2 || p === 0 || p === 1) return clusters.length
  const { standardError, df } = clusteredMean(clusters)
  if (standardError === 0) return clusters.length
  const narrower = level === 0.5 ? 1 : tQuantile(level, n - 1) / tQuantile(level, df)
  return Math.min(n, ((p * (1 - p)) / standardError ** 2) * narrower ** 2)
}
