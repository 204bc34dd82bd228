import { z } from 'zod'
import { cliffsDelta, cliffsInterval } from '../../../analysis/cliffs-delta.ts'
import { groupPermutation } from '../../../analysis/group-permutation.ts'
import { midRanks } from '../../../analysis/mid-ranks.ts'
import { normalQuantile } from '../../../analysis/normal.ts'
import { tQuantile } from '../../../analysis/student-t.ts'
import { welch } from '../../../analysis/welch.ts'
import { type ReferenceFile, requireClose, requireInterval } from './reference-file.ts'

const ends = z.tuple([z.number(), z.number()])
const Input = z.strictObject({ x: z.array(z.number()), y: z.array(z.number()) })
const Expected = z.strictObject({
  difference: z.number(),
  se_welch: z.number(),
  df_welch: z.number(),
  t_welch: z.number(),
  p_welch: z.number(),
  ci95_welch: ends,
  cohen_d_pooled: z.number(),
  hedges_g: z.number(),
  cliffs_delta: z.number(),
  cliffs_var_unbiased: z.number(),
  cliffs_ci95_cliff1996_z: ends,
  mann_whitney_U: z.number(),
  prob_superiority: z.number(),
  p_wilcoxon_exact: z.number(),
  p_permutation_mean_exact: z.number(),
})

/** Two independent groups against R: Welch, effect sizes, Cliff's delta and the exact permutation tests of ranks and values. */
export function check(file: ReferenceFile): void {
  const { x, y } = Input.parse(file.input)
  const expected = Expected.parse(file.expected)
  const means = welch(x, y)
  requireClose(means.difference, expected.difference, file, 'difference')
  requireClose(means.standardError, expected.se_welch, file, 'Welch standard error')
  requireClose(means.df, expected.df_welch, file, 'Welch df')
  requireClose(means.t, expected.t_welch, file, 'Welch t')
  requireClose(means.p, expected.p_welch, file, 'Welch p')
  const half = tQuantile(0.975, means.df ?? Number.NaN) * means.standardError
  requireInterval({ low: means.difference - half, high: means.difference + half }, expected.ci95_welch, file, 'Welch interval')
  requireClose(means.d, expected.cohen_d_pooled, file, 'd')
  requireClose(means.g, expected.hedges_g, file, 'g')
  const { delta, superiority, variance } = cliffsDelta(x, y)
  requireClose(delta, expected.cliffs_delta, file, "Cliff's delta")
  requireClose(variance, expected.cliffs_var_unbiased, file, "variance of Cliff's delta")
  const interval = cliffsInterval(delta, Math.sqrt(Math.max(0, variance ?? Number.NaN)), normalQuantile(0.975))
  requireInterval(interval, expected.cliffs_ci95_cliff1996_z, file, "Cliff's interval")
  requireClose(superiority * x.length * y.length, expected.mann_whitney_U, file, 'U')
  requireClose(superiority, expected.prob_superiority, file, 'probability of superiority')
  const ranks = midRanks([...x, ...y])
  requireClose(groupPermutation(ranks.slice(0, x.length), ranks.slice(x.length)), expected.p_wilcoxon_exact, file, 'Wilcoxon p')
  requireClose(groupPermutation(x, y), expected.p_permutation_mean_exact, file, 'permutation p')
}
