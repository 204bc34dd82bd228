import { type Bca, bcaOf } from './cluster-bootstrap.ts'
import type { Cluster } from './cr2.ts'
import { toLattice } from './lattice.ts'
import type { Resamples } from './resample.ts'
import { resampledSums } from './resampled-sums.ts'
import { type Studentised, studentisedOf } from './studentised.ts'

/** A mean of clustered values (one group), or a difference of two means: first group minus second. */
export type Metric = readonly (readonly Cluster[])[]

/** The bootstrap intervals of one metric; the studentised one only where it was asked for. */
export type MeanIntervals = { bca: Bca; studentised: Studentised | null }

/**
 * What a group of clusters adds to the columns, and where its sums are found again. `sums` are cluster sums × scale less
 * centre × size: near the mean, squares are small enough to be packed, and differences of them lose no digits.
 */
type Group = { sums: Float64Array; sizes: Float64Array; scale: number; centre: number; first: number }

/**
 * BCa intervals of many means, or of many differences of means, from one set of resampled clusters; with `studentise` also
 * the studentised interval of each mean. In input order.
 *
 * All metrics have the same number of groups and, group by group, the same number of clusters, which are the strata of
 * `chunks`; `count` is the number of resamples in them. A value is a whole number over a small denominator wherever the
 * scores are, so equal replicates are equal to the bit. Metrics of different shape, no metric, an empty cluster or a value
 * that is not finite is a RangeError; so is `studentise` for differences.
 */
export function bootstrapMeans(
  metrics: readonly Metric[],
  chunks: Iterable<Resamples>,
  count: number,
  { level, studentise }: { level: number; studentise: boolean },
): MeanIntervals[] {
  const shape = requireShape(metrics, studentise)
  const columns: Float64Array[][] = shape.map(() => [])
  const prepared = metrics.map((metric) => metric.map((group, s) => prepare(group, columns[s] as Float64Array[], studentise)))
  const sums = resampledSums(columns, chunks, count)
  return prepared.map((groups) => {
    const estimate = signed(groups.map(meanOfGroup))
    const replicates = new Float64Array(count)
    groups.forEach((group, s) => {
      addMeans(replicates, sums[s] as Float64Array[], group, s === 0 ? 1 : -1)
    })
    const bca = bcaOf(estimate, replicates, leftOut(groups), level)
    const [group] = groups as [Group]
    if (!studentise) return { bca, studentised: null }
    const ts = studentisedReplicates(group, sums[0] as Float64Array[], replicates, estimate)
    return { bca, studentised: studentisedOf(estimate, standardErrorOf(group), ts, level) }
  })
}

function requireShape(metrics: readonly Metric[], studentise: boolean): number[] {
  const [first] = metrics
  if (first === undefined) throw new RangeError('bootstrapMeans requires at least one metric, got none')
  const shape = first.map((group) => group.length)
  const other = metrics.find((metric) => metric.map((group) => group.length).join() !== shape.join())
  if (other !== undefined)
    throw new RangeError(`bootstrapMeans requires metrics on ${shape} clusters, got one on ${other.map((group) => group.length)}`)
  if (shape.length < 1 || shape.length > 2 || (studentise && shape.length === 2))
    throw new RangeError(
      `bootstrapMeans requires ${studentise ? 'one group to studentise' : 'one or two groups'}, got ${shape.length}`,
    )
  return shape
}

function prepare(clusters: readonly Cluster[], columns: Float64Array[], studentise: boolean): Group {
  const { raw, sizes } = totalsOf(clusters)
  const lattice = toLattice(raw)
  const { values, scale } = lattice ?? { values: raw, scale: 1 }
  const mean = total(values) / total(sizes)
  const centre = lattice === null ? mean : Math.round(mean)
  const sums = values.map((sum, g) => sum - centre * (sizes[g] as number))
  const first = columns.length
  columns.push(sums, sizes)
  if (studentise) columns.push(product(sums, sums), product(sums, sizes), product(sizes, sizes))
  return { sums, sizes, scale, centre, first }
}

function totalsOf(clusters: readonly Cluster[]): { raw: Float64Array; sizes: Float64Array } {
  const raw = new Float64Array(clusters.length)
  const sizes = new Float64Array(clusters.length)
  for (let g = 0; g < clusters.length; g++) {
    const cluster = clusters[g] as Cluster
    let sum = 0
    for (let i = 0; i < cluster.length; i++) sum += cluster[i] as number
    if (cluster.length === 0) throw new RangeError('bootstrapMeans requires clusters with at least one value, got an empty one')
    if (!Number.isFinite(sum)) throw new RangeError('bootstrapMeans requires finite values, got one that is not')
    raw[g] = sum
    sizes[g] = cluster.length
  }
  return { raw, sizes }
}

function addMeans(target: Float64Array, columns: readonly Float64Array[], { first, scale, centre }: Group, sign: number): void {
  const sums = columns[first] as Float64Array
  const sizes = columns[first + 1] as Float64Array
  for (let b = 0; b < target.length; b++)
    target[b] = (target[b] as number) + (sign * (centre + (sums[b] as number) / (sizes[b] as number))) / scale
}

/** The metric without each cluster of each group in turn; NaN where a group has no other. */
function leftOut(groups: readonly Group[]): Float64Array {
  const means = groups.map(meanOfGroup)
  const values = groups.map(({ sums, sizes, scale, centre }, s) => {
    const [sum, n] = [total(sums), total(sizes)]
    const rest = s === 0 ? -(means[1] ?? 0) : (means[0] as number)
    const sign = s === 0 ? 1 : -1
    return sums.map((one, g) => rest + (sign * (centre + (sum - one) / (n - (sizes[g] as number)))) / scale)
  })
  return values.length === 1 ? (values[0] as Float64Array) : Float64Array.from([...(values[0] ?? []), ...(values[1] ?? [])])
}

/**
 * t* of every resample with the cluster-robust standard error √(Σ (S_g − θ* n_g)²) / n, drawn clusters counting as often as
 * drawn: the small-sample factor of the number of clusters is the same in se and se*, so it cancels.
 */
function studentisedReplicates(
  { first, scale, centre }: Group,
  columns: readonly Float64Array[],
  replicates: Float64Array,
  estimate: number,
): Float64Array {
  const [sums, sizes, squares, crossed, sizesSquared] = columns.slice(first, first + 5) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  return replicates.map((replicate, b) => {
    const [n, square] = [sizes[b] as number, squares[b] as number]
    const mean = (sums[b] as number) / n
    const sized = sizesSquared[b] as number
    const standardError =
      spreadOf(square, mean * (crossed[b] as number), mean * mean * sized, centre * centre * sized) / (n * scale)
    const off = replicate - estimate
    if (standardError > 0) return off / standardError
    return Math.abs(off) <= 1e-9 * Math.max(1, Math.abs(estimate)) ? 0 : off * Number.POSITIVE_INFINITY
  })
}

function standardErrorOf({ sums, sizes, scale, centre }: Group): number {
  const n = total(sizes)
  const mean = total(sums) / n
  const crossed = mean * total(product(sums, sizes))
  const sized = total(product(sizes, sizes))
  return spreadOf(total(product(sums, sums)), crossed, mean * mean * sized, centre * centre * sized) / (n * scale)
}

/** √(square − 2·crossed + sized), where a rest that is only rounding, also of the `whole` before centring, counts as 0. */
function spreadOf(square: number, crossed: number, sized: number, whole: number): number {
  const rest = square - 2 * crossed + sized
  return rest <= Math.max(1e-12 * square, 1e-26 * whole) ? 0 : Math.sqrt(rest)
}

function meanOfGroup({ sums, sizes, scale, centre }: Group): number {
  return (centre + total(sums) / total(sizes)) / scale
}

function signed(means: readonly number[]): number {
  return (means[0] as number) - (means[1] ?? 0)
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value * (b[i] as number))
}

function total(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum
}
