import { z } from 'zod'
import { alphaOf, coincidencesOf } from '../../../analysis/krippendorff.ts'
import { type ReferenceFile, requireClose } from './reference-file.ts'

const Input = z.strictObject({ ratings_rows_raters_cols_units: z.array(z.array(z.number().nullable())) })
const Expected = z.strictObject({
  alpha: z.strictObject({
    nominal: z.number().optional(),
    ordinal: z.number().optional(),
    interval: z.number().optional(),
    ratio: z.number().optional(),
  }),
  pairable_values: z.number().optional(),
  coincidence_matrix: z.array(z.array(z.number())).optional(),
})

/** Krippendorff’s alpha by four metrics and the coincidences behind it. */
export function check(file: ReferenceFile): void {
  const raters = Input.parse(file.input).ratings_rows_raters_cols_units
  const expected = Expected.parse(file.expected)
  const units = (raters[0] ?? []).map((_, unit) => raters.map((ratings) => ratings[unit] ?? null))
  const coincidences = coincidencesOf(units)
  const { values, matrix } = coincidences
  for (const metric of ['nominal', 'ordinal', 'interval', 'ratio'] as const) {
    const wanted = expected.alpha[metric]
    if (wanted !== undefined) requireClose(alphaOf(coincidences, metric), wanted, file, `${metric} alpha`)
  }
  if (expected.pairable_values !== undefined) {
    const pairable = matrix.reduce((sum, cell) => sum + cell, 0)
    requireClose(pairable, expected.pairable_values, file, 'pairable values')
  }
  for (const [a, row] of (expected.coincidence_matrix ?? []).entries())
    for (const [b, cell] of row.entries())
      requireClose(matrix[a * values.length + b], cell, file, `coincidences of ${values[a]} and ${values[b]}`)
}
