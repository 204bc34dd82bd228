import { z } from 'zod'
import { Arm } from '../cases/schema.ts'
import { Transcript } from '../cases/transcript.ts'
import { Dimension, Grade } from '../cases/verdict.ts'
import { Measure } from './measure.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** A small picture as a data address; nothing else is let through, so that a page can show it without asking anybody. */
export const Thumbnail = z.string().regex(/^data:image\/(?:jpeg|png|webp);base64,[A-Za-z0-9+/]+={0,2}$/)

const Score = z.strictObject({
  value: z.number().min(1).max(5).nullable(),
  missing: z.string().nullable().describe('why there is no score, or null'),
})

/**
 * One trial with all that was said and voted. `scores` are those of the analysis, from 1 to 5; `transcript` is null where the
 * cell failed, `grade` where nobody judged. Each of `review` is a dimension on which jurors lie so far apart that a person
 * should look, with the distance of the outermost jurors in points.
 */
export const Conversation = z.strictObject({
  caseId: z.string(),
  image: z.string().describe('the first image’s sha256; key of the thumbnail'),
  malignant: z.boolean().nullable(),
  rare: z.boolean().nullable(),
  model: z.string(),
  arm: Arm,
  repeat: z.int().min(0),
  scores: z.record(Measure, Score),
  missing: z.string().nullable().describe('why the whole trial has no score, or null'),
  transcript: Transcript.omit({ version: true, caseId: true, arm: true, repeat: true }).nullable(),
  grade: Grade.pick({ votes: true, caps: true, pooled: true, checklist: true, triage: true, spent: true }).nullable(),
  review: z.array(z.strictObject({ dimension: Dimension, range: z.number().min(0) })),
})
export type Conversation = z.infer<typeof Conversation>

/**
 * The second hand-over file from analysis to reports: what stands behind the numbers of the estimates beside it. Trials stand
 * in the order of the tidy table, those without a row too. It holds no time and no run id, so equal data give equal bytes.
 */
export const Conversations = z.strictObject({
  version: z.literal(1),
  bank: z.strictObject({ name: z.string(), sha256: z.string() }).describe('as in the estimates that it belongs to'),
  thumbnails: z.record(sha256, Thumbnail).describe('by the image’s sha256; an image that was not here has none'),
  trials: z.array(Conversation),
})
export type Conversations = z.infer<typeof Conversations>
