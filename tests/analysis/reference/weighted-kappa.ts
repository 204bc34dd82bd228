import { z } from 'zod'
import { AGREEMENT_SUMS, agreementFrom, agreementSums } from '../../../analysis/agreement.ts'
import { kendall, pearson, spearman } from '../../../analysis/correlation.ts'
import { weightedKappa } from '../../../analysis/weighted-kappa.ts'
import { type ReferenceFile, requireClose } from './reference-file.ts'

const Input = z.strictObject({ table_rows_rater1_cols_rater2: z.array(z.array(z.number())) })
const Expected = z.strictObject({
  n: z.number(),
  kappa: z.number(),
  ase_kappa: z.number(),
  kappa_linear: z.number(),
  ase_linear: z.number(),
  kappa_quadratic: z.number(),
  ase_quadratic: z.number(),
  pearson: z.number(),
  spearman: z.number(),
  kendall_tau_b: z.number(),
  lin_ccc: z.number(),
  exact_agreement: z.number(),
  within_one: z.number(),
  mean_abs_diff: z.number(),
  mean_diff_rater1_minus_rater2: z.number(),
})

/** Three kappas with standard errors, and the other measures of agreement on the same table. Categories are levels from 1. */
export function check(file: ReferenceFile): void {
  const table = Input.parse(file.input).table_rows_rater1_cols_rater2
  const expected = Expected.parse(file.expected)
  const pairs = table.flatMap((row, i) => row.flatMap((n, j) => new Array<[number, number]>(n).fill([i + 1, j + 1])))
  const unweighted = weightedKappa(table, 'unweighted')
  const linear = weightedKappa(table, 'linear')
  const quadratic = weightedKappa(table, 'quadratic')
  requireClose(unweighted?.kappa, expected.kappa, file, 'kappa')
  requireClose(unweighted?.standardError, expected.ase_kappa, file, 'standard error of kappa')
  requireClose(linear?.kappa, expected.kappa_linear, file, 'linear kappa')
  requireClose(linear?.standardError, expected.ase_linear, file, 'standard error of linear kappa')
  requireClose(quadratic?.kappa, expected.kappa_quadratic, file, 'quadratic kappa')
  requireClose(quadratic?.standardError, expected.ase_quadratic, file, 'standard error of quadratic kappa')
  const [x, y] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
  requireClose(pearson(x, y), expected.pearson, file, 'Pearson')
  requireClose(spearman(x, y), expected.spearman, file, 'Spearman')
  requireClose(kendall(x, y), expected.kendall_tau_b, file, 'Kendall')
  const sums = new Array<number>(AGREEMENT_SUMS).fill(0)
  for (const [a, b] of pairs) for (const [k, term] of agreementSums(a, b).entries()) sums[k] = (sums[k] as number) + term
  const agreement = agreementFrom(sums)
  requireClose(agreement.n, expected.n, file, 'n')
  requireClose(agreement.concordance, expected.lin_ccc, file, 'concordance')
  requireClose(agreement.exact, expected.exact_agreement, file, 'exact agreement')
  requireClose(agreement.adjacent, expected.within_one, file, 'adjacent agreement')
  requireClose(agreement.meanAbsoluteError, expected.mean_abs_diff, file, 'mean absolute difference')
  requireClose(agreement.bias, expected.mean_diff_rater1_minus_rater2, file, 'mean difference')
}
