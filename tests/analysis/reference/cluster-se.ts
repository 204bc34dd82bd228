import { z } from 'zod'
import { clusteredMean, tInterval } from '../../../analysis/cr2.ts'
import { tQuantile } from '../../../analysis/student-t.ts'
import { otherErrors } from '../sandwich.ts'
import { type ReferenceFile, requireClose, requireInterval } from './reference-file.ts'

const Input = z.strictObject({ y: z.array(z.number()), cluster: z.array(z.union([z.string(), z.number()])) })
const interval = z.tuple([z.number(), z.number()])
const Expected = z.strictObject({
  n: z.int(),
  clusters: z.int(),
  mean: z.number(),
  se_iid: z.number(),
  se_CR0: z.number(),
  se_CR1: z.number(),
  se_CR1S: z.number(),
  se_CR2: z.number(),
  se_CR3: z.number(),
  df_satterthwaite_CR2: z.number(),
  ci95_CR2_satt: interval,
  ci95_CR1_t_Gminus1: interval,
})

/** The cluster-robust error of a mean against R clubSandwich; the analysis uses CR2 alone, the others are checked beside. */
export function check(file: ReferenceFile): void {
  const { y, cluster } = Input.parse(file.input)
  const wanted = Expected.parse(file.expected)
  const groups = Map.groupBy(y.keys(), (i) => cluster[i])
  const clusters = [...groups.values()].map((places) => places.map((i) => y[i] as number))
  const cr2 = clusteredMean(clusters)
  const others = otherErrors(clusters)
  requireClose(others.n, wanted.n, file, 'n')
  requireClose(others.clusters, wanted.clusters, file, 'clusters')
  requireClose(cr2.value, wanted.mean, file, 'mean')
  requireClose(cr2.standardError, wanted.se_CR2, file, 'se_CR2')
  requireClose(cr2.df, wanted.df_satterthwaite_CR2, file, 'df')
  requireInterval(tInterval(cr2, 0.95), wanted.ci95_CR2_satt, file, 'ci95_CR2_satt')
  requireClose(others.iid, wanted.se_iid, file, 'se_iid')
  requireClose(others.cr0, wanted.se_CR0, file, 'se_CR0')
  requireClose(others.cr1, wanted.se_CR1, file, 'se_CR1')
  // With one parameter, (n − 1)/(n − p) is 1.
  requireClose(others.cr1, wanted.se_CR1S, file, 'se_CR1S')
  requireClose(others.cr3, wanted.se_CR3, file, 'se_CR3')
  const half = tQuantile(0.975, clusters.length - 1) * others.cr1
  const ends = { low: cr2.value - half, high: cr2.value + half }
  requireInterval(ends, wanted.ci95_CR1_t_Gminus1, file, 'ci95_CR1_t_Gminus1')
}
