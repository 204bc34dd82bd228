import jstat from 'jstat'
import { incompleteBeta } from './incomplete-beta.ts'
import { logGamma } from './log-gamma.ts'

/** The distribution function of F with df1 and df2 degrees of freedom at f ≥ 0. Another f or a df of 0 is a RangeError. */
export function fCdf(f: number, df1: number, df2: number): number {
  requireParameters('fCdf', f, df1, df2)
  return incompleteBeta((df1 * f) / (df1 * f + df2), df1 / 2, df2 / 2)
}

/** The share of F above f: the p value of an F test, with all its digits where it is small. Bad input as for `fCdf`. */
export function fUpper(f: number, df1: number, df2: number): number {
  requireParameters('fUpper', f, df1, df2)
  return incompleteBeta(df2 / (df1 * f + df2), df2 / 2, df1 / 2)
}

/**
 * The quantile of F at `p` in (0, 1), else a RangeError: jstat's quantile brought to about 1e-13 by Newton steps on the
 * logarithm with `fCdf`.
 */
export function fQuantile(p: number, df1: number, df2: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`fQuantile requires a probability between 0 and 1, got ${p}`)
  requireParameters('fQuantile', 1, df1, df2)
  let f = jstat.jStat.centralF.inv(p, df1, df2)
  for (let step = 0; step < 20; step++) {
    const off = p < 0.5 ? fCdf(f, df1, df2) - p : 1 - p - fUpper(f, df1, df2)
    const move = off / (f * density(f, df1, df2))
    f *= Math.exp(-move)
    if (Math.abs(move) <= 1e-15) break
  }
  return f
}

function density(f: number, df1: number, df2: number): number {
  const [a, b] = [df1 / 2, df2 / 2]
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
  return Math.exp(a * Math.log(df1 / df2) + (a - 1) * Math.log(f) - (a + b) * Math.log1p((df1 * f) / df2) - logBeta)
}

function requireParameters(name: string, f: number, df1: number, df2: number): void {
  if (!(f >= 0 && Number.isFinite(f))) throw new RangeError(`${name} requires a finite f from 0 upwards, got ${f}`)
  for (const df of [df1, df2])
    if (!(df > 0 && Number.isFinite(df))) throw new RangeError(`${name} requires df above 0, got ${df}`)
}
