import { tQuantile } from './student-t.ts'

/** Values that share a cluster, such as the scores of all cases on one image. */
export type Cluster = readonly number[]

/** A mean or a difference of means with its CR2 standard error and Satterthwaite degrees of freedom. */
export type Cr2 = { value: number; standardError: number; df: number }

/**
 * The mean of all values with the CR2 (bias-reduced, Bell–McCaffrey) standard error for an intercept-only model.
 *
 * With p_g = n_g/n and e_g the sum of residuals of cluster g: V = Σ e_g²/(1 − p_g) / n², q_g = p_g²/(1 − p_g),
 * df = 1 / (Σ p_g² + (Σ q_g)² − Σ q_g²). Equal clusters give df = G − 1. Closed form of Pustejovsky and Tipton (2018),
 * equal to R clubSandwich. Every value weighs the same. Fewer than two clusters, an empty cluster or a value that is
 * not finite is a RangeError: such a standard error does not exist.
 */
export function clusteredMean(clusters: readonly Cluster[]): Cr2 {
  if (clusters.length < 2) throw new RangeError(`clusteredMean requires at least 2 clusters, got ${clusters.length}`)
  const { value, n } = pooledMean(clusters)
  let variance = 0
  let sumP2 = 0
  let sumQ = 0
  let sumQ2 = 0
  for (const cluster of clusters) {
    const p = cluster.length / n
    const residual = cluster.reduce((sum, y) => sum + (y - value), 0)
    const q = (p * p) / (1 - p)
    variance += (residual * residual) / (1 - p)
    sumP2 += p * p
    sumQ += q
    sumQ2 += q * q
  }
  const standardError = Math.sqrt(variance) / n
  return { value, standardError: withoutRounding(standardError, value), df: 1 / (sumP2 + sumQ * sumQ - sumQ2) }
}

/**
 * The mean of the flagged values minus the mean of the unflagged ones, where the flag belongs to whole clusters.
 *
 * V = V₁ + V₀ and df = (1/n₁ + 1/n₀)² / ((1/n₁)²/df₁ + (1/n₀)²/df₀), the two-arm closed form of CR2. It does not hold
 * when a cluster has values in both groups; the caller must see to that. Each group needs two clusters, else RangeError.
 */
export function clusteredDifference(flagged: readonly Cluster[], unflagged: readonly Cluster[]): Cr2 {
  const one = clusteredMean(flagged)
  const zero = clusteredMean(unflagged)
  const inverse1 = 1 / flagged.reduce((n, cluster) => n + cluster.length, 0)
  const inverse0 = 1 / unflagged.reduce((n, cluster) => n + cluster.length, 0)
  return {
    value: one.value - zero.value,
    standardError: Math.hypot(one.standardError, zero.standardError),
    df: (inverse1 + inverse0) ** 2 / (inverse1 ** 2 / one.df + inverse0 ** 2 / zero.df),
  }
}

/** The mean of all values and their number. No value at all, or one that is not finite, is a RangeError. */
export function pooledMean(clusters: readonly Cluster[]): { value: number; n: number } {
  let sum = 0
  let n = 0
  for (const cluster of clusters) {
    if (cluster.length === 0) throw new RangeError('pooledMean requires clusters with at least one value, got an empty one')
    for (const y of cluster) {
      if (!Number.isFinite(y)) throw new RangeError(`pooledMean requires finite values, got ${y}`)
      sum += y
    }
    n += cluster.length
  }
  if (n === 0) throw new RangeError('pooledMean requires at least one value, got none')
  return { value: sum / n, n }
}

/** The two-sided t interval at `level`, such as 0.95. A standard error of 0 gives the point itself. */
export function tInterval(estimate: Cr2, level: number): { low: number; high: number } {
  const half = tQuantile((1 + level) / 2, estimate.df) * estimate.standardError
  return { low: estimate.value - half, high: estimate.value + half }
}

/** Equal scores such as 10/3 leave a residual of about 1e-16 each: that is rounding, not spread. */
function withoutRounding(standardError: number, value: number): number {
  return standardError < 1e-12 * Math.max(1, Math.abs(value)) ? 0 : standardError
}
