import { quantilesOf } from './quantiles.ts'

/** A studentised bootstrap interval, or the reason why there is none. */
export type Studentised = { kind: 'interval'; low: number; high: number } | { kind: 'none'; reason: string }

/**
 * The studentised (bootstrap-t) interval of Efron 1982: the estimate less the quantiles of t* = (θ* − θ)/se*, times its
 * standard error, whose formula must be that of se*.
 *
 * `ts` holds one t* a resample; a resample without spread whose θ* is not θ is ±Infinity there. When such resamples reach
 * into the quantiles there is no interval. A standard error of 0 gives the point itself. No t*, NaN among them, a negative
 * standard error or a level outside (0, 1) is a RangeError.
 */
export function studentisedOf(estimate: number, standardError: number, ts: Float64Array, level: number): Studentised {
  if (!(level > 0 && level < 1)) throw new RangeError(`studentisedOf requires a level between 0 and 1, got ${level}`)
  if (!(standardError >= 0)) throw new RangeError(`studentisedOf requires a standard error from 0 upwards, got ${standardError}`)
  if (standardError === 0) return { kind: 'interval', low: estimate, high: estimate }
  const [lower, upper] = quantilesOf(ts, [(1 - level) / 2, (1 + level) / 2]) as [number, number]
  if (!(Number.isFinite(lower) && Number.isFinite(upper)))
    return { kind: 'none', reason: 'studentised bootstrap: too many resamples have no spread' }
  return { kind: 'interval', low: estimate - upper * standardError, high: estimate - lower * standardError }
}
