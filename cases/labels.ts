import { z } from 'zod'
import { Arm } from './schema.ts'
import { Dimension } from './verdict.ts'

/** One person's score of one dimension, or that it cannot be judged. */
export const RatedScore = z.union([z.int().min(1).max(5), z.literal('cannot_judge')], {
  error: 'requires a whole number from 1 to 5 or “cannot_judge”',
})
export type RatedScore = z.infer<typeof RatedScore>

/** One person's scores of one conversation, named by its trial. */
export const Rating = z.strictObject({
  caseId: z.string(),
  arm: Arm,
  model: z.string().describe('the label of the model under test, as in the results'),
  repeat: z.int().min(0),
  conversation: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('sha256 of the turns that were rated; where it stands, labels are refused for other words of the same trial'),
  rater: z.string().min(1).describe('an opaque name such as A; never a person’s name'),
  weight: z
    .number()
    .positive()
    .max(1e9)
    .describe('how many conversations of the run this one stands for: one over the share at which its stratum was drawn'),
  scores: z.record(Dimension, RatedScore),
  comment: z.string().max(4_000).optional(),
})
export type Rating = z.infer<typeof Rating>

/** The labels of people for conversations of a run: written by `annotate import`, read by calibration and analysis. */
export const Labels = z.strictObject({
  version: z.literal(1),
  simulated: z.boolean().describe('true when rules or models made the scores; they are then never called clinicians’'),
  raters: z.string().min(1).describe('who rated, in words for a report, such as “two board-certified dermatologists”'),
  ratings: z.array(Rating).min(1),
})
export type Labels = z.infer<typeof Labels>
