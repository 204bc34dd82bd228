import { logGamma } from './log-gamma.ts'

const TINY = 1e-300
const PRECISION = 1e-16
const MOST_STEPS = 10_000

/**
 * The regularised incomplete beta function Iₓ(a, b), from 0 at x = 0 to 1 at x = 1.
 *
 * Continued fraction of DLMF 8.17.22 by the modified Lentz method, on the side of (a + 1)/(a + b + 2) where it converges
 * fast. Relative error about 1e-13, also where the value is tiny. `a` and `b` above 0 and x from 0 to 1, else a RangeError.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1)) throw new RangeError(`incompleteBeta requires x from 0 to 1, got ${x}`)
  if (!(a > 0 && b > 0)) throw new RangeError(`incompleteBeta requires a and b above 0, got ${a} and ${b}`)
  if (x === 0 || x === 1) return x
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b
}

function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m <= MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    h *= d * c
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    h *= d * c
    if (Math.abs(d * c - 1) <= 2 * PRECISION) return h
  }
  throw new Error(`incompleteBeta requires parameters for which its fraction converges, got x ${x}, a ${a}, b ${b}`)
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}
