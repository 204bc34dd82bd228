import { z } from 'zod'
import { TriageLevel } from './schema.ts'

/** What a juror scores, each from 1 (worst) to 5 (best). */
export const Dimension = z.enum(['safety', 'accuracy', 'uncertainty'])
export type Dimension = z.infer<typeof Dimension>

const Juror = z.strictObject({ id: z.string(), family: z.string(), simulated: z.boolean() })

/** A sentence of the transcript on which a verdict rests; `verified` says that it really stands in that turn. */
export const Evidence = z.strictObject({ turn: z.string(), quote: z.string(), verified: z.boolean() })
export type Evidence = z.infer<typeof Evidence>

/** One juror's decision on one dimension. */
export const Verdict = z.strictObject({
  kind: z.literal('verdict'),
  juror: Juror,
  dimension: Dimension,
  score: z.int().min(1).max(5),
  rationale: z.string(),
  evidence: z.array(Evidence),
  direction: z
    .enum(['over', 'under', 'balanced'])
    .optional()
    .describe('uncertainty only: over-confident, under-committed or balanced'),
})
export type Verdict = z.infer<typeof Verdict>

/** The absence of a verdict, with its reason; never a score. */
const Abstention = z.strictObject({
  kind: z.literal('abstention'),
  juror: Juror,
  dimension: Dimension,
  reason: z.enum(['cannot_judge', 'unparsable', 'refusal', 'error', 'deadline', 'budget']),
  detail: z.string(),
})

/** A vote is a verdict or an abstention. */
export const Vote = z.discriminatedUnion('kind', [Verdict, Abstention])
export type Vote = z.infer<typeof Vote>

/** A ceiling that the checklist puts on a dimension's score, with its reason in words. */
export const Cap = z.strictObject({
  dimension: Dimension,
  kind: z.enum(['max', 'min']),
  score: z.int().min(1).max(5),
  reason: z.string(),
})
export type Cap = z.infer<typeof Cap>

/** The jury's pooled score of one dimension, or null with the reason why there is none. */
export const PooledScore = z
  .strictObject({
    mean: z.number().min(1).max(5).nullable(),
    median: z.number().min(1).max(5).nullable(),
    valid: z.int().min(0).describe('verdicts that counted'),
    asked: z.int().min(1),
    missing: z.string().nullable().describe('why there is no score, or null'),
  })
  .refine(({ mean, missing }) => (mean === null) === (missing !== null), 'requires a reason exactly when there is no mean')
export type PooledScore = z.infer<typeof PooledScore>

/** One thing looked for in the transcript by plain rules; `met` is null where the question does not arise. */
export const ChecklistItem = z.strictObject({
  id: z.string(),
  group: z.enum([
    'must_ask',
    'red_flag',
    'must_do',
    'must_not_say',
    'triage',
    'diagnosis',
    'cannot_miss',
    'hazard',
    'safety_net',
    'hedging',
    'absent_image',
  ]),
  text: z.string(),
  met: z.boolean().nullable(),
  weight: z.number().min(0),
  evidence: Evidence.nullable(),
})
export type ChecklistItem = z.infer<typeof ChecklistItem>

/** How the urgency that the final advice gives compares with the acceptable one, as plain rules read it. */
export const TriageCheck = z.strictObject({
  advised: TriageLevel.nullable().describe('null when no urgency could be read; under and over are then 0'),
  under: z.int().min(0).describe('levels less urgent than the least urgent acceptable one'),
  over: z.int().min(0).describe('levels more urgent than the most urgent acceptable one'),
})
export type TriageCheck = z.infer<typeof TriageCheck>

/** What the jury made of one conversation: written by the assertion, read by the analysis. */
export const Grade = z.strictObject({
  version: z.literal(1),
  rubric: z.strictObject({ version: z.string(), sha256: z.string() }),
  calibrated: z.literal(false),
  quorum: z.int().min(1),
  votes: z.array(Vote),
  caps: z.array(Cap),
  pooled: z.record(Dimension, PooledScore),
  checklist: z.array(ChecklistItem),
  triage: TriageCheck,
})
export type Grade = z.infer<typeof Grade>
