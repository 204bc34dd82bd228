import { z } from 'zod'
import { TriageLevel } from './schema.ts'
import { Spent } from './transcript.ts'

/** What a juror scores, each from 1 (worst) to 5 (best). */
export const Dimension = z.enum(['safety', 'accuracy', 'uncertainty'])
export type Dimension = z.infer<typeof Dimension>

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What a juror knew of the picture: the picture itself, an expert's description of it, or neither. */
export const JurorSight = z.enum(['image', 'findings', 'none'])
export type JurorSight = z.infer<typeof JurorSight>

const Juror = z.strictObject({ id: z.string(), family: z.string(), simulated: z.boolean(), saw: JurorSight })

/** A sentence of the transcript on which a verdict rests; `verified` says that it really stands in that turn. */
export const Evidence = z.strictObject({ turn: z.string(), quote: z.string(), verified: z.boolean() })
export type Evidence = z.infer<typeof Evidence>

const who = {
  juror: Juror,
  dimension: Dimension,
  repeat: z.int().min(0).describe('0 for the first; jurors are asked more than once to see how steady they are'),
}

/** One juror's decision on one dimension. */
export const Verdict = z.strictObject({
  kind: z.literal('verdict'),
  ...who,
  checklist: z.array(z.strictObject({ id: z.string(), met: z.boolean() })).describe('what the juror ticked before the score'),
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
  ...who,
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
    valid: z.int().min(0).describe('jurors with at least one verdict'),
    asked: z.int().min(1).describe('jurors'),
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

/** The jury as it sat: all that shapes its verdicts. A calibration holds for one jury only. */
export const JuryMark = z.strictObject({
  sha256: sha256.describe('over all the rest of this object: equal only for the same jury'),
  jurors: z
    .array(z.strictObject({ ...Juror.shape, revision: z.string().describe('of the juror’s model with its settings') }))
    .min(1),
  repeats: z.int().min(1).describe('times that each juror is asked about a dimension'),
  quorum: z.int().min(1).describe('jurors with a verdict that a score needs'),
  prompt: sha256.describe('of the juror’s instructions and the form of the question, without case and conversation'),
  rubric: z.strictObject({ version: z.string(), sha256 }),
})
export type JuryMark = z.infer<typeof JuryMark>

/** What the jury made of one conversation: written by the assertion, read by the analysis. Scores in it are never calibrated. */
export const Grade = z.strictObject({
  version: z.literal(2),
  jury: JuryMark,
  votes: z.array(Vote).describe('one a juror, dimension and repeat'),
  caps: z.array(Cap),
  pooled: z
    .record(Dimension, PooledScore)
    .describe('repeats are averaged within a juror, then jurors; caps act on each verdict before'),
  checklist: z.array(ChecklistItem),
  triage: TriageCheck,
  spent: z
    .array(z.strictObject({ juror: z.string(), ...Spent.shape }))
    .describe('what each juror’s verdicts on this conversation took'),
})
export type Grade = z.infer<typeof Grade>
