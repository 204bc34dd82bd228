import { z } from 'zod'
import { judgeCorrectedProportion } from '../../../analysis/judge-corrected-proportion.ts'
import { type ReferenceFile, requireClose, requireInterval } from './reference-file.ts'

const Case = z.strictObject({
  input: z.strictObject({
    p: z.number(),
    q0: z.number(),
    q1: z.number(),
    n: z.number(),
    m0: z.number(),
    m1: z.number(),
  }),
  point: z.number(),
  ci95: z.tuple([z.number(), z.number()]),
})

/** A judge’s share corrected for its errors, with the interval. */
export function check(file: ReferenceFile): void {
  for (const { input, point, ci95 } of z.array(Case).parse(file.expected)) {
    const { p, q0, q1, n, m0, m1 } = input
    const judged = { p, n, specificity: q0, negatives: m0, sensitivity: q1, positives: m1 }
    const corrected = judgeCorrectedProportion(judged, 0.95)
    if (corrected === null) throw new Error(`${file.id} requires a corrected share of ${JSON.stringify(input)}, got none`)
    requireClose(corrected.value, point, file, 'share')
    requireInterval(corrected, ci95, file, 'share')
  }
}
