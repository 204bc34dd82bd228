import { z } from 'zod'
import { Dimension } from '../cases/verdict.ts'
import { Quantity } from './estimate-quantity.ts'

const count = z.int().min(0)

/** How the pooled scores of one model spread over the levels on one dimension, arm `full`. Each conversation counts once, repeats too. */
export const ScoreDistribution = z.strictObject({
  dimension: Dimension,
  model: z.string(),
  levels: z
    .array(count)
    .length(5)
    .describe('conversations at level 1 to 5; a score between two levels goes to the nearest, a half to the worse'),
  nConversations: count.describe('with a score'),
  nMissing: count.describe('without one'),
  nCases: count,
  nImages: count,
})
export type ScoreDistribution = z.infer<typeof ScoreDistribution>

/** How many conversations have one pair of scores: the jury’s, and the mean of the clinicians. Arm `full`, lowest repeat. */
export const ScorePoint = z.strictObject({
  dimension: Dimension,
  jury: z.number().min(1).max(5),
  clinicians: z.number().min(1).max(5),
  nConversations: z.int().min(1),
})
export type ScorePoint = z.infer<typeof ScorePoint>

/** What the conversations of one model cost in US dollars, arm `full`; replies that were stored count at what they once cost. */
export const ModelCost = z.strictObject({
  model: z.string(),
  meanUsd: z
    .number()
    .min(0)
    .nullable()
    .describe('of the model under test, per conversation; null when no conversation has a price'),
  meanJuryUsd: z
    .number()
    .min(0)
    .nullable()
    .describe('of all its jurors together, per graded conversation; null when none has a price'),
  nPriced: count.describe('conversations whose cost is known'),
  nUnpriced: count.describe('conversations with a transcript but without a known cost'),
  nGradesPriced: count.describe('graded conversations whose jury’s cost is known'),
})
export type ModelCost = z.infer<typeof ModelCost>

/**
 * The mean overall score of the conversations with so many replies of the model under test, arm `full`, all models together;
 * the interval clusters by image. It describes: how long a conversation gets is the model’s choice.
 */
export const ScoreByReplies = z.strictObject({
  replies: z.int().min(1),
  overall: Quantity,
  nConversations: z.int().min(1),
  nModels: z.int().min(1),
  nCases: z.int().min(1),
  nImages: z.int().min(1),
})
export type ScoreByReplies = z.infer<typeof ScoreByReplies>

/** Counts and means that describe a run and test nothing. */
export const Descriptions = z.strictObject({
  distributions: z.array(ScoreDistribution),
  scorePoints: z.array(ScorePoint).describe('empty without clinicians’ labels'),
  costs: z.array(ModelCost),
  byReplies: z.array(ScoreByReplies).describe('empty without transcripts'),
})
export type Descriptions = z.infer<typeof Descriptions>
