import { roundHalfDown } from './level.ts'

/** How many sums `agreementSums` makes. */
export const AGREEMENT_SUMS = 10

/** What two raters’ scores of the same things have in common; errors are the first’s minus the second’s. */
export type Agreement = {
  n: number
  bias: number
  meanAbsoluteError: number
  rootMeanSquareError: number
  /** Standard deviation of the differences, divisor n − 1; null for one pair. */
  standardDeviation: number | null
  /** Lin’s concordance correlation; null when both are constant and equal. */
  concordance: number | null
  /** Share at the same level, scores being rounded with a half to the worse level. */
  exact: number
  /** Share within one level. */
  adjacent: number
}

/**
 * The sums behind `agreementFrom` for one pair of scores; sums of many pairs add up. In order: count, x, y, x²,
 * y², xy, |x − y|, (x − y)², same level, within one level.
 */
export function agreementSums(x: number, y: number): number[] {
  const levels = Math.abs(roundHalfDown(x) - roundHalfDown(y))
  return [1, x, y, x * x, y * y, x * y, Math.abs(x - y), (x - y) ** 2, Number(levels === 0), Number(levels <= 1)]
}

/**
 * Agreement from added-up sums that start at `offset`. Concordance: 2 s_xy / (s_x² + s_y² + (x̄ − ȳ)²), moments divided by n
 * (Lin 1989); on whole scores it is the quadratic weighted kappa. A count of 0 is a RangeError.
 */
export function agreementFrom(sums: ArrayLike<number>, offset = 0): Agreement {
  const at = (place: number) => sums[offset + place] as number
  const n = at(0)
  if (!(n > 0)) throw new RangeError(`agreementFrom requires at least one pair, got ${n}`)
  const [mx, my] = [at(1) / n, at(2) / n]
  const bias = mx - my
  const spread = at(3) / n - mx * mx + at(4) / n - my * my
  const squares = Math.max(0, at(7) - n * bias * bias)
  return {
    n,
    bias,
    meanAbsoluteError: at(6) / n,
    rootMeanSquareError: Math.sqrt(at(7) / n),
    standardDeviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null,
    concordance: spread + bias * bias > 1e-12 ? (2 * (at(5) / n - mx * my)) / (Math.max(0, spread) + bias * bias) : null,
    exact: at(8) / n,
    adjacent: at(9) / n,
  }
}
