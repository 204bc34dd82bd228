import { z } from 'zod'
import { Arm } from '../cases/schema.ts'
import { Measure } from './measure.ts'

/** An interval at a level such as 0.95; the row that holds it says which rule made it. */
const Range = z.strictObject({ low: z.number(), high: z.number(), level: z.number().gt(0).lt(1) })

const p = z.number().min(0).max(1).nullable()
const count = z.int().min(0)
const reason = z.string().nullable().describe('why a number is null or must be read with care, else null')
const exploratory = z.boolean().describe('under 20 images or fewer than 4 degrees of freedom: too few to lean on')

/** A number with its CR2 standard error by image, Satterthwaite degrees of freedom and t interval; null where there is none. */
const clustered = {
  value: z.number().nullable(),
  standardError: z.number().min(0).nullable(),
  df: z.number().positive().nullable().describe('Satterthwaite degrees of freedom'),
  interval: Range.nullable(),
  p: p.describe('two-sided, CR2 t; null without a spread between images'),
}

/** A permutation test: exact when every arrangement is counted, else Monte Carlo with one added to both counts. */
const Permutation = z.strictObject({
  p: z.number().gt(0).max(1),
  kind: z.enum(['exact', 'monte-carlo']),
  draws: z.int().min(1).nullable().describe('arrangements drawn; null when exact'),
})

/** Cases on the two sides of a delta. */
const Groups = z.strictObject({ flagged: count, unflagged: count })

/** Two models on the same cases of the arm full. `value` is the mean of first minus second, in points of the 1–5 scale. */
export const ModelPair = z.strictObject({
  measure: Measure,
  first: z.string(),
  second: z.string(),
  ...clustered,
  pHolm: p.describe('p after Holm within all pairs of the measure'),
  pBh: p.describe('p after Benjamini–Hochberg within the same pairs'),
  nTests: count.describe('pairs of the measure that have a p: the family of Holm'),
  dz: z.number().nullable().describe('mean difference / its standard deviation over cases; it knows no images'),
  cliffsDelta: z.number().min(-1).max(1).nullable().describe('share of case pairs (any two) where first is higher minus lower'),
  shareHigher: p.describe('share of cases on which first is higher than second'),
  shareLower: p.describe('share of cases on which first is lower than second'),
  permutation: Permutation.nullable().describe('signs of whole images flipped; only under 20 images'),
  nCases: count,
  nImages: count,
  nTrials: count,
  exploratory,
  reason,
})
export type ModelPair = z.infer<typeof ModelPair>

/** One model's place among the others, 1 being the best; equal means share the mean of their places. */
const RankedModel = z.strictObject({
  model: z.string(),
  mean: z.number().describe('over the cases that every model has'),
  rank: z.number().min(1),
  meanRank: z.number().min(1).describe('mean over the resamples'),
  low: z.number().min(1).nullable().describe('null under 15 effective images'),
  high: z.number().min(1).nullable(),
  pBest: z.number().min(0).max(1).describe('share of resamples on top; a tie on top is split evenly'),
  notSeparable: z.array(z.string()).describe('models from which Holm does not separate it'),
})

/** Ranks of all models on one measure in arm full, from resamples of images that are the same for every model. */
export const ModelRanking = z.strictObject({
  measure: Measure,
  models: z.array(RankedModel).describe('best first; empty when no case has every model'),
  groups: z.array(z.array(z.string())).describe('largest sets in which Holm separates no two models'),
  resamples: count,
  level: z.number().gt(0).lt(1),
  nCases: count,
  nImages: count,
  exploratory,
  reason,
})
export type ModelRanking = z.infer<typeof ModelRanking>

/** Cases by malignancy and rarity; what is not known is a class of its own. All nine rows stand, also with no case. */
export const StratumCount = z.strictObject({
  malignancy: z.enum(['malignant', 'not malignant', 'unclear']),
  rarity: z.enum(['rare', 'not rare', 'unknown']),
  nCases: count,
  nImages: count,
})
export type StratumCount = z.infer<typeof StratumCount>

/** How often a flagged case scores higher or lower than an unflagged one, arm full. `model` null: case means over models. */
export const StratumDominance = z.strictObject({
  flag: z.enum(['malignant', 'rare']),
  measure: Measure,
  model: z.string().nullable(),
  cliffsDelta: z.number().min(-1).max(1).nullable().describe('share flagged higher minus share flagged lower'),
  standardError: z.number().min(0).nullable().describe('CR2 by image of the placements'),
  df: z.number().positive().nullable(),
  interval: Range.nullable().describe('Cliff’s asymmetric form with t'),
  superiority: p.describe('chance that a flagged case scores higher, a tie counting half'),
  nGroups: Groups.describe('cases'),
  nImagesOfGroups: Groups.describe('images'),
  nCases: count,
  nImages: count,
  exploratory,
  reason,
})
export type StratumDominance = z.infer<typeof StratumDominance>

/** A delta with the other flag held fixed: least squares on both flags, unknown being a class of its own; arm full. */
export const AdjustedDelta = z.strictObject({
  flag: z.enum(['malignant', 'rare']),
  adjustedFor: z.enum(['malignant', 'rare']),
  measure: Measure,
  model: z.string().nullable(),
  ...clustered,
  nGroups: Groups.describe('cases'),
  nImagesOfGroups: Groups.describe('images'),
  nCases: count.describe('all cases in the regression, those of an unknown class too'),
  nImages: count,
  exploratory,
  reason,
})
export type AdjustedDelta = z.infer<typeof AdjustedDelta>

/** Whether a delta differs between two models: the delta of first minus the delta of second, on the cases of both. */
export const DeltaContrast = z.strictObject({
  flag: z.enum(['malignant', 'rare']),
  measure: Measure,
  first: z.string(),
  second: z.string(),
  ...clustered,
  pHolm: p.describe('p after Holm within all pairs of the flag and measure'),
  nTests: count,
  nGroups: Groups.describe('cases'),
  nCases: count,
  nImages: count,
  exploratory,
  reason,
})
export type DeltaContrast = z.infer<typeof DeltaContrast>

/** One model as a point: how strong it is and what it loses without the image or record. */
const StrengthPoint = z.strictObject({
  model: z.string(),
  strength: z.number(),
  benefit: z.number().describe('full minus the arm, in points'),
  cooksDistance: z.number().min(0).nullable(),
  slopeWithout: z.number().nullable().describe('the slope when this model is left out'),
})

/**
 * Do stronger models lose more without the image or record? `value` is the slope of the benefit (full minus arm) on the
 * model's strength. Method `oldham` takes the mean of full and arm as strength, `cross-fit` the full score on the other half
 * of the images; both are unbiased, though cross-fit's interval is a little narrow where models hardly differ. `naive` takes the full score, which shares its noise with the benefit: it is biased, and
 * stands here only to be compared.
 */
export const StrengthInteraction = z.strictObject({
  arm: Arm,
  measure: Measure,
  method: z.enum(['oldham', 'cross-fit', 'naive']),
  biased: z.boolean().describe('true for naive: never a result'),
  strengthMeasure: Measure.describe('the measure whose mean is the strength'),
  ...clustered,
  standardErrorHc3: z.number().min(0).nullable().describe('of the least-squares line through the models'),
  spearman: z.number().min(-1).max(1).nullable().describe('rank correlation over models'),
  permutation: Permutation.nullable().describe('of Spearman’s correlation over the orders of the models'),
  points: z.array(StrengthPoint),
  nModels: count,
  nCases: count.describe('cases with full and arm of every model'),
  nImages: count,
  exploratory,
  reason,
})
export type StrengthInteraction = z.infer<typeof StrengthInteraction>

/**
 * A result computed another way. `complete-case` uses only cases with every planned trial of all models in the arms compared.
 * `lower-bound` and `upper-bound` put 1 or 5 for each missing score, whichever makes the number smallest or largest: they are
 * bounds, not estimates, and have no interval. `median-pool` takes the jurors' median, `without-own-family` leaves out jurors
 * of the model's own family.
 */
export const Sensitivity = z.strictObject({
  variant: z.enum(['complete-case', 'lower-bound', 'upper-bound', 'median-pool', 'without-own-family']),
  bound: z.boolean(),
  estimand: z.enum(['mean', 'malignant-delta', 'rare-delta', 'ablation-effect']),
  measure: Measure,
  model: z.string().nullable(),
  arm: Arm,
  value: z.number().nullable(),
  interval: Range.nullable().describe('CR2 t by image; null for a bound'),
  change: z.number().nullable().describe('value minus the same number computed as usual'),
  nCases: count,
  nImages: count,
  nTrials: count,
  nChanged: count.describe('bounds: scores put in place of a missing one; jury variants: trials left out for want of votes'),
  exploratory,
  reason,
})
export type Sensitivity = z.infer<typeof Sensitivity>

/** All comparisons of models. */
export const ModelComparisons = z.strictObject({
  pairs: z.array(ModelPair),
  rankings: z.array(ModelRanking),
  strata: z.array(StratumCount),
  dominance: z.array(StratumDominance),
  adjusted: z.array(AdjustedDelta),
  contrasts: z.array(DeltaContrast),
  interactions: z.array(StrengthInteraction),
  sensitivity: z.array(Sensitivity),
})
export type ModelComparisons = z.infer<typeof ModelComparisons>
