import { z } from 'zod'
import { Arm } from '../cases/schema.ts'
import { Measure } from './measure.ts'

/**
 * The smallest true effect that a contrast of this run would have found with the stated power, in points of the 1–5 scale.
 *
 * It follows from the contrast's own standard error and degrees of freedom by the noncentral t distribution; it says what a
 * run of this size can see, and nothing about the effect that was found.
 */
export const DetectableEffect = z.strictObject({
  contrast: z.string().describe('the estimand, such as malignant-delta'),
  measure: Measure,
  model: z.string().nullable().describe('null for the average over models'),
  versus: z.string().nullable().describe('the other model of a pair, else null'),
  arm: Arm,
  power: z.number().gt(0).lt(1),
  significance: z.number().gt(0).lt(1).describe('two-sided'),
  value: z.number().positive().nullable(),
  comparisons: z.int().min(1).describe('how many contrasts are tested together'),
  valueHolm: z.number().positive().nullable().describe('the same in Holm’s first and strictest step'),
  nCases: z.int().min(0),
  nImages: z.int().min(0),
  exploratory: z.boolean(),
  reason: z.string().nullable().describe('why there is no value, else null'),
})
export type DetectableEffect = z.infer<typeof DetectableEffect>
