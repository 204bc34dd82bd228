import { z } from 'zod'
import { fitIsotonic } from '../../../analysis/isotonic.ts'
import { predictIsotonic } from '../../../cases/calibration.ts'
import { type ReferenceFile, requireClose } from './reference-file.ts'

const list = z.array(z.number())
const Input = z.strictObject({ x: list, y: list, weights: list.optional(), predict_at: list.optional() })
const Expected = z.strictObject({
  fitted: list.optional(),
  knots_x: list.optional(),
  fitted_at_knots: list.optional(),
  predicted: list.optional(),
  leave_one_out: list.optional(),
  mean_fitted_weighted: z.number().optional(),
  mean_y_weighted: z.number().optional(),
})

/** Isotonic regression: the fit, its predictions, and those of the fit without each point. */
export function check(file: ReferenceFile): void {
  const { x, y, weights = x.map(() => 1), predict_at = [] } = Input.parse(file.input)
  const expected = Expected.parse(file.expected)
  const fit = fitIsotonic(x, y, weights)
  const fitted = x.map((at) => predictIsotonic(fit, at))
  requireAll(fitted, expected.fitted, file, 'fitted value')
  requireAll(fit.knots, expected.knots_x, file, 'knot')
  requireAll(fit.fitted, expected.fitted_at_knots, file, 'fitted value at knot')
  const predicted = predict_at.map((at) => predictIsotonic(fit, at))
  requireAll(predicted, expected.predicted, file, 'prediction')
  const others = <Item>(items: readonly Item[], left: number) => items.filter((_, i) => i !== left)
  const leftOut = x.map((at, i) => predictIsotonic(fitIsotonic(others(x, i), others(y, i), others(weights, i)), at))
  requireAll(leftOut, expected.leave_one_out, file, 'prediction without its own point')
  if (expected.mean_fitted_weighted !== undefined)
    requireClose(weightedMean(fitted, weights), expected.mean_fitted_weighted, file, 'mean of fitted values')
  if (expected.mean_y_weighted !== undefined) requireClose(weightedMean(y, weights), expected.mean_y_weighted, file, 'mean of y')
}

function requireAll(actual: readonly number[], wanted: readonly number[] | undefined, file: ReferenceFile, what: string): void {
  if (wanted === undefined) return
  if (actual.length !== wanted.length) throw new Error(`${file.id} requires ${wanted.length} × ${what}, got ${actual.length}`)
  for (const [i, value] of wanted.entries()) requireClose(actual[i], value, file, `${what} ${i + 1}`)
}

function weightedMean(values: readonly number[], weights: readonly number[]): number {
  const sum = (items: readonly number[]) => items.reduce((all, item) => all + item, 0)
  return sum(values.map((value, i) => value * (weights[i] as number))) / sum(weights)
}
