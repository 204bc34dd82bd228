import { normalQuantile } from './normal.ts'

/**
 * Wilson's score interval for a proportion, two-sided at `level`, such as 0.95.
 *
 * Wilson 1927; method 3 of Newcombe 1998 (without continuity correction): the proportions π with |x/n − π| ≤
 * z·√(π(1 − π)/n). It stays within 0 and 1, and at x = 0 or x = n it has a width. `x` successes of `n` independent trials,
 * 0 ≤ x ≤ n, n above 0; they need not be whole, for an effective number of trials. Else a RangeError.
 */
export function wilsonInterval(x: number, n: number, level: number): { low: number; high: number } {
  if (!(n > 0 && Number.isFinite(n))) throw new RangeError(`wilsonInterval requires at least one trial, got ${n}`)
  if (!(x >= 0 && x <= n)) throw new RangeError(`wilsonInterval requires successes from 0 to ${n}, got ${x}`)
  if (!(level > 0 && level < 1)) throw new RangeError(`wilsonInterval requires a level between 0 and 1, got ${level}`)
  const z = normalQuantile((1 + level) / 2)
  const middle = x + (z * z) / 2
  const half = z * Math.sqrt((x * (n - x)) / n + (z * z) / 4)
  // At the borders the exact end is 0 or 1; rounding would leave 1e-17 or 1 − 1e-16 there.
  return {
    low: x === 0 ? 0 : (middle - half) / (n + z * z),
    high: x === n ? 1 : (middle + half) / (n + z * z),
  }
}
