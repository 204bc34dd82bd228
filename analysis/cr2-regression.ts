import type { Cr2 } from './cr2.ts'

/** All values of one cluster and the row of the design that belongs to every one of them. */
export type DesignCluster = { row: readonly number[]; values: readonly number[] }

/** One coefficient with its CR2 standard error and degrees of freedom, or the reason why there is none. */
export type Coefficient = ({ kind: 'estimate' } & Cr2) | { kind: 'none'; reason: string }

/**
 * Ordinary least squares on regressors that are constant within a cluster, with CR2 standard errors.
 *
 * With M = (X′X)⁻¹, row x_g, size n_g, h_g = x_g′Mx_g and e_g the cluster's sum of residuals, the adjustment matrix
 * (I − H_gg)^(−1/2) multiplies a constant vector by (1 − n_g h_g)^(−1/2), so that V = M [Σ x_g x_g′ e_g² / (1 − n_g h_g)] M.
 * A cluster with n_g h_g = 1 fits exactly and adds nothing (the generalised inverse). Degrees of freedom of coefficient k with
 * a working covariance of I: (tr P)² / ΣΣ P², P_gh = u_g u_h (δ_gh n_g − n_g n_h x_g′Mx_h), u_g = (Mx_g)_k / √(1 − n_g h_g)
 * (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018), with one flag equal to `clusteredDifference`.
 *
 * One coefficient per column of the rows. Columns that depend on each other give no coefficient at all. No cluster, an empty
 * cluster, rows of unequal length or a number that is not finite is a RangeError.
 */
export function regressClusters(clusters: readonly DesignCluster[]): Coefficient[] {
  const width = requireClusters(clusters)
  const cross = zeros(width)
  const right = new Array<number>(width).fill(0)
  for (const { row, values } of clusters) {
    const total = values.reduce((sum, y) => sum + y, 0)
    for (let a = 0; a < width; a++) {
      right[a] = at(right, a) + at(row, a) * total
      for (let b = 0; b < width; b++) addTo(cross, a, b, values.length * at(row, a) * at(row, b))
    }
  }
  const inverse = invert(cross)
  if (inverse === null)
    return right.map(() => ({ kind: 'none', reason: 'the flags depend on each other: the adjusted delta is not determined' }))
  const coefficients = inverse.map((line) => dot(line, right))
  const parts = clusters.map(({ row, values }) => partOf(row, values, coefficients, inverse))
  return coefficients.map((value, k) => withError(value, k, parts))
}

type Part = { size: number; leverage: number; scale: number; residual: number; moved: number[]; row: readonly number[] }

function partOf(row: readonly number[], values: readonly number[], coefficients: readonly number[], inverse: number[][]): Part {
  const moved = inverse.map((line) => dot(line, row))
  const leverage = dot(row, moved)
  const rest = 1 - values.length * leverage
  const fitted = dot(row, coefficients)
  const residual = values.reduce((sum, y) => sum + (y - fitted), 0)
  return { size: values.length, leverage, scale: rest < 1e-9 ? 0 : 1 / Math.sqrt(rest), residual, moved, row }
}

function withError(value: number, k: number, parts: readonly Part[]): Coefficient {
  let [variance, trace, squares] = [0, 0, 0]
  // Off the diagonal P depends on rows only, and few rows differ: Σ u²n² per row stands for all clusters that have it.
  const rows = new Map<string, { part: Part; weight: number }>()
  for (const part of parts) {
    const u = at(part.moved, k) * part.scale
    variance += (u * part.residual) ** 2
    const diagonal = u * u * part.size * (1 - part.size * part.leverage)
    const weight = (u * part.size) ** 2
    trace += diagonal
    squares += diagonal ** 2 - (weight * part.leverage) ** 2
    const key = part.row.join(',')
    const known = rows.get(key)
    if (known === undefined) rows.set(key, { part, weight })
    else known.weight += weight
  }
  for (const a of rows.values())
    for (const b of rows.values()) squares += a.weight * b.weight * dot(a.part.row, b.part.moved) ** 2
  if (!(squares > 0 && trace > 0)) return { kind: 'none', reason: 'every image is fitted exactly: no standard error' }
  const standardError = Math.sqrt(variance)
  const rounded = standardError < 1e-12 * Math.max(1, Math.abs(value)) ? 0 : standardError
  return { kind: 'estimate', value, standardError: rounded, df: (trace * trace) / squares }
}

/** Gauss–Jordan with row pivots; null when a pivot is 0 but for rounding. Counts of cases make the entries whole numbers. */
function invert(matrix: readonly number[][]): number[][] | null {
  const width = matrix.length
  const work = matrix.map((line, i) => [...line, ...line.map((_, j) => (i === j ? 1 : 0))])
  const largest = Math.max(...matrix.flat().map(Math.abs))
  for (let column = 0; column < width; column++) {
    const size = (line: number) => Math.abs(at(work[line] as number[], column))
    let pivot = column
    for (let line = column + 1; line < width; line++) if (size(line) > size(pivot)) pivot = line
    if (size(pivot) <= 1e-10 * largest) return null
    const [lower, upper] = [work[pivot] as number[], work[column] as number[]]
    work[column] = lower
    work[pivot] = upper
    const divisor = at(lower, column)
    for (let j = 0; j < 2 * width; j++) lower[j] = at(lower, j) / divisor
    for (const line of work) {
      const times = line === lower ? 0 : at(line, column)
      if (times !== 0) for (let j = 0; j < 2 * width; j++) line[j] = at(line, j) - times * at(lower, j)
    }
  }
  return work.map((line) => line.slice(width))
}

function requireClusters(clusters: readonly DesignCluster[]): number {
  const width = clusters[0]?.row.length ?? 0
  if (width === 0) throw new RangeError('regressClusters requires at least one cluster and column, got none')
  for (const { row, values } of clusters) {
    if (row.length !== width) throw new RangeError(`regressClusters requires rows of ${width} numbers, got ${row.length}`)
    if (values.length === 0) throw new RangeError('regressClusters requires clusters with at least one value, got an empty one')
    for (const number of [...row, ...values])
      if (!Number.isFinite(number)) throw new RangeError(`regressClusters requires finite values, got ${number}`)
  }
  return width
}

function zeros(width: number): number[][] {
  return Array.from({ length: width }, () => new Array<number>(width).fill(0))
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * at(b, i), 0)
}

function at(line: readonly number[], place: number): number {
  return line[place] as number
}

function addTo(matrix: number[][], a: number, b: number, value: number): void {
  const line = matrix[a] as number[]
  line[b] = at(line, b) + value
}
