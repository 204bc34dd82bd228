import { requireFinite } from './finite.ts'
import { tTwoSided } from './student-t.ts'

/** A straight line through points with what each point does to it. */
export type Line = {
  intercept: number
  slope: number
  /** Null with two points, which leave no residual. */
  standardErrors: { intercept: number; slope: number; slopeHc3: number | null } | null
  /** Two-sided, of slope 0; null with two points or when every residual is 0. */
  pSlope: number | null
  df: number
  r2: number | null
  leverages: number[]
  residuals: number[]
  /** Cook's distance of each point; null where its leverage is 1 or every residual is 0. */
  cooksDistances: (number | null)[]
  /** Error of each point predicted from the others; null where the others give no line. */
  leftOutErrors: (number | null)[]
}

/**
 * Ordinary least squares of y on x. The usual standard errors; HC3 (MacKinnon and White 1985) weighs squared residuals by
 * 1/(1 − h)² for the slope; Cook's distance (1977) e²h / (2s²(1 − h)²); the error of a point left out is e/(1 − h). Two points
 * at least, as many y as x, all finite, not all x equal, else a RangeError.
 */
export function leastSquares(x: readonly number[], y: readonly number[]): Line {
  requireFinite('leastSquares', x, 2)
  requireFinite('leastSquares', y, 2)
  if (x.length !== y.length) throw new RangeError(`leastSquares requires as many y as x, got ${y.length} and ${x.length}`)
  const n = x.length
  const [meanX, meanY] = [mean(x), mean(y)]
  const dx = x.map((value) => value - meanX)
  const sxx = sum(dx.map((d) => d * d))
  if (!(sxx > 1e-24 * Math.max(1, meanX * meanX))) throw new RangeError('leastSquares requires two different x, got one')
  const slope = sum(dx.map((d, i) => d * ((y[i] as number) - meanY))) / sxx
  const intercept = meanY - slope * meanX
  const residuals = dx.map((d, i) => (y[i] as number) - meanY - slope * d)
  const leverages = dx.map((d) => 1 / n + (d * d) / sxx)
  const rest = leverages.map((h) => (1 - h < 1e-12 ? null : 1 - h))
  const leftOutErrors = residuals.map((e, i) => over(e, rest[i] ?? null))
  const total = sum(y.map((value) => (value - meanY) ** 2))
  const squares = sum(residuals.map((e) => e * e))
  const df = n - 2
  const s2 = df > 0 ? squares / df : 0
  const exact = squares <= 1e-24 * Math.max(1, total)
  const hc3 = leftOutErrors.includes(null)
    ? null
    : Math.sqrt(sum(dx.map((d, i) => (d * (leftOutErrors[i] as number)) ** 2))) / sxx
  const slopeError = Math.sqrt(s2 / sxx)
  return {
    intercept,
    slope,
    standardErrors:
      df === 0 ? null : { intercept: Math.sqrt(s2 * (1 / n + (meanX * meanX) / sxx)), slope: slopeError, slopeHc3: hc3 },
    pSlope: df === 0 || exact ? null : tTwoSided(slope / slopeError, df),
    df,
    r2: total === 0 ? null : 1 - squares / total,
    leverages,
    residuals,
    cooksDistances: leverages.map((h, i) => {
      const error = leftOutErrors[i] ?? null
      return error === null || exact || df === 0 ? null : (error * error * h) / (2 * s2)
    }),
    leftOutErrors,
  }
}

function over(value: number, divisor: number | null): number | null {
  return divisor === null ? null : value / divisor
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
