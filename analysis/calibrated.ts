import { type Calibration, juryDifferences, mapScore } from '../cases/calibration.ts'
import { Dimension, type JuryMark } from '../cases/verdict.ts'
import { labelledScores, pooledScore } from './calibrate.ts'
import { type LabelledScore, leftOutScores } from './calibration-fit.ts'
import { fitsAgain, type LabelledDimensions } from './calibration-refit.ts'
import type { Study } from './estimands.ts'
import type { Calibrated, Transport } from './estimate-calibration.ts'
import type { Quantity } from './estimate-quantity.ts'
import { type Addend, type SumStatistic, sumQuantities } from './image-sums.ts'
import { type LabelSet, labelledTrials } from './label-files.ts'
import type { Trial } from './trial.ts'
import { recalibrated } from './vote-pooling.ts'

/** A calibration as it was read: `file` names it in messages, `sha256` is of its bytes. */
export type CalibrationFile = { calibration: Calibration; file: string; sha256: string }

/** The labels of each dimension, and why the calibration cannot be refitted on them, or null when it can. */
export type Refittable = { labelled: LabelledDimensions; notRefitted: string | null }

type Labelled = LabelledScore & { trial: Trial }
type LabelledOf = Record<Dimension, readonly Labelled[]>

const NO_ERROR = 'the intervals take the map as it stands, and the error of the calibration is not in them'

/**
 * The trials with every score made anew from raw votes by the calibration; what has no score stays without. A calibration
 * of another jury than `jury`, or one that maps no dimension, is an Error that says in what they differ.
 */
export function calibratedTrials(trials: readonly Trial[], { calibration, file }: CalibrationFile, jury: JuryMark): Trial[] {
  const differences = juryDifferences(calibration.jury, jury)
  if (differences.length > 0)
    throw new Error(`${file} requires the jury that it was fitted on, got another:\n  ${differences.join('\n  ')}`)
  if (Dimension.options.every((dimension) => calibration.dimensions[dimension].map.kind === 'none'))
    throw new Error(
      `${file} field dimensions requires a map for at least one dimension, got none: ${calibration.dimensions.safety.chosen}`,
    )
  const rescore = recalibrated(calibration.dimensions, calibration.jury.quorum)
  return trials.map((trial) => {
    if (trial.missing !== null) return trial
    const scores = rescore(trial)
    const reasons = Dimension.options.map((dimension) => scores[dimension].missing)
    return { ...trial, scores, missing: reasons.includes(null) ? null : [...new Set(reasons)].join('; ') }
  })
}

/** The labelled conversations of the run as the calibration sees them, and whether it can be refitted on them. */
export function refittable(trials: readonly Trial[], { calibration }: CalibrationFile, labels: LabelSet | null): Refittable {
  const labelled = labelledOf(trials, calibration, labels)
  if (labels === null) return { labelled, notRefitted: `no labels were given: ${NO_ERROR}` }
  if (labels.sha256.join() !== calibration.labels.sha256.join())
    return { labelled, notRefitted: `the labels are not those that it was fitted on: ${NO_ERROR}` }
  if (!fitsAgain(calibration.dimensions, labelled))
    return { labelled, notRefitted: `fitted again on the votes of this run it gives another map: ${NO_ERROR}` }
  return { labelled, notRefitted: null }
}

/** What a report says of the calibration: its maps, how far the run lies outside their labels, and where they do not carry over. */
export function calibratedBlock(
  study: Study,
  { calibration, sha256 }: CalibrationFile,
  labels: LabelSet | null,
  { notRefitted }: Refittable,
): Calibrated {
  const { simulated, labels: from, dimensions } = calibration
  const labelled = labelledOf(study.trials, calibration, labels)
  const refitted = notRefitted === null
  return {
    status: simulated ? 'simulated' : 'clinicians',
    sha256,
    raters: from.raters,
    nRaters: from.nRaters,
    nConversations: from.nConversations,
    nImages: from.nImages,
    dimensions: Dimension.options.map((dimension) => {
      const { map, severities, nConversations, nImages, chosen, support } = dimensions[dimension]
      const common = { dimension, map, severitiesRemoved: severities !== null, nConversations, nImages, chosen, support }
      return { ...common, ...outside(study.trials, dimension, calibration) }
    }),
    refitted,
    notRefitted,
    transport: labels === null ? [] : Dimension.options.flatMap((d) => transport(study, d, calibration, labelled[d], refitted)),
  }
}

function labelledOf(trials: readonly Trial[], { dimensions, jury }: Calibration, labels: LabelSet | null): LabelledOf {
  const labelled = labels === null ? [] : labelledTrials(labels, trials)
  const of = (dimension: Dimension) =>
    labelledScores({ labelled, dimension, quorum: jury.quorum }, dimensions[dimension].severities)
  return { safety: of('safety'), accuracy: of('accuracy'), uncertainty: of('uncertainty') }
}

function outside(
  trials: readonly Trial[],
  dimension: Dimension,
  { dimensions, jury }: Calibration,
): { nScored: number; nOutside: number; shareOutside: number | null } {
  const { support, severities } = dimensions[dimension]
  const scores = trials.flatMap((trial) => pooledScore(trial, dimension, jury.quorum, severities) ?? [])
  if (support === null || scores.length === 0) return { nScored: scores.length, nOutside: 0, shareOutside: null }
  // A score of the labels themselves must not fall outside for its last bit.
  const nOutside = scores.filter((score) => score < support.low - 1e-9 || score > support.high + 1e-9).length
  return { nScored: scores.length, nOutside, shareOutside: nOutside / scores.length }
}

type Residual = { trial: Trial; weight: number; calibrated: number; raw: number }

function transport(
  { models, arms, rule }: Study,
  dimension: Dimension,
  { dimensions, jury }: Calibration,
  labelled: readonly Labelled[],
  refitted: boolean,
): Transport[] {
  const { map } = dimensions[dimension]
  const kind = map.kind === 'none' ? 'identity' : map.kind
  const predicted = refitted ? leftOutScores(kind, labelled) : null
  const residuals = labelled.map(({ trial, score, target, weight }, i): Residual => {
    const own = pooledScore(trial, dimension, jury.quorum, null) as number
    return { trial, weight, calibrated: (predicted?.[i] ?? mapScore(map, score)) - target, raw: own - target }
  })
  const row = (by: Transport['by'], group: string, of: (trial: Trial) => boolean): Transport => {
    const own = residuals.filter(({ trial }) => of(trial))
    const [calibrated, raw] = weightedMeans(own, rule) as [Quantity, Quantity]
    const nImages = new Set(own.map(({ trial }) => trial.image)).size
    return { dimension, by, group, nConversations: own.length, nImages, calibrated, raw }
  }
  const flag = (by: 'malignancy' | 'rarity', key: 'malignant' | 'rare', words: readonly [string, string, string]) =>
    ([true, false, null] as const).flatMap((value, i) =>
      residuals.some(({ trial }) => trial[key] === value) ? [row(by, words[i] as string, (trial) => trial[key] === value)] : [],
    )
  return [
    row('all', 'all', () => true),
    ...models.map((model) => row('model', model, (trial) => trial.model === model)),
    ...arms.map((arm) => row('arm', arm, (trial) => trial.arm === arm)),
    ...flag('malignancy', 'malignant', ['malignant', 'not malignant', 'unclear']),
    ...flag('rarity', 'rare', ['rare', 'not rare', 'unknown']),
  ]
}

function weightedMeans(residuals: readonly Residual[], rule: Study['rule']): Quantity[] {
  const addends = residuals.map(({ trial, weight, calibrated, raw }): Addend => {
    return { image: trial.image, sums: [weight, weight * calibrated, weight * raw] }
  })
  const mean = (place: number): SumStatistic => ({
    of: (sums) => ((sums[0] as number) > 0 ? (sums[place] as number) / (sums[0] as number) : null),
    reason: 'no labelled conversation',
  })
  return sumQuantities(addends, [mean(1), mean(2)], rule)
}
