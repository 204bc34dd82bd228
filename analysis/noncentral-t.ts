import { normalCdf } from './normal.ts'

/** Where the log of the density has fallen this far below its peak, nothing is left in double precision. */
const FALL = 40

/**
 * The distribution function of the noncentral t with `df` degrees of freedom and noncentrality `ncp` at `t`.
 *
 * T = (Z + ncp)/S with S² = χ²(df)/df (Johnson, Kotz and Balakrishnan 1995, ch. 31), so P(T ≤ t) is the mean of
 * Φ(t·S − ncp) over S. With S = eˣ the density of x is proportional to exp(df·(x − e²ˣ/2)), smooth and falling fast on both
 * sides, where the trapezium rule converges faster than any power of its step. Absolute error about 1e-12 for |ncp| up to
 * 40. Unlike AS 243 it has no underflow at large `ncp`. `df` above 0, all finite, else a RangeError.
 */
export function noncentralTCdf(t: number, df: number, ncp: number): number {
  if (!(df > 0 && Number.isFinite(df))) throw new RangeError(`noncentralTCdf requires df above 0, got ${df}`)
  if (!(Number.isFinite(t) && Number.isFinite(ncp)))
    throw new RangeError(`noncentralTCdf requires finite t and ncp, got ${t} and ${ncp}`)
  const low = edge(df, -1)
  const high = edge(df, 1)
  // Half the width of the narrower of the two smooth factors: the density in x, and Φ where it rises.
  const steps = Math.ceil((high - low) * 2 * Math.max(Math.sqrt(2 * df), Math.abs(ncp) + 6))
  const step = (high - low) / steps
  let sum = 0
  let weights = 0
  for (let k = 0; k <= steps; k++) {
    const x = low + k * step
    const weight = Math.exp(-drop(x, df))
    sum += weight * normalCdf(t * Math.exp(x) - ncp)
    weights += weight
  }
  return sum / weights
}

/** How far the log density at x lies below its peak at 0; by the series near 0, where the difference would cancel. */
function drop(x: number, df: number): number {
  return Math.abs(x) < 1e-4 ? df * x * x * (1 + (2 * x) / 3) : df * (Math.expm1(2 * x) / 2 - x)
}

/** The place on one side of 0 where the log density has dropped by FALL, by doubling and bisection. */
function edge(df: number, side: 1 | -1): number {
  let far = 1e-3
  while (drop(side * far, df) < FALL) far *= 2
  let near = 0
  for (let halving = 0; halving < 40; halving++) {
    const middle = (near + far) / 2
    if (drop(side * middle, df) < FALL) near = middle
    else far = middle
  }
  return side * far
}
