import { requireFinite } from './finite.ts'
import { TIE } from './mid-ranks.ts'

/** How two groups of values lie to each other. */
export type Dominance = {
  /** Share of pairs with x above y minus share with x below y, −1 to 1. */
  delta: number
  /** Chance that an x lies above a y, a tie counting half: (delta + 1) / 2. */
  superiority: number
  /** For each x, the share of y below it minus the share above it; their mean is delta. */
  placementsX: number[]
  /** For each y, the share of x above it minus the share below it; their mean is delta. */
  placementsY: number[]
  /** Cliff's unbiased variance for independent values; null when a group has one value only. */
  variance: number | null
}

/**
 * Cliff's delta (1993), values within 1e-9 being tied. The variance is Cliff's (1996) unbiased one,
 * [n²Σ(dᵢ − δ)² + m²Σ(dⱼ − δ)² − ΣΣ(dᵢⱼ − δ)²] / (mn(m − 1)(n − 1)) with m values x and n values y; it can fall below 0.
 * An empty group or a value that is not finite is a RangeError.
 */
export function cliffsDelta(x: readonly number[], y: readonly number[]): Dominance {
  requireFinite('cliffsDelta', x, 1)
  requireFinite('cliffsDelta', y, 1)
  const placementsX = placements(x, y)
  const placementsY = placements(y, x).map((placement) => -placement)
  const delta = placementsX.reduce((sum, d) => sum + d, 0) / x.length
  const variance = x.length < 2 || y.length < 2 ? null : unbiasedVariance(x, y, delta, placementsX, placementsY)
  return { delta, superiority: (delta + 1) / 2, placementsX, placementsY, variance }
}

/**
 * Cliff's (1996) asymmetric interval of a delta, which stays within −1 to 1:
 * [δ − δ³ ± z·s·√((1 − δ²)² + z²s²)] / (1 − δ² + z²s²). `quantile` is z, or t's where few clusters give s.
 */
export function cliffsInterval(delta: number, standardError: number, quantile: number): { low: number; high: number } {
  const reach = quantile * standardError
  const scale = 1 - delta * delta + reach * reach
  if (scale === 0) return { low: delta, high: delta }
  const centre = delta - delta ** 3
  const half = reach * Math.hypot(1 - delta * delta, reach)
  return { low: Math.max(-1, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) }
}

/** For each value, the share of the others below it minus the share above it. */
function placements(values: readonly number[], others: readonly number[]): number[] {
  const sorted = Float64Array.from(others).sort()
  return values.map((value) => {
    const below = firstAtLeast(sorted, value - TIE)
    const above = sorted.length - firstAtLeast(sorted, value + TIE)
    return (below - above) / sorted.length
  })
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

function unbiasedVariance(
  x: readonly number[],
  y: readonly number[],
  delta: number,
  placementsX: readonly number[],
  placementsY: readonly number[],
): number {
  const [m, n] = [x.length, y.length]
  const spread = (values: readonly number[]) => values.reduce((sum, d) => sum + (d - delta) ** 2, 0)
  const sorted = Float64Array.from(y).sort()
  const tied = x.reduce((sum, value) => sum + firstAtLeast(sorted, value + TIE) - firstAtLeast(sorted, value - TIE), 0)
  const cells = m * n - tied - m * n * delta * delta
  return (n * n * spread(placementsX) + m * m * spread(placementsY) - cells) / (m * n * (m - 1) * (n - 1))
}
