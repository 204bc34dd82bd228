import { incompleteGamma } from './incomplete-gamma.ts'

/**
 * The chi-square distribution with `df` degrees of freedom at x ≥ 0: the share below and the share above, each with all its
 * digits where it is small. Another x or a df of 0 is a RangeError.
 */
export function chiSquare(x: number, df: number): { lower: number; upper: number } {
  if (!(x >= 0)) throw new RangeError(`chiSquare requires x from 0 upwards, got ${x}`)
  if (!(df > 0)) throw new RangeError(`chiSquare requires df above 0, got ${df}`)
  return incompleteGamma(df / 2, x / 2)
}
