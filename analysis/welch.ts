import { requireFinite } from './finite.ts'
import { tTwoSided } from './student-t.ts'

/** Two independent groups compared by their means; null where neither varies. */
export type Welch = {
  difference: number
  standardError: number
  df: number | null
  t: number | null
  p: number | null
  /** Cohen's d with the pooled standard deviation. */
  d: number | null
  /** d times 1 − 3/(4(n₁ + n₂ − 2) − 1), Hedges' correction. */
  g: number | null
}

/** Welch's t (1947) of x minus y and the standardised difference. Two finite values a group, else a RangeError. */
export function welch(x: readonly number[], y: readonly number[]): Welch {
  requireFinite('welch', x, 2)
  requireFinite('welch', y, 2)
  const [a, b] = [moments(x), moments(y)]
  const difference = a.mean - b.mean
  const [va, vb] = [a.variance / x.length, b.variance / y.length]
  const standardError = Math.sqrt(va + vb)
  if (standardError === 0) return { difference, standardError, df: null, t: null, p: null, d: null, g: null }
  const df = (va + vb) ** 2 / (va ** 2 / (x.length - 1) + vb ** 2 / (y.length - 1))
  const t = difference / standardError
  const freedom = x.length + y.length - 2
  const d = difference / Math.sqrt(((x.length - 1) * a.variance + (y.length - 1) * b.variance) / freedom)
  return { difference, standardError, df, t, p: tTwoSided(t, df), d, g: d * (1 - 3 / (4 * freedom - 1)) }
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, variance: squares / (values.length - 1) }
}
