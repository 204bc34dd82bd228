import { z } from 'zod'
import { clusteredDifference, tInterval } from '../../../analysis/cr2.ts'
import { tTwoSided } from '../../../analysis/student-t.ts'
import { otherErrors } from '../sandwich.ts'
import { type ReferenceFile, requireClose, requireInterval } from './reference-file.ts'

const Input = z.strictObject({
  y: z.array(z.number()),
  flag: z.array(z.union([z.literal(0), z.literal(1)])),
  cluster: z.array(z.union([z.string(), z.number()])),
})
const Expected = z.strictObject({
  n: z.int(),
  clusters: z.int(),
  difference: z.number(),
  se_ols: z.number(),
  se_CR0: z.number(),
  se_CR1: z.number(),
  se_CR1S: z.number(),
  se_CR2: z.number(),
  df_satterthwaite_CR2: z.number(),
  t_CR2: z.number(),
  p_CR2: z.number(),
  ci95_CR2_satt: z.tuple([z.number(), z.number()]),
})

/** The cluster-robust error of a difference of means against R clubSandwich; the analysis uses CR2 alone. */
export function check(file: ReferenceFile): void {
  const { y, flag, cluster } = Input.parse(file.input)
  const wanted = Expected.parse(file.expected)
  const clustersOf = (value: 0 | 1) => {
    const places = [...y.keys()].filter((i) => flag[i] === value)
    return [...Map.groupBy(places, (i) => cluster[i]).values()].map((group) => group.map((i) => y[i] as number))
  }
  const [one, zero] = [clustersOf(1), clustersOf(0)]
  const cr2 = clusteredDifference(one, zero)
  const [errors1, errors0] = [otherErrors(one), otherErrors(zero)]
  const [n, clusters] = [errors1.n + errors0.n, errors1.clusters + errors0.clusters]
  const squares = ({ iid, n: own }: typeof errors1) => iid ** 2 * own * (own - 1)
  const ols = Math.sqrt(((squares(errors1) + squares(errors0)) / (n - 2)) * (1 / errors1.n + 1 / errors0.n))
  const cr0 = Math.hypot(errors1.cr0, errors0.cr0)
  const cr1 = cr0 * Math.sqrt(clusters / (clusters - 1))
  const t = cr2.value / cr2.standardError
  requireClose(n, wanted.n, file, 'n')
  requireClose(clusters, wanted.clusters, file, 'clusters')
  requireClose(cr2.value, wanted.difference, file, 'difference')
  requireClose(ols, wanted.se_ols, file, 'se_ols')
  requireClose(cr0, wanted.se_CR0, file, 'se_CR0')
  requireClose(cr1, wanted.se_CR1, file, 'se_CR1')
  requireClose(cr1 * Math.sqrt((n - 1) / (n - 2)), wanted.se_CR1S, file, 'se_CR1S')
  requireClose(cr2.standardError, wanted.se_CR2, file, 'se_CR2')
  requireClose(cr2.df, wanted.df_satterthwaite_CR2, file, 'df')
  requireClose(t, wanted.t_CR2, file, 't_CR2')
  requireClose(tTwoSided(t, cr2.df), wanted.p_CR2, file, 'p_CR2')
  requireInterval(tInterval(cr2, 0.95), wanted.ci95_CR2_satt, file, 'ci95_CR2_satt')
}
