import { z } from 'zod'
import { fisherInterval, kendall, pearson, spearman } from '../../../analysis/correlation.ts'
import { leastSquares } from '../../../analysis/least-squares.ts'
import { tQuantile } from '../../../analysis/student-t.ts'
import { theilSen } from '../../../analysis/theil-sen.ts'
import { type ReferenceFile, requireClose, requireInterval } from './reference-file.ts'

const ends = z.tuple([z.number(), z.number()])
const Input = z.strictObject({ x: z.array(z.number()), y: z.array(z.number()) })
const Expected = z.strictObject({
  intercept: z.number(),
  slope: z.number(),
  se_intercept: z.number(),
  se_slope: z.number(),
  se_slope_HC3: z.number().nullable(),
  p_slope: z.number(),
  ci95_slope: ends,
  r2: z.number(),
  rmse_loo: z.number().nullable(),
  mae_loo: z.number().nullable(),
  cooks_distance: z.array(z.number().nullable()),
  pearson: z.number(),
  spearman: z.number(),
  kendall_tau_b: z.number(),
  fisher_ci95: ends,
  theil_sen_slope: z.number(),
})

/** A straight line and correlations against R. A null stands where a point of leverage 1 leaves nothing to predict it from. */
export function check(file: ReferenceFile): void {
  const { x, y } = Input.parse(file.input)
  const expected = Expected.parse(file.expected)
  const line = leastSquares(x, y)
  const { standardErrors, leftOutErrors } = line
  if (standardErrors === null) throw new Error(`${file.id} requires at least 3 points, got ${x.length}`)
  requireClose(line.intercept, expected.intercept, file, 'intercept')
  requireClose(line.slope, expected.slope, file, 'slope')
  requireClose(standardErrors.intercept, expected.se_intercept, file, 'standard error of the intercept')
  requireClose(standardErrors.slope, expected.se_slope, file, 'standard error of the slope')
  requireSame(standardErrors.slopeHc3, expected.se_slope_HC3, file, 'HC3 standard error of the slope')
  requireClose(line.pSlope, expected.p_slope, file, 'p of the slope')
  const half = tQuantile(0.975, line.df) * standardErrors.slope
  requireInterval({ low: line.slope - half, high: line.slope + half }, expected.ci95_slope, file, 'interval of the slope')
  requireClose(line.r2, expected.r2, file, 'r²')
  const errors = leftOutErrors.includes(null) ? null : (leftOutErrors as number[])
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  requireSame(errors && Math.sqrt(mean(errors.map((e) => e * e))), expected.rmse_loo, file, 'left-out RMSE')
  requireSame(errors && mean(errors.map(Math.abs)), expected.mae_loo, file, 'left-out MAE')
  if (line.cooksDistances.length !== expected.cooks_distance.length) throw new Error(`${file.id} requires one distance a point`)
  for (const [i, wanted] of expected.cooks_distance.entries())
    requireSame(line.cooksDistances[i] ?? null, wanted, file, `Cook's distance of point ${i + 1}`)
  const r = pearson(x, y)
  requireClose(r, expected.pearson, file, 'Pearson')
  requireClose(spearman(x, y), expected.spearman, file, 'Spearman')
  requireClose(kendall(x, y), expected.kendall_tau_b, file, 'Kendall')
  requireInterval(fisherInterval(r ?? Number.NaN, x.length, 0.95), expected.fisher_ci95, file, 'Fisher')
  requireClose(theilSen(x, y), expected.theil_sen_slope, file, 'Theil–Sen')
}

function requireSame(actual: number | null, expected: number | null, file: ReferenceFile, what: string): void {
  if (expected !== null) requireClose(actual, expected, file, what)
  else if (actual !== null) throw new Error(`${file.id} requires ${what} = null, got ${actual}`)
}
