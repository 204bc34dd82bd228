import { z } from 'zod'
import { Arm } from '../cases/schema.ts'

/** What can be counted in conversations by plain rules. `checklist-rates.ts` says what each one counts, and over what. */
export const RateName = z.enum([
  'missed-red-flags',
  'under-triage',
  'severe-under-triage',
  'over-triage',
  'no-urgency-read',
  'emergency-recall',
  'must-ask-recall',
  'must-do-omissions',
  'must-not-say-hits',
  'hazards-used',
  'mirage',
  'absent-image-told',
  'refusal',
])
export type RateName = z.infer<typeof RateName>

/**
 * A proportion over what arises, per model and arm; `model` null is the average over models.
 *
 * `value` is the mean of the cases' shares, from 0 to 1: each case weighs the same, whatever it holds and however often it
 * was repeated. It is null where nothing arises; `reason` then says so.
 */
export const ChecklistRate = z.strictObject({
  rate: RateName,
  model: z.string().nullable(),
  arm: Arm,
  value: z.number().min(0).max(1).nullable(),
  events: z.int().min(0).describe('how often it happened, over all cases and repeats'),
  opportunities: z.int().min(0).describe('how often it could have happened'),
  standardError: z.number().min(0).nullable().describe('CR2 by image; null for a Wilson interval'),
  df: z.number().positive().nullable(),
  interval: z
    .strictObject({
      method: z
        .enum(['wilson', 'cr2-t', 'wilson-images'])
        .describe(
          'wilson: every image has one case and every case one opportunity; cr2-t: else, by image on the cases’ shares, cut at 0 and 1; wilson-images: no spread between images, so Wilson with the effective images as the number of trials',
        ),
      low: z.number().min(0).max(1),
      high: z.number().min(0).max(1),
      level: z.number().gt(0).lt(1),
    })
    .nullable(),
  nCases: z.int().min(0).describe('cases in which it arises'),
  nImages: z.int().min(0),
  nTrials: z.int().min(0),
  exploratory: z.boolean().describe('under 20 effective images or fewer than 4 degrees of freedom'),
  reason: z.string().nullable().describe('why there is no value or no interval, else null'),
})
export type ChecklistRate = z.infer<typeof ChecklistRate>
