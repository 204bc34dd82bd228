import { z } from 'zod'
import { normalQuantile } from '../../../analysis/normal.ts'
import { clusterPpi, type PpiMean, ppiMean } from '../../../analysis/ppi.ts'
import { type ReferenceFile, requireClose, requireInterval } from './reference-file.ts'

const list = z.array(z.number())
const Point = z.strictObject({ point: z.number(), ci95: z.tuple([z.number(), z.number()]) })
const Input = z.strictObject({
  Y_labelled: list,
  F_labelled: list,
  F_unlabelled: list,
  clustered: z.strictObject({
    y_true_null_if_unlabelled: z.array(z.number().nullable()),
    y_proxy: list,
    cluster: z.array(z.union([z.number(), z.string()])),
  }),
})
const Expected = z.strictObject({
  ppi_py_lambda_1: Point,
  ppi_py_lambda_0: Point,
  ppi_py_tuned: Point,
  glide_ppi_pp: Point.extend({ lambda: z.number(), std: z.number() }),
  glide_clustered_ppi_pp: Point.extend({ lambda: z.number().optional(), std: z.number() }),
})

/** Prediction-powered means as ppi_py (divisor n, weight within 0–1) and GLIDE (divisor n − 1) make them, with z intervals. */
export function check(file: ReferenceFile): void {
  const { Y_labelled: truth, F_labelled: proxy, F_unlabelled: unlabelled, clustered } = Input.parse(file.input)
  const expected = Expected.parse(file.expected)
  const input = { truth, proxy, unlabelled }
  requirePoint(ppiMean(input, { lambda: 1, ddof: 0 }), expected.ppi_py_lambda_1, file, 'ppi_py, weight 1')
  requirePoint(ppiMean(input, { lambda: 0, ddof: 0 }), expected.ppi_py_lambda_0, file, 'ppi_py, weight 0')
  const lambda = Math.min(1, Math.max(0, ppiMean(input, { ddof: 0 }).lambda))
  requirePoint(ppiMean(input, { lambda, ddof: 0 }), expected.ppi_py_tuned, file, 'ppi_py, best weight')
  requireGlide(ppiMean(input), expected.glide_ppi_pp, file, 'GLIDE')
  const units = clustered.y_proxy.map((proxy, i) => {
    return { cluster: `${clustered.cluster[i]}`, truth: clustered.y_true_null_if_unlabelled[i] ?? null, proxy }
  })
  requireGlide(ppiMean(clusterPpi(units)), expected.glide_clustered_ppi_pp, file, 'GLIDE, clustered')
}

type Wanted = z.infer<typeof Point>

function requireGlide(
  actual: PpiMean,
  wanted: Wanted & { lambda?: number | undefined; std: number },
  file: ReferenceFile,
  what: string,
): void {
  requirePoint(actual, wanted, file, what)
  requireClose(actual.standardError, wanted.std, file, `${what}, standard error`)
  if (wanted.lambda !== undefined) requireClose(actual.lambda, wanted.lambda, file, `${what}, weight`)
}

function requirePoint({ value, standardError }: PpiMean, { point, ci95 }: Wanted, file: ReferenceFile, what: string): void {
  const half = normalQuantile(0.975) * standardError
  requireClose(value, point, file, what)
  requireInterval({ low: value - half, high: value + half }, ci95, file, what)
}
