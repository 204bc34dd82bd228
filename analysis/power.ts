import { noncentralTCdf } from './noncentral-t.ts'
import { rootOf } from './root.ts'
import { tQuantile } from './student-t.ts'

/** Which true effects a test looks for: any, only those above zero, or only those below. */
export type Alternative = 'two-sided' | 'greater' | 'less'

/** A t test: its degrees of freedom, its significance level (0 to 1) and what it looks for. */
export type TTest = { df: number; significance: number; alternative: Alternative }

/**
 * The power of a t test at noncentrality `ncp`, which is the true effect divided by its standard error: the chance, 0 to 1,
 * that the test rejects. Exact for normal errors, from the noncentral t (Cohen 1988; as R pwr 1.3.0, whose two-sided power
 * also counts rejections on the wrong side).
 */
export function powerOfT(ncp: number, { df, significance, alternative }: TTest): number {
  requireShare('powerOfT', 'significance', significance)
  if (alternative === 'less') return powerOfT(-ncp, { df, significance, alternative: 'greater' })
  if (alternative === 'greater') return 1 - noncentralTCdf(-tQuantile(significance, df), df, ncp)
  const critical = -tQuantile(significance / 2, df)
  return 1 - noncentralTCdf(critical, df, ncp) + noncentralTCdf(-critical, df, ncp)
}

/**
 * The noncentrality at which a t test has the wanted power: times the standard error it is the minimum detectable effect.
 * Above 0, or below for the alternative `less`. The power must lie between the significance level, which an effect of 0
 * has, and 1; else a RangeError.
 */
export function detectableNcp(power: number, test: TTest): number {
  requireShare('detectableNcp', 'power', power)
  if (!(power > test.significance))
    throw new RangeError(`detectableNcp requires a power above the significance ${test.significance}, got ${power}`)
  if (test.alternative === 'less') return -detectableNcp(power, { ...test, alternative: 'greater' })
  const lacking = (ncp: number) => powerOfT(ncp, test) - power
  let enough = 4
  while (lacking(enough) < 0) enough *= 2
  return rootOf(lacking, enough === 4 ? 0 : enough / 2, enough)
}

/** A t test on one group, on pairs, or on two groups of the same size. */
export type Design = 'one-sample' | 'paired' | 'two-sample'

/** A planned t test: `n` is per group for two groups, else the number of values or pairs; `d` is the effect in SDs. */
export type Plan = { design: Design; n: number; d: number; significance: number; alternative: Alternative }

/** The power of a planned t test. `n` above 1, not need be whole; else a RangeError. */
export function powerOfPlan({ design, n, d, ...test }: Plan): number {
  const { df, root } = shapeOf(design, n)
  return powerOfT(d * root, { ...test, df })
}

/** The effect in SDs that a planned t test finds with the wanted power. */
export function detectableD(power: number, { design, n, ...test }: Omit<Plan, 'd'>): number {
  const { df, root } = shapeOf(design, n)
  return detectableNcp(power, { ...test, df }) / root
}

/**
 * The `n` at which a planned t test has the wanted power: not rounded, so round up. An effect of 0, or one on the side
 * that the test does not look for, never has it: RangeError, as when two values already suffice.
 */
export function requiredN(power: number, { d, ...plan }: Omit<Plan, 'n'>): number {
  requireShare('requiredN', 'power', power)
  const wrongSide = plan.alternative === 'greater' ? d <= 0 : plan.alternative === 'less' ? d >= 0 : d === 0
  if (wrongSide) throw new RangeError(`requiredN requires an effect that the test looks for (${plan.alternative}), got ${d}`)
  const lacking = (n: number) => powerOfPlan({ ...plan, d, n }) - power
  let enough = 2
  if (lacking(enough) > 0) throw new RangeError(`requiredN requires a plan that needs more than 2, got d ${d} and power ${power}`)
  while (lacking(enough) < 0) enough *= 2
  return rootOf(lacking, Math.max(2, enough / 2), enough)
}

/** The two-sided or one-sided significance level at which a planned t test has the wanted power. */
export function requiredSignificance(power: number, plan: Omit<Plan, 'significance'>): number {
  requireShare('requiredSignificance', 'power', power)
  return rootOf((significance) => powerOfPlan({ ...plan, significance }) - power, 1e-10, 1 - 1e-10)
}

function shapeOf(design: Design, n: number): { df: number; root: number } {
  if (!(n > 1 && Number.isFinite(n))) throw new RangeError(`powerOfPlan requires more than 1 value or pair, got ${n}`)
  return design === 'two-sample' ? { df: 2 * (n - 1), root: Math.sqrt(n / 2) } : { df: n - 1, root: Math.sqrt(n) }
}

function requireShare(name: string, what: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} requires a ${what} between 0 and 1, got ${value}`)
}
