import type { Cluster } from './cr2.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { quantilesOf } from './quantiles.ts'
import type { Resamples } from './resample.ts'

/** A number computed from clusters named by index; an index that stands twice counts twice. */
export type ClusterStatistic = (indices: ArrayLike<number>) => number

/** A BCa interval with the quantities it is made of, or the reason why there is none. */
export type Bca =
  | { kind: 'interval'; low: number; high: number; z0: number; acceleration: number; standardError: number; point: boolean }
  | { kind: 'none'; reason: string }

/** The mean of all values in the named clusters, as `clusteredMean` estimates it. */
export function meanOf(clusters: readonly Cluster[]): ClusterStatistic {
  const sums = Float64Array.from(clusters, (cluster) => cluster.reduce((sum, y) => sum + y, 0))
  const sizes = Float64Array.from(clusters, (cluster) => cluster.length)
  return (indices) => {
    let sum = 0
    let n = 0
    for (let i = 0; i < indices.length; i++) {
      const cluster = indices[i] as number
      sum += sums[cluster] as number
      n += sizes[cluster] as number
    }
    return sum / n
  }
}

/** Mean of flagged minus mean of unflagged; indices run through the flagged clusters first, then the unflagged. */
export function differenceOf(flagged: readonly Cluster[], unflagged: readonly Cluster[]): ClusterStatistic {
  const sums = Float64Array.from([...flagged, ...unflagged], (cluster) => cluster.reduce((sum, y) => sum + y, 0))
  const sizes = Float64Array.from([...flagged, ...unflagged], (cluster) => cluster.length)
  const border = flagged.length
  return (indices) => {
    let sum1 = 0
    let n1 = 0
    let sum0 = 0
    let n0 = 0
    for (let i = 0; i < indices.length; i++) {
      const cluster = indices[i] as number
      if (cluster < border) {
        sum1 += sums[cluster] as number
        n1 += sizes[cluster] as number
      } else {
        sum0 += sums[cluster] as number
        n0 += sizes[cluster] as number
      }
    }
    return sum1 / n1 - sum0 / n0
  }
}

/**
 * The bias-corrected and accelerated bootstrap interval (Efron 1987) of a statistic over clusters, as `bcaOf` makes it from
 * the statistic's replicates and its delete-one-cluster values. `clusters` is how many clusters the statistic knows,
 * numbered from 0.
 */
export function bca(statistic: ClusterStatistic, clusters: number, resamples: Resamples, level: number): Bca {
  const estimate = statistic(Uint32Array.from({ length: clusters }, (_, i) => i))
  return bcaOf(estimate, replicate(statistic, resamples), jackknife(statistic, clusters), level)
}

/**
 * The BCa interval of an estimate from its replicates and its values with each cluster left out.
 *
 * z0 takes the mid-rank share (#{t* < t} + #{t* ≤ t}) / 2B, values within 1e-9·max(1, |t|) counting as equal, because
 * scores from 1 to 5 tie often. The acceleration comes from the centred delete-one-cluster jackknife (Efron and
 * Tibshirani 1993, eq. 14.15); the ends are type 7 quantiles. When every resample gives the estimate itself the interval
 * is that point and `point` is true. When a replicate or a left-out value is not finite, or all replicates lie on one side
 * of the estimate, there is no interval and the reason says which. No replicate or a level outside (0, 1) is a RangeError.
 */
export function bcaOf(estimate: number, replicates: Float64Array, leftOut: ArrayLike<number>, level: number): Bca {
  if (!(level > 0 && level < 1)) throw new RangeError(`bcaOf requires a level between 0 and 1, got ${level}`)
  if (replicates.length === 0) throw new RangeError('bcaOf requires at least one replicate, got none')
  const { below, equal, standardError } = summaryOf(replicates, estimate)
  if (!Number.isFinite(standardError)) return { kind: 'none', reason: 'BCa: a resample gives no number' }
  if (equal === replicates.length)
    return { kind: 'interval', low: estimate, high: estimate, z0: 0, acceleration: 0, standardError: 0, point: true }
  const share = (below + equal / 2) / replicates.length
  if (share === 0 || share === 1) return { kind: 'none', reason: 'BCa: all resamples lie on one side of the estimate' }
  if (!allFinite(leftOut)) return { kind: 'none', reason: 'BCa: without one cluster there is no number' }
  const z0 = normalQuantile(share)
  const acceleration = accelerationOf(leftOut)
  const lower = shiftedLevel(normalQuantile((1 - level) / 2), z0, acceleration)
  const upper = shiftedLevel(normalQuantile((1 + level) / 2), z0, acceleration)
  if (!(lower < upper)) return { kind: 'none', reason: 'BCa: the acceleration is too large for this level' }
  const [low, high] = quantilesOf(replicates, [lower, upper]) as [number, number]
  return { kind: 'interval', low, high, z0, acceleration, standardError, point: false }
}

/** The statistic of every resample, in the order drawn. */
export function replicate(statistic: ClusterStatistic, { indices, width, count }: Resamples): Float64Array {
  const replicates = new Float64Array(count)
  for (let row = 0; row < count; row++) replicates[row] = statistic(indices.subarray(row * width, (row + 1) * width))
  return replicates
}

/** The statistic without each cluster in turn. */
export function jackknife(statistic: ClusterStatistic, clusters: number): number[] {
  return Array.from({ length: clusters }, (_, left) =>
    statistic(Uint32Array.from({ length: clusters - 1 }, (_, i) => (i < left ? i : i + 1))),
  )
}

/** Replicates below the estimate, equal to it, and their standard deviation, which is not finite when one of them is not. */
function summaryOf(replicates: Float64Array, estimate: number): { below: number; equal: number; standardError: number } {
  const { below, notAbove, sum, squares } = tally(replicates, estimate, 1e-9 * Math.max(1, Math.abs(estimate)))
  const count = replicates.length
  const rest = Math.max(0, squares - (sum * sum) / count)
  return { below, equal: notAbove - below, standardError: Math.sqrt(rest / Math.max(1, count - 1)) }
}

/** Sums of comparisons: branches on random numbers would cost three times as much. */
function tally(
  replicates: Float64Array,
  estimate: number,
  tolerance: number,
): { below: number; notAbove: number; sum: number; squares: number } {
  let below = 0
  let notAbove = 0
  let sum = 0
  let squares = 0
  for (let i = 0; i < replicates.length; i++) {
    const off = (replicates[i] as number) - estimate
    below += off < -tolerance ? 1 : 0
    notAbove += off <= tolerance ? 1 : 0
    sum += off
    squares += off * off
  }
  return { below, notAbove, sum, squares }
}

function accelerationOf(leftOut: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < leftOut.length; i++) sum += leftOut[i] as number
  const mean = sum / leftOut.length
  let squares = 0
  let cubes = 0
  for (let i = 0; i < leftOut.length; i++) {
    const off = mean - (leftOut[i] as number)
    squares += off * off
    cubes += off * off * off
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
}

function shiftedLevel(z: number, z0: number, acceleration: number): number {
  const moved = z0 + z
  const scale = 1 - acceleration * moved
  return scale > 0 ? normalCdf(z0 + moved / scale) : Number.NaN
}

function allFinite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false
  return true
}
