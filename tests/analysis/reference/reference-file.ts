import { z } from 'zod'

/**
 * One file of outside reference values. `input` and `expected` differ by kind of file; the check of that kind parses them.
 * Expected numbers hold to `tolerance`: `abs` in the number's own unit, `rel` as a share of the expected number.
 */
export const ReferenceFile = z.looseObject({
  id: z.string(),
  title: z.string(),
  input: z.unknown().optional(),
  expected: z.unknown(),
  tolerance: z.strictObject({ abs: z.number().positive().optional(), rel: z.number().positive().optional() }),
  published: z.unknown().optional(),
  notes: z.unknown().optional(),
})
export type ReferenceFile = z.infer<typeof ReferenceFile>

/**
 * Fails unless `actual` is `expected` to the file's tolerance: within `abs`, or within `rel` times the expected number where
 * only that is given. With both, either suffices. An expected 0 with `rel` alone allows 1e-14, the rounding of the files’ 15
 * digits. `what` names the quantity in the message.
 */
export function requireClose(
  actual: number | null | undefined,
  expected: number,
  { id, tolerance }: ReferenceFile,
  what: string,
): void {
  const allowed = Math.max(tolerance.abs ?? 0, (tolerance.rel ?? 0) * Math.abs(expected), expected === 0 ? 1e-14 : 0)
  const off = Math.abs(Number(actual ?? Number.NaN) - expected)
  if (!(off <= allowed)) throw new Error(`${id} requires ${what} = ${expected} within ${allowed}, got ${actual}`)
}

/** Fails unless both ends of an interval are close. */
export function requireInterval(
  actual: { low: number; high: number },
  [low, high]: readonly [number, number],
  file: ReferenceFile,
  what: string,
): void {
  requireClose(actual.low, low, file, `${what}, lower end`)
  requireClose(actual.high, high, file, `${what}, upper end`)
}
