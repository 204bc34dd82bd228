import { z } from 'zod'
import { Dimension, JurorSight } from '../cases/verdict.ts'
import {
  CalibrationCandidate,
  CorrectedMean,
  CorrectedShare,
  ErrorCorrelation,
  JuryAgainstClinicians,
} from './estimate-jury-clinicians.ts'
import { Quantity } from './estimate-quantity.ts'

const count = z.int().min(0)
const exploratory = z.boolean().describe('under 20 images or fewer than 4 degrees of freedom: too few to lean on')

/**
 * How far the jurors agree among themselves on one dimension, arm `full`, over all models.
 *
 * Krippendorff’s alpha takes every conversation with two verdicts or more. ICC, Fleiss’ kappa and Kendall’s W take only the
 * conversations that every juror scored. Alpha’s interval resamples images; the F intervals of the ICC ignore images and are
 * therefore too narrow where cases share them.
 */
export const JuryReliability = z.strictObject({
  dimension: Dimension,
  nConversations: count.describe('conversations with at least two verdicts'),
  nComplete: count.describe('conversations with a verdict of every juror'),
  nCases: count,
  nImages: count,
  nJurors: count,
  nVerdicts: count,
  nAbstentions: count,
  alphaOrdinal: Quantity,
  alphaInterval: Quantity,
  alphaNominal: Quantity,
  fleissKappa: Quantity,
  kendallW: Quantity,
  icc: z
    .array(
      z.strictObject({
        form: z.enum(['1,1', '2,1', '3,1', '1,k', '2,k', '3,k']).describe('Shrout and Fleiss 1979'),
        ...Quantity.shape,
      }),
    )
    .describe('one juror (…,1) or the mean of k jurors (…,k); 2: absolute agreement, 3: consistency'),
  exploratory,
})
export type JuryReliability = z.infer<typeof JuryReliability>

/** One juror on one dimension, arm `full`. Severity below 0 means harsher than the jury. */
export const JurorRow = z.strictObject({
  dimension: Dimension,
  juror: z.string(),
  family: z.string().nullable(),
  nVerdicts: count,
  nAbstentions: count,
  nImages: count,
  mean: z.number().nullable(),
  severity: Quantity.describe(
    'juror minus the mean of the jurors present in the same conversation, averaged over conversations; alone in one counts as 0',
  ),
  severityCentred: z
    .number()
    .nullable()
    .describe(
      'the juror’s effect in the additive model conversation + juror, jurors summing to 0: fair to jurors who missed some',
    ),
  modalScore: z.number().nullable().describe('the score given most often, the lowest of equals'),
  modalShare: z.number().nullable().describe('share of verdicts that give it: 1 is a juror who always says the same'),
  alphaWithout: z.number().nullable().describe('ordinal alpha of the other jurors'),
  lengthCorrelation: Quantity.describe(
    'Spearman correlation of the model’s words with the score; ranks are held fixed in resamples',
  ),
  lengthCorrelationWithinModel: z.number().nullable().describe('the same after taking off each model’s mean rank'),
  byModel: z
    .array(z.strictObject({ model: z.string(), nVerdicts: count, severity: z.number().nullable() }))
    .describe('severity by model under test'),
  exploratory,
})
export type JurorRow = z.infer<typeof JurorRow>

/**
 * The report card of one juror on one dimension, over all arms: what no other table says. Its severity and the tie of score
 * and length stand in `jurors`, its agreement with jurors and clinicians in `pairs` and `againstClinicians`, its liking for
 * its own family in `preferences`, its price in `costs`, each under the same name.
 */
export const JurorCard = z.strictObject({
  dimension: Dimension,
  juror: z.string(),
  saw: z.array(JurorSight).describe('what it knew of the picture; more than one when that differs, empty when not told'),
  nConversations: count,
  nAsked: count.describe('votes, each repeat being one'),
  nVerdicts: count.describe('votes with a score'),
  abstentions: z
    .array(z.strictObject({ reason: z.string(), count }))
    .describe('votes without a score, the most frequent reason first'),
  abstentionRate: z.number().min(0).max(1).nullable().describe('of the votes; null when it was never asked'),
  nQuotes: count.describe('quotes in its verdicts'),
  nVerified: count.describe('those that stand in the turn that they name'),
  quoteValidity: z.number().min(0).max(1).nullable().describe('the share of these; null without a quote'),
  distribution: z.array(count).length(5).describe('verdicts that give 1, 2, 3, 4 and 5, before the caps'),
  repeatStandardDeviation: z
    .number()
    .min(0)
    .nullable()
    .describe('between its verdicts on one and the same conversation, in points; null when it never gave two'),
  nRepeated: count.describe('conversations with two of its verdicts or more'),
})
export type JurorCard = z.infer<typeof JurorCard>

const tokens = count.nullable().describe('null when a reply does not tell')

/** What one juror’s verdicts took over all arms and dimensions, stored replies counted as what they once cost. */
export const JurorCost = z.strictObject({
  juror: z.string(),
  nConversations: count,
  nVerdicts: count,
  costUsd: z.number().min(0).nullable().describe('null when a price is unknown'),
  costPerVerdict: z.number().min(0).nullable().describe('all replies, those of abstentions too, over its verdicts'),
  inputTokens: tokens,
  cacheReadTokens: tokens,
  cacheWriteTokens: tokens,
  outputTokens: tokens,
  outputTokensPerVerdict: z.number().min(0).nullable(),
})
export type JurorCost = z.infer<typeof JurorCost>

/**
 * Agreement of two single raters, jurors or clinicians, on the conversations that both scored, arm `full`. The standard error
 * beside each kappa takes conversations as independent (Fleiss, Cohen and Everitt 1969); the interval resamples images.
 */
export const RaterPair = z.strictObject({
  dimension: Dimension,
  a: z.strictObject({ rater: z.string(), kind: z.enum(['juror', 'clinician']) }),
  b: z.strictObject({ rater: z.string(), kind: z.enum(['juror', 'clinician']) }),
  nConversations: count,
  nImages: count,
  quadraticKappa: Quantity,
  quadraticKappaStandardError: z.number().min(0).nullable(),
  linearKappa: z.number().nullable(),
  linearKappaStandardError: z.number().min(0).nullable(),
  unweightedKappa: z.number().nullable(),
  unweightedKappaStandardError: z.number().min(0).nullable(),
  exactAgreement: z.number().nullable(),
  adjacentAgreement: z.number().nullable().describe('share within one level'),
  exploratory,
})
export type RaterPair = z.infer<typeof RaterPair>

/**
 * Whether a juror prefers models of its own family: (juror minus reference) on own-family models, minus the same on the
 * other models, on the same case. Above 0 favours its own. The reference is the mean of jurors of other families, or of the
 * clinicians, on the same conversation, so that a family that really is better is not called preferred.
 */
export const JurorPreference = z.strictObject({
  dimension: Dimension,
  juror: z.string(),
  family: z.string().nullable(),
  reference: z.enum(['other jurors', 'clinicians']),
  preference: Quantity,
  standardError: z.number().min(0).nullable(),
  df: z.number().positive().nullable(),
  ownModels: z.array(z.string()),
  nCases: count,
  nImages: count,
  exploratory,
})
export type JurorPreference = z.infer<typeof JurorPreference>

/**
 * Where the spread of scores comes from, by an analysis of variance of case × model × juror on the cases that every juror
 * scored for every model, arm `full`, lowest repeat; and what other designs would give. Cases are taken as independent:
 * where they share images the standard errors are too small. A component below 0 is shown, and counts as 0 in the designs.
 */
export const JuryVariance = z.strictObject({
  dimension: Dimension,
  nCases: count,
  nCasesLeftOut: count.describe('cases that some juror did not score for some model'),
  nImages: count,
  nModels: count,
  nJurors: count,
  components: z
    .array(z.strictObject({ source: z.string(), df: z.number(), variance: z.number() }))
    .describe('residual: case × model × juror and error; empty when there is a reason'),
  designs: z.array(
    z.strictObject({
      jurors: z.int().min(1),
      cases: z.int().min(1),
      meanStandardError: z.number().min(0).describe('of one model’s mean, over other cases and other jurors of the same kind'),
      differenceStandardError: z.number().min(0).describe('of the difference of two models on the same cases and jurors'),
    }),
  ),
  exploratory,
  reason: z.string().nullable(),
})
export type JuryVariance = z.infer<typeof JuryVariance>

/** Everything that the reports say of the jury. The tables that need clinicians are empty when there are no labels. */
export const JuryTables = z.strictObject({
  reliability: z.array(JuryReliability),
  jurors: z.array(JurorRow),
  cards: z.array(JurorCard),
  costs: z.array(JurorCost),
  pairs: z.array(RaterPair),
  preferences: z.array(JurorPreference),
  variance: z.array(JuryVariance),
  againstClinicians: z.array(JuryAgainstClinicians),
  errorCorrelations: z.array(ErrorCorrelation),
  calibration: z.array(CalibrationCandidate),
  correctedMeans: z.array(CorrectedMean),
  correctedShares: z.array(CorrectedShare),
})
export type JuryTables = z.infer<typeof JuryTables>
