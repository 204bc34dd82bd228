/** Bias and spread of the differences of two measurements, with the limits of agreement. */
export type LimitsOfAgreement = {
  bias: number
  standardDeviation: number
  low: number
  high: number
  biasStandardError: number
  /** Approximate standard error of either limit. */
  limitStandardError: number
}

/**
 * Bland and Altman’s (1986) limits of agreement of differences: bias ± 1.96 standard deviations (n − 1), between which
 * about 95 % of differences lie. The standard errors, s/√n and √(3/n)·s, take differences as independent. Under two
 * differences, or one that is not finite, is a RangeError.
 */
export function limitsOfAgreement(differences: readonly number[]): LimitsOfAgreement {
  const n = differences.length
  if (n < 2) throw new RangeError(`limitsOfAgreement requires at least 2 differences, got ${n}`)
  if (!differences.every(Number.isFinite)) throw new RangeError('limitsOfAgreement requires finite differences')
  const bias = differences.reduce((sum, d) => sum + d, 0) / n
  const standardDeviation = Math.sqrt(differences.reduce((sum, d) => sum + (d - bias) ** 2, 0) / (n - 1))
  return {
    bias,
    standardDeviation,
    low: bias - 1.96 * standardDeviation,
    high: bias + 1.96 * standardDeviation,
    biasStandardError: standardDeviation / Math.sqrt(n),
    limitStandardError: standardDeviation * Math.sqrt(3 / n),
  }
}
