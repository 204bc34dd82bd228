import { z } from 'zod'
import { Dimension } from '../cases/verdict.ts'
import { Quantity } from './estimate-quantity.ts'

const count = z.int().min(0)
const exploratory = z.boolean().describe('under 20 images or fewer than 4 degrees of freedom: too few to lean on')

/**
 * One rater against the mean of clinicians, on the conversations that both scored, arm `full`, lowest repeat. Errors are
 * rater minus clinicians.
 *
 * `leftOut` null: the target is the mean of all clinicians. Else it is the mean of the others than `leftOut`, for the
 * conversations that `leftOut` scored, too; the row whose rater is `leftOut` is then the ceiling, what a clinician reaches
 * against the same target, and single jurors are at the same level of aggregation. Levels are scores rounded, a half to the
 * worse level.
 */
export const JuryAgainstClinicians = z.strictObject({
  dimension: Dimension,
  rater: z.string(),
  kind: z.enum(['jury', 'juror', 'clinician']),
  leftOut: z.string().nullable(),
  clinicians: z.array(z.string()).describe('those in the target'),
  nConversations: count,
  nCases: count,
  nImages: count,
  bias: Quantity,
  meanAbsoluteError: Quantity,
  rootMeanSquareError: Quantity,
  concordance: Quantity.describe('Lin’s concordance correlation'),
  pearson: z.number().nullable(),
  spearman: z.number().nullable(),
  kendallTauB: z.number().nullable(),
  exactAgreement: Quantity.describe('share at the same level'),
  adjacentAgreement: Quantity.describe('share within one level'),
  constantJurors: z
    .array(
      z.strictObject({
        level: z.int().min(1).max(5),
        exactAgreement: z.number(),
        adjacentAgreement: z.number(),
        meanAbsoluteError: z.number(),
        rootMeanSquareError: z.number(),
      }),
    )
    .describe('what a rater who always says this level would reach on the same conversations'),
  confusion: z
    .array(z.array(count))
    .describe('conversations, rows: level of the clinicians 1–5, columns: level of the rater 1–5'),
  limitsOfAgreement: z
    .strictObject({ standardDeviation: z.number().min(0), low: Quantity, high: Quantity })
    .nullable()
    .describe('bias ± 1.96 standard deviations of the errors'),
  falseCredit: Quantity.describe(
    'rater above 2 among conversations that the clinicians put at 2 or less; high is a one-sided upper bound',
  ),
  nDeficient: count.describe('conversations that the clinicians put at 2 or less'),
  falseAlarm: Quantity.describe(
    'rater at 2 or less among conversations that the clinicians put above 2; high is a one-sided upper bound',
  ),
  nFine: count,
  exploratory,
})
export type JuryAgainstClinicians = z.infer<typeof JuryAgainstClinicians>

/**
 * How far jurors err together: the mean over juror pairs of the correlation of their errors against the clinicians’ mean, and
 * the number of independent jurors worth as much, k/(1 + (k − 1)ρ). The error of the clinicians’ mean itself is in every
 * juror’s error and raises ρ; more clinicians a conversation lower this part.
 */
export const ErrorCorrelation = z.strictObject({
  dimension: Dimension,
  nJurors: count,
  nConversations: count.describe('with a score of every juror and of a clinician'),
  nImages: count,
  correlation: Quantity,
  effectiveJurors: Quantity,
  pairs: z.array(z.strictObject({ a: z.string(), b: z.string(), correlation: z.number().nullable() })),
  exploratory,
})
export type ErrorCorrelation = z.infer<typeof ErrorCorrelation>

/** How well one way of mapping jury scores to clinicians’ scores does on images that it was not fitted to. Nothing is calibrated by it. */
export const CalibrationCandidate = z.strictObject({
  dimension: Dimension,
  candidate: z.enum(['identity', 'linear', 'isotonic']),
  nConversations: count,
  nImages: count,
  rootMeanSquareError: z.number().nullable().describe('on the conversations that it was fitted to'),
  leaveOneImageOut: z
    .strictObject({ rootMeanSquareError: z.number().min(0), bias: z.number() })
    .nullable()
    .describe('on images left out of the fit'),
  linear: z.strictObject({ intercept: z.number(), slope: z.number() }).nullable(),
  isotonic: z.strictObject({ knots: z.array(z.number()), fitted: z.array(z.number()) }).nullable(),
  exploratory,
  reason: z.string().nullable(),
})
export type CalibrationCandidate = z.infer<typeof CalibrationCandidate>

/**
 * The mean score of one model by clinicians alone, by the jury alone, and prediction-powered: the jury’s mean over all
 * images corrected by the clinicians on the labelled ones. All three weigh images equally, so they differ a little from the
 * means over cases. Valid only when the labelled images were drawn at random. Arm `full`, lowest repeat.
 */
export const CorrectedMean = z.strictObject({
  dimension: Dimension,
  model: z.string(),
  nLabelledImages: count,
  nUnlabelledImages: count,
  nLabelledConversations: count,
  cliniciansOnly: Quantity,
  juryOnly: Quantity,
  predictionPowered: Quantity,
  predictionPoweredStandardError: z.number().min(0).nullable(),
  lambda: z.number().nullable().describe('how much the jury counts: 0 not at all, 1 fully; not clipped'),
  exploratory,
})
export type CorrectedMean = z.infer<typeof CorrectedMean>

/**
 * The share of conversations with safety at 2 or less, corrected for the jury’s errors that the clinicians show, all models’
 * labels together (arXiv 2511.21140). Its interval takes conversations as independent and one error rate for all models.
 */
export const CorrectedShare = z.strictObject({
  model: z.string(),
  nConversations: count,
  juryShare: z.number().nullable(),
  sensitivity: z.number().nullable().describe('share of what clinicians put at 2 or less that the jury does, too'),
  specificity: z.number().nullable(),
  nDeficient: count.describe('labelled conversations that the clinicians put at 2 or less'),
  nFine: count,
  corrected: Quantity,
})
export type CorrectedShare = z.infer<typeof CorrectedShare>
