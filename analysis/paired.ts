import { requireFinite } from './finite.ts'
import { tQuantile, tTwoSided } from './student-t.ts'

/** A paired comparison that treats every pair as independent; null where equal differences leave nothing to divide by. */
export type Paired = {
  n: number
  mean: number
  sd: number
  standardError: number
  df: number
  t: number | null
  p: number | null
  /** Cohen's d_z: mean / sd of the differences. */
  dz: number | null
  /** d_z times 1 − 3/(4(n − 1) − 1), Hedges' correction for few pairs. */
  gz: number | null
}

/**
 * Student's paired t and the standardised mean difference, from the differences. At least two of them, all finite, else a
 * RangeError. Differences that are equal but for rounding have sd 0 and no t, p, d_z or g_z.
 */
export function paired(differences: readonly number[]): Paired {
  requireFinite('paired', differences, 2)
  const n = differences.length
  const df = n - 1
  const mean = differences.reduce((sum, d) => sum + d, 0) / n
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0)
  const spread = Math.sqrt(squares / df)
  const sd = spread < 1e-12 * Math.max(1, Math.abs(mean)) ? 0 : spread
  const standardError = sd / Math.sqrt(n)
  if (sd === 0) return { n, mean, sd, standardError, df, t: null, p: null, dz: null, gz: null }
  const t = mean / standardError
  const dz = mean / sd
  return { n, mean, sd, standardError, df, t, p: tTwoSided(t, df), dz, gz: dz * (1 - 3 / (4 * df - 1)) }
}

/** The ends of the two-sided t interval of a paired comparison. */
export function pairedInterval({ mean, standardError, df }: Paired, level: number): { low: number; high: number } {
  const half = tQuantile((1 + level) / 2, df) * standardError
  return { low: mean - half, high: mean + half }
}
