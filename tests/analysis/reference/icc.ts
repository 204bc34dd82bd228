import { z } from 'zod'
import { type IccForm, iccs, meanSquares } from '../../../analysis/icc.ts'
import { friedman, kendallW } from '../../../analysis/kendall-w.ts'
import { varianceComponents } from '../../../analysis/variance-components.ts'
import { type ReferenceFile, requireClose, requireInterval } from './reference-file.ts'

const Icc = z.strictObject({
  icc: z.number(),
  F: z.number(),
  df1: z.number(),
  df2: z.number(),
  p: z.number(),
  ci95: z.tuple([z.number(), z.number()]),
})
const FORMS = {
  ICC1: '1,1',
  ICC2_absolute_single: '2,1',
  ICC3_consistency_single: '3,1',
  ICC1k: '1,k',
  ICC2k_absolute_average: '2,k',
  ICC3k_consistency_average: '3,k',
} as const satisfies Record<string, IccForm>
const NAMES = Object.keys(FORMS) as (keyof typeof FORMS)[]
const Input = z.strictObject({ ratings_rows_subjects_cols_raters: z.array(z.array(z.number())) })
const Expected = z.strictObject({
  ICC1: Icc,
  ICC2_absolute_single: Icc,
  ICC3_consistency_single: Icc,
  ICC1k: Icc,
  ICC2k_absolute_average: Icc,
  ICC3k_consistency_average: Icc,
  ms_subjects: z.number(),
  ms_raters: z.number(),
  ms_error: z.number(),
  var_subject: z.number(),
  var_rater: z.number(),
  var_error: z.number(),
  kendall_W: z.number(),
  friedman_chisq: z.number(),
})

/** Six intraclass correlations with tests and intervals, mean squares, variance components, W and Friedman’s chi-square. */
export function check(file: ReferenceFile): void {
  const ratings = Input.parse(file.input).ratings_rows_subjects_cols_raters
  const expected = Expected.parse(file.expected)
  const squares = meanSquares(ratings)
  const all = iccs(squares, 0.95) ?? []
  for (const name of NAMES) {
    const found = all.find(({ form }) => form === FORMS[name])
    if (found === undefined) throw new Error(`${file.id} requires ${name}, got none`)
    const wanted = expected[name]
    requireClose(found.value, wanted.icc, file, name)
    requireClose(found.f, wanted.F, file, `${name} F`)
    requireClose(found.df1, wanted.df1, file, `${name} df1`)
    requireClose(found.df2, wanted.df2, file, `${name} df2`)
    requireClose(found.p, wanted.p, file, `${name} p`)
    requireInterval(found, wanted.ci95, file, name)
  }
  requireClose(squares.subjects, expected.ms_subjects, file, 'mean square of subjects')
  requireClose(squares.raters, expected.ms_raters, file, 'mean square of raters')
  requireClose(squares.error, expected.ms_error, file, 'mean square of error')
  const cells = ratings.flatMap((row, i) => row.map((value, j) => ({ value, subject: `${i}`, rater: `${j}` })))
  const factors = (['subject', 'rater'] as const).map((name) => ({ name, levels: cells.map((cell) => cell[name]) }))
  const values = cells.map(({ value }) => value)
  const { components, residual } = varianceComponents(values, factors, [['subject'], ['rater']])
  requireClose(components[0]?.variance, expected.var_subject, file, 'variance of subjects')
  requireClose(components[1]?.variance, expected.var_rater, file, 'variance of raters')
  requireClose(residual.variance, expected.var_error, file, 'variance of error')
  requireClose(kendallW(ratings), expected.kendall_W, file, 'W')
  requireClose(friedman(ratings), expected.friedman_chisq, file, 'Friedman’s chi-square')
}
