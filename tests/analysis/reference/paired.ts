import { z } from 'zod'
import { hodgesLehmann } from '../../../analysis/hodges-lehmann.ts'
import { midRanks } from '../../../analysis/mid-ranks.ts'
import { paired, pairedInterval } from '../../../analysis/paired.ts'
import { signFlip } from '../../../analysis/sign-flip.ts'
import { type ReferenceFile, requireClose, requireInterval } from './reference-file.ts'

const Input = z.strictObject({ x: z.array(z.number().nullable()), y: z.array(z.number().nullable()) })
const Expected = z.strictObject({
  n: z.int(),
  mean_difference: z.number(),
  sd_difference: z.number(),
  se: z.number(),
  t: z.number(),
  df: z.number(),
  p_t: z.number(),
  ci95: z.tuple([z.number(), z.number()]),
  p_sign_flip_exact: z.number().optional(),
  wilcoxon_V: z.number(),
  wilcoxon_p_exact_coin_zeros_dropped: z.number(),
  hodges_lehmann: z.number(),
  cohen_dz: z.number(),
  hedges_gz: z.number(),
  sign_test_p: z.number(),
})

/** A paired comparison against R: t, effect sizes, and exact tests by flipping signs of differences, ranks and bare signs. */
export function check(file: ReferenceFile): void {
  const { x, y } = Input.parse(file.input)
  const expected = Expected.parse(file.expected)
  // 0.1 + 0.2 is not 0.3: a difference of printed decimals that is 0 but for rounding is a 0.
  const differences = x.flatMap((value, i) => {
    const other = y[i] ?? null
    return value === null || other === null ? [] : [Number((value - other).toFixed(12))]
  })
  const nonzero = differences.filter((d) => d !== 0)
  const ranks = midRanks(nonzero.map(Math.abs))
  const result = paired(differences)
  requireClose(result.n, expected.n, file, 'n')
  requireClose(result.mean, expected.mean_difference, file, 'mean difference')
  requireClose(result.sd, expected.sd_difference, file, 'sd of the differences')
  requireClose(result.standardError, expected.se, file, 'standard error')
  requireClose(result.t, expected.t, file, 't')
  requireClose(result.df, expected.df, file, 'df')
  requireClose(result.p, expected.p_t, file, 'p of t')
  requireInterval(pairedInterval(result, 0.95), expected.ci95, file, 't interval')
  requireClose(result.dz, expected.cohen_dz, file, 'd_z')
  requireClose(result.gz, expected.hedges_gz, file, 'g_z')
  if (expected.p_sign_flip_exact !== undefined)
    requireClose(exact(differences, file), expected.p_sign_flip_exact, file, 'p of the sign flip')
  const positive = ranks.reduce((sum, rank, i) => sum + ((nonzero[i] as number) > 0 ? rank : 0), 0)
  requireClose(positive, expected.wilcoxon_V, file, 'sum of the ranks of positive differences')
  const signedRanks = ranks.map((rank, i) => rank * Math.sign(nonzero[i] as number))
  requireClose(exact(signedRanks, file), expected.wilcoxon_p_exact_coin_zeros_dropped, file, 'p of the signed ranks')
  requireClose(exact(nonzero.map(Math.sign), file), expected.sign_test_p, file, 'p of the sign test')
  // R finds this one by root search when there are ties, so the file asks for 1e-3 only.
  const rough = { ...file, tolerance: { abs: 1e-3 } }
  requireClose(hodgesLehmann(nonzero), expected.hodges_lehmann, rough, 'Hodges–Lehmann')
}

function exact(values: readonly number[], file: ReferenceFile): number {
  const result = signFlip(values, { draws: 1, seed: 1, states: 2 ** 20 })
  if (result.kind !== 'exact') throw new Error(`${file.id} requires an exact test, got ${result.kind}`)
  return result.p
}
