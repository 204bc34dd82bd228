import { z } from 'zod'
import { fleissKappa, randolphKappa } from '../../../analysis/fleiss-kappa.ts'
import { type ReferenceFile, requireClose } from './reference-file.ts'

const Input = z.strictObject({ counts_rows_subjects_cols_categories: z.array(z.array(z.number())) })
const Expected = z.strictObject({ kappa: z.number(), kappa_randolph_free: z.number().optional() })

/** Fleiss’ kappa, and Randolph’s with free marginals. */
export function check(file: ReferenceFile): void {
  const counts = Input.parse(file.input).counts_rows_subjects_cols_categories
  const expected = Expected.parse(file.expected)
  requireClose(fleissKappa(counts), expected.kappa, file, 'kappa')
  if (expected.kappa_randolph_free !== undefined)
    requireClose(randolphKappa(counts), expected.kappa_randolph_free, file, 'free-marginal kappa')
}
