import { z } from 'zod'
import { chiSquare } from '../../../analysis/chi-square.ts'
import { fCdf, fQuantile, fUpper } from '../../../analysis/f-distribution.ts'
import { normalCdf, normalQuantile } from '../../../analysis/normal.ts'
import { tCdf, tQuantile } from '../../../analysis/student-t.ts'
import { type ReferenceFile, requireClose } from './reference-file.ts'

const value = z.number()
const Expected = z.strictObject({
  qnorm: z.array(z.strictObject({ p: z.number(), value })),
  pnorm: z.array(z.strictObject({ x: z.number(), value })),
  qt: z.array(z.strictObject({ p: z.number(), df: z.number(), value })),
  pt: z.array(z.strictObject({ t: z.number(), df: z.number(), value })),
  pf: z.array(z.strictObject({ f: z.number(), df1: z.number(), df2: z.number(), value, upper: z.number() })),
  qf: z.array(z.strictObject({ p: z.number(), df1: z.number(), df2: z.number(), value })),
  pchisq: z.array(z.strictObject({ x: z.number(), df: z.number(), value, upper: z.number() })),
})

/** Distribution functions and quantiles against R. */
export function check(file: ReferenceFile): void {
  const expected = Expected.parse(file.expected)
  for (const { p, value } of expected.qnorm) requireClose(normalQuantile(p), value, file, `qnorm(${p})`)
  for (const { x, value } of expected.pnorm) requireClose(normalCdf(x), value, file, `pnorm(${x})`)
  for (const { p, df, value } of expected.qt) requireClose(tQuantile(p, df), value, file, `qt(${p}, ${df})`)
  for (const { t, df, value } of expected.pt) requireClose(tCdf(t, df), value, file, `pt(${t}, ${df})`)
  for (const { f, df1, df2, value, upper } of expected.pf) {
    requireClose(fCdf(f, df1, df2), value, file, `pf(${f}, ${df1}, ${df2})`)
    requireClose(fUpper(f, df1, df2), upper, file, `the share of F above ${f}`)
  }
  for (const { p, df1, df2, value } of expected.qf) requireClose(fQuantile(p, df1, df2), value, file, `qf(${p}, ${df1}, ${df2})`)
  for (const { x, df, value, upper } of expected.pchisq) {
    requireClose(chiSquare(x, df).lower, value, file, `pchisq(${x}, ${df})`)
    requireClose(chiSquare(x, df).upper, upper, file, `the share of chi-square above ${x}`)
  }
}
