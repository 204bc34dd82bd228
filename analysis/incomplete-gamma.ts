import { logGamma } from './log-gamma.ts'

const PRECISION = 1e-16
const TINY = 1e-300
const MOST_STEPS = 10_000

/**
 * The regularised incomplete gamma functions: `lower` P(a, x) and `upper` Q(a, x) = 1 − P, each computed without taking the
 * other from 1 where it is small.
 *
 * Series DLMF 8.7.1 for x < a + 1, else the continued fraction 8.9.2 by the modified Lentz method; relative error about
 * 1e-14. `a` above 0 and x from 0 upwards, else a RangeError.
 */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (!(a > 0 && Number.isFinite(a))) throw new RangeError(`incompleteGamma requires a above 0, got ${a}`)
  if (!(x >= 0)) throw new RangeError(`incompleteGamma requires x from 0 upwards, got ${x}`)
  if (x === 0) return { lower: 0, upper: 1 }
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 }
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    const lower = front * series(a, x)
    return { lower, upper: 1 - lower }
  }
  const upper = front * fraction(a, x)
  return { lower: 1 - upper, upper }
}

function series(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n <= MOST_STEPS; n++) {
    term *= x / (a + n)
    sum += term
    if (term <= sum * PRECISION) return sum
  }
  throw new Error(`incompleteGamma requires parameters for which its series converges, got a ${a}, x ${x}`)
}

function fraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let h = d
  for (let n = 1; n <= MOST_STEPS; n++) {
    const numerator = -n * (n - a)
    b += 2
    d = 1 / awayFromZero(numerator * d + b)
    c = awayFromZero(b + numerator / c)
    h *= d * c
    if (Math.abs(d * c - 1) <= 2 * PRECISION) return h
  }
  throw new Error(`incompleteGamma requires parameters for which its fraction converges, got a ${a}, x ${x}`)
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}
