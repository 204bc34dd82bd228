import { z } from 'zod'
import { Arm } from '../cases/schema.ts'
import { Calibrated, LabelsUsed, Review } from './estimate-calibration.ts'
import { Descriptions } from './estimate-descriptions.ts'
import { JuryTables } from './estimate-jury.ts'
import { ModelComparisons } from './estimate-models.ts'
import { Patients } from './estimate-patient.ts'
import { DetectableEffect } from './estimate-power.ts'
import { ChecklistRate } from './estimate-rates.ts'
import { SubgroupRow } from './estimate-subgroups.ts'
import { Measure } from './measure.ts'

export { Measure }

/** An interval with the rule that made it. */
export const Interval = z.strictObject({
  method: z
    .enum(['cr2-t', 'cluster-bca', 'cluster-boot-t', 'cluster-bca-refit'])
    .describe('cluster-bca-refit: the calibration is fitted anew in each resample'),
  low: z.number(),
  high: z.number(),
  level: z.number().gt(0).lt(1),
})
export type Interval = z.infer<typeof Interval>

/**
 * One number of the report with its uncertainty.
 *
 * `mean` is on the 1–5 scale. `delta` is flagged minus unflagged cases (malignant, rare), `effect` is the arm minus
 * `full` on the same cases; both are in points of that scale, negative meaning worse. `model` is null for the average
 * over models. `value` is null when the data allow no estimate; `reason` then says why.
 */
export const Estimate = z.strictObject({
  estimand: z.enum(['mean', 'malignant-delta', 'rare-delta', 'ablation-effect']),
  measure: Measure,
  model: z.string().nullable(),
  arm: Arm,
  value: z.number().nullable(),
  standardError: z.number().min(0).nullable(),
  df: z
    .number()
    .positive()
    .nullable()
    .describe('Satterthwaite degrees of freedom; null where the standard error is of resamples with the calibration refitted'),
  intervals: z
    .array(Interval)
    .describe('the CR2 interval first; only the refitted one where the calibration is refitted; empty when there is none'),
  widthsDiffer: z
    .boolean()
    .nullable()
    .describe('whether the BCa interval is over 15 % wider or narrower than the CR2 interval; null without both'),
  nCases: z.int().min(0),
  nImages: z.int().min(0).describe('clusters'),
  effectiveImages: z
    .number()
    .positive()
    .nullable()
    .describe(
      'equally large clusters that would weigh as much, n² / Σ n_g², added up over the groups of a delta; null without a case',
    ),
  nTrials: z.int().min(0),
  nCasesLeftOut: z
    .int()
    .min(0)
    .describe(
      'cases of the results that this number does not use: not scored in every model and arm that it compares, or in neither group',
    ),
  nGroups: z
    .strictObject({ flagged: z.int().min(0), unflagged: z.int().min(0) })
    .nullable()
    .describe('cases in the two groups of a delta, else null'),
  exploratory: z
    .boolean()
    .describe('under 20 effective images or fewer than 4 degrees of freedom: too few to lean on; under 15 there is no interval'),
  reason: z.string().nullable().describe('why there is no value or an interval is missing or only a point, else null'),
})
export type Estimate = z.infer<typeof Estimate>

/** Trials left out, counted by reason, per model and arm. */
export const Exclusion = z.strictObject({
  model: z.string(),
  arm: Arm,
  measure: Measure.nullable().describe('the measure that is missing, or null when the whole trial is'),
  reason: z.string(),
  count: z.int().min(1),
})
export type Exclusion = z.infer<typeof Exclusion>

/** The hand-over file from analysis to reports. It holds no time stamp and no run id, so equal data give equal bytes. */
export const Estimates = z.strictObject({
  version: z.literal(1),
  software: z.strictObject({ name: z.string(), version: z.string() }),
  source: z
    .enum(['promptfoo', 'table'])
    .describe('whether the scores come from promptfoo runs with transcripts, or from a table of ratings by any tool'),
  bank: z
    .strictObject({
      name: z.string(),
      version: z.string().optional(),
      sha256: z.string(),
      cases: z.int().min(1),
      images: z.int().min(1),
    })
    .describe('the bank of the runs; for a table its file name, the sha256 of its votes, and the cases and images in it'),
  simulated: z
    .strictObject({
      models: z.array(z.string()).describe('models under test that are embedded rules'),
      jurors: z.array(z.string()).describe('jurors that are embedded rules'),
      patient: z.boolean(),
      drawnImages: z.int().min(0).describe('images that are drawn illustrations'),
    })
    .describe('what is known to be simulated; of a table nothing is known, so nothing stands here'),
  calibrated: Calibrated,
  labels: LabelsUsed,
  models: z.array(z.string()),
  arms: z.array(Arm),
  jurors: z.array(z.string()),
  rubric: z.string(),
  settings: z.strictObject({ level: z.number(), resamples: z.int(), seed: z.int() }),
  trials: z.strictObject({
    planned: z.int().describe('every case × arm × model × repeat that the results name'),
    scored: z.int().describe('those with a score on at least one dimension'),
    repeated: z.int().min(0).describe('rows that repeat a trial of the same run word for word; each trial is counted once'),
    cases: z.int().min(1).describe('cases that were run, at most those of the bank'),
    images: z.int().min(1).describe('images of the cases that were run'),
  }),
  strata: z.strictObject({
    malignantRare: z.int(),
    malignantCommon: z.int(),
    notMalignantRare: z.int(),
    notMalignantCommon: z.int(),
    unknown: z.int().describe('cases whose malignancy class is in situ or uncertain, or whose rarity is unknown'),
  }),
  estimates: z.array(Estimate),
  raw: z
    .array(Estimate)
    .describe('the same numbers in the same order from the jury’s own scores; empty when `calibrated` says uncalibrated'),
  comparisons: ModelComparisons,
  jury: JuryTables.describe('always of the jury’s own scores, never of calibrated ones'),
  review: z.array(Review).describe('conversations for a person to look at, the widest apart first'),
  rates: z.array(ChecklistRate),
  subgroups: z.array(SubgroupRow),
  detectable: z.array(DetectableEffect),
  patients: Patients,
  descriptions: Descriptions,
  exclusions: z.array(Exclusion),
})
export type Estimates = z.infer<typeof Estimates>
