import { z } from 'zod'
import { CalibrationMap } from '../cases/calibration.ts'
import { Arm } from '../cases/schema.ts'
import { Dimension } from '../cases/verdict.ts'
import { Quantity } from './estimate-quantity.ts'

const count = z.int().min(0)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** How one dimension’s scores were mapped to the raters’ scale. */
const CalibratedDimension = z.strictObject({
  dimension: Dimension,
  map: CalibrationMap,
  severitiesRemoved: z.boolean().describe('whether each juror’s severity was taken off first'),
  nConversations: count.describe('labelled conversations that it was fitted on'),
  nImages: count,
  chosen: z.string(),
  support: z.strictObject({ low: z.number(), high: z.number() }).nullable().describe('pooled scores that the labels cover'),
  nScored: count.describe('trials of this run with a score'),
  nOutside: count.describe('those whose pooled score lies outside the support: there the map is a guess'),
  shareOutside: z.number().min(0).max(1).nullable().describe('null without a scored trial or without support'),
})

/**
 * Whether the calibration holds in a part of the run: the weighted mean over labelled conversations of score minus the mean
 * of the raters. `calibrated` is of images left out of the fit where the calibration could be refitted, else of the map as it
 * stands; `raw` is of the jury’s own scores. An interval that leaves out 0 says that the map does not carry over.
 */
export const Transport = z.strictObject({
  dimension: Dimension,
  by: z.enum(['all', 'model', 'arm', 'malignancy', 'rarity']),
  group: z.string(),
  nConversations: count,
  nImages: count,
  calibrated: Quantity,
  raw: Quantity,
})
export type Transport = z.infer<typeof Transport>

/** Whose scale the scores of this file are on. */
export const Calibrated = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('uncalibrated') }),
  z.strictObject({
    status: z.enum(['simulated', 'clinicians']).describe('simulated: the labels were made by rules or models'),
    sha256: sha256.describe('of calibration.json'),
    raters: z.string(),
    nRaters: count,
    nConversations: count,
    nImages: count,
    dimensions: z.array(CalibratedDimension),
    refitted: z.boolean().describe('whether the intervals of `estimates` carry the error of the calibration'),
    notRefitted: z.string().nullable().describe('why they do not, or null'),
    transport: z.array(Transport).describe('empty without labels'),
  }),
])
export type Calibrated = z.infer<typeof Calibrated>

/** The labels that the tables of jury and clinicians stand on, as far as a file of labels tells; null for none or for a table. */
export const LabelsUsed = z
  .strictObject({ sha256: z.array(sha256), simulated: z.boolean(), raters: z.string(), nRatings: count })
  .nullable()
export type LabelsUsed = z.infer<typeof LabelsUsed>

/** A conversation for a person to look at: its jurors, each with the mean of its repeats before the caps, lie far apart. */
export const Review = z.strictObject({
  caseId: z.string(),
  arm: Arm,
  model: z.string(),
  repeat: count,
  dimension: Dimension,
  range: z.number().min(0),
  scores: z.array(z.strictObject({ juror: z.string(), score: z.number() })),
})
export type Review = z.infer<typeof Review>
