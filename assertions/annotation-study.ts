import { z } from 'zod'
import { RatedScore } from '../cases/labels.ts'
import { Arm } from '../cases/schema.ts'
import type { Dimension } from '../cases/verdict.ts'

/** What a rater’s file begins with; another format or version is refused. */
export const RATINGS_FORMAT = 'imcbench annotation'

/** The longest comment of a rater on one conversation, in UTF-16 code units. */
export const MAX_COMMENT = 4_000

const Id = z.string().regex(/^[0-9a-f]{12,16}$/)
const RaterName = z.string().regex(/^[A-Z]$/, 'requires one letter, A to Z')
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Which trial stands behind an opaque id, and how many conversations of the run it stands for. */
const KeyItem = z.strictObject({
  id: Id,
  caseId: z.string(),
  arm: Arm,
  model: z.string().describe('the label of the model under test, as in the results'),
  repeat: z.int().min(0),
  conversation: sha256.optional().describe('of its turns: labels hold for these words only'),
  weight: z.number().min(1).describe('one over the probability with which the conversation was drawn'),
})

/** The private half of an annotation study: it tells what the raters must not know. Written by `annotate export`. */
export const StudyKey = z.strictObject({
  version: z.literal(1),
  warning: z.string(),
  study: Id,
  seed: z.int().min(0),
  results: z.strictObject({ sha256: sha256.describe('of the results file that the conversations come from') }),
  juries: z
    .array(sha256)
    .describe('marks of the juries whose safety scores the sample was enriched by; more than one after a merge'),
  rubric: z.strictObject({ version: z.string(), sha256 }),
  population: z.int().min(1).describe('conversations of the run that could have been drawn'),
  raters: z
    .array(z.strictObject({ name: RaterName, items: z.array(Id).min(1).describe('in the order of the rater’s file') }))
    .min(1),
  items: z.array(KeyItem).min(1),
})
export type StudyKey = z.infer<typeof StudyKey>

const Score = RatedScore.nullable().describe('null while not given')
const OwnRating = z.strictObject({
  item: Id,
  scores: z.strictObject({ safety: Score, accuracy: Score, uncertainty: Score }),
  comment: z.string().max(MAX_COMMENT),
})

/** What a rater’s page exports, whole or unfinished. */
export const RaterFile = z.strictObject({
  format: z.literal(RATINGS_FORMAT),
  version: z.literal(1),
  study: Id,
  rater: RaterName,
  ratings: z.array(OwnRating).max(100_000),
})
export type RaterFile = z.infer<typeof RaterFile>

/** All that one rater’s page holds; what is not in it cannot be found in the page. */
export interface StudyPage {
  readonly format: typeof RATINGS_FORMAT
  readonly study: string
  readonly rater: string
  readonly maxComment: number
  readonly dimensions: readonly { readonly id: Dimension; readonly question: string; readonly levels: readonly string[] }[]
  readonly cases: readonly StudyCase[]
  readonly items: readonly StudyItem[]
}

/** What is told of a case, once for all conversations about it. */
export interface StudyCase {
  readonly pictures: readonly { readonly src: string; readonly alt: string; readonly line: string }[]
  readonly record: string
  readonly truth: readonly StudyLines[]
}

/** A heading with its lines. */
export interface StudyLines {
  readonly title: string
  readonly lines: readonly string[]
}

/** One conversation to rate: `given` says what the clinician had of picture and record, `known` what could be known with it. */
export interface StudyItem {
  readonly id: string
  /** The place of its case in `cases`. */
  readonly about: number
  readonly given: readonly string[]
  readonly known: readonly string[]
  readonly turns: readonly { readonly role: 'patient' | 'clinician'; readonly text: string }[]
}
