import { z } from 'zod'
import { agreementFrom } from '../../../analysis/agreement.ts'
import { limitsOfAgreement } from '../../../analysis/bland-altman.ts'
import { pearson } from '../../../analysis/correlation.ts'
import { tQuantile } from '../../../analysis/student-t.ts'
import { type ReferenceFile, requireClose, requireInterval } from './reference-file.ts'

const ends = z.tuple([z.number(), z.number()])
const Input = z.strictObject({ x: z.array(z.number()), y: z.array(z.number()) })
const Expected = z.strictObject({
  bias: z.number(),
  sd: z.number(),
  loa_1_96: ends,
  se_bias: z.number(),
  ci95_bias: ends,
  se_loa_approx: z.number(),
  pearson: z.number(),
  lin_ccc_1_over_n: z.number(),
})

/** Limits of agreement with their standard errors, and two correlations of agreement. */
export function check(file: ReferenceFile): void {
  const { x, y } = Input.parse(file.input)
  const expected = Expected.parse(file.expected)
  const differences = x.map((value, i) => value - (y[i] as number))
  const limits = limitsOfAgreement(differences)
  requireClose(limits.bias, expected.bias, file, 'bias')
  requireClose(limits.standardDeviation, expected.sd, file, 'standard deviation')
  requireInterval(limits, expected.loa_1_96, file, 'limits')
  requireClose(limits.biasStandardError, expected.se_bias, file, 'standard error of the bias')
  const half = tQuantile(0.975, x.length - 1) * limits.biasStandardError
  requireInterval({ low: limits.bias - half, high: limits.bias + half }, expected.ci95_bias, file, 'interval of the bias')
  requireClose(limits.limitStandardError, expected.se_loa_approx, file, 'standard error of a limit')
  requireClose(pearson(x, y), expected.pearson, file, 'Pearson')
  const sum = (term: (x: number, y: number) => number) => x.reduce((all, value, i) => all + term(value, y[i] as number), 0)
  const sums = [x.length, sum((a) => a), sum((_, b) => b), sum((a) => a * a), sum((_, b) => b * b), sum((a, b) => a * b)]
  const { concordance } = agreementFrom([...sums, sum((a, b) => Math.abs(a - b)), sum((a, b) => (a - b) ** 2), 0, 0])
  requireClose(concordance, expected.lin_ccc_1_over_n, file, 'concordance')
}
