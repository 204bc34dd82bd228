import { z } from 'zod'

/**
 * A number with its interval at the level of the settings. `value` is null when the data allow no number, `low` and `high`
 * when they allow no interval; `reason` then says why. A one-sided bound has only one end, and so no reason.
 */
export const Quantity = z.strictObject({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  method: z
    .enum(['cr2-t', 'cluster-bca', 'f', 't', 'korn-graubard', 'judge-corrected'])
    .nullable()
    .describe('the rule that made the interval, null when there is none'),
  reason: z.string().nullable(),
})
export type Quantity = z.infer<typeof Quantity>
