import { normalCdf, normalQuantile } from './normal.ts'
import { rootOf } from './root.ts'

/** Cohen's h, the effect size for two proportions from 0 to 1: 2·asin√p₁ − 2·asin√p₂ (Cohen 1988, ch. 6). */
export function cohensH(p1: number, p2: number): number {
  for (const p of [p1, p2]) if (!(p >= 0 && p <= 1)) throw new RangeError(`cohensH requires proportions from 0 to 1, got ${p}`)
  return 2 * Math.asin(Math.sqrt(p1)) - 2 * Math.asin(Math.sqrt(p2))
}

/**
 * The two-sided power to tell two independent proportions apart, from `n1` and `n2` trials, by the normal approximation to
 * the arcsine difference `h` (Cohen 1988; as R pwr.2p2n.test). The numbers need not be whole; below 1, or a significance
 * outside (0, 1), is a RangeError.
 */
export function powerOfProportions(h: number, n1: number, n2: number, significance: number): number {
  if (!(n1 >= 1 && n2 >= 1)) throw new RangeError(`powerOfProportions requires at least 1 trial a group, got ${n1} and ${n2}`)
  if (!(significance > 0 && significance < 1))
    throw new RangeError(`powerOfProportions requires a significance between 0 and 1, got ${significance}`)
  const z = -normalQuantile(significance / 2)
  const shift = Math.abs(h) * Math.sqrt((n1 * n2) / (n1 + n2))
  return normalCdf(shift - z) + normalCdf(-shift - z)
}

/**
 * The smallest proportion above `p` that is told apart from it with the wanted power, between groups of `n1` (the higher
 * one) and `n2` trials; null when even 1 is not.
 */
export function detectableProportion(p: number, power: number, n1: number, n2: number, significance: number): number | null {
  const lacking = (higher: number) => powerOfProportions(cohensH(higher, p), n1, n2, significance) - power
  if (!(power > significance && power < 1))
    throw new RangeError(`detectableProportion requires a power between the significance and 1, got ${power}`)
  return lacking(1) < 0 ? null : rootOf(lacking, p, 1)
}
