import type { Calibration, CalibrationMap } from '../cases/calibration.ts'
import { mapScore } from '../cases/calibration.ts'
import { Dimension } from '../cases/verdict.ts'
import { pooledScore } from './calibrate.ts'
import { type FitKind, fitMap, type LabelledScore } from './calibration-fit.ts'
import { bcaOf } from './cluster-bootstrap.ts'
import type { Study } from './estimands.ts'
import type { Estimate } from './estimate.ts'
import { type LinearEstimate, linearEstimate, type PooledTable, type SharedSums, sharedSums } from './linear-estimate.ts'
import { compareText } from './order.ts'
import { resampleChunks } from './resample.ts'
import type { Trial } from './trial.ts'

/** The labelled conversations of each dimension, severities removed as the calibration says. */
export type LabelledDimensions = Record<Dimension, readonly LabelledScore[]>

/** How the images of a study are drawn: strata one after the other, and each image’s place in them. */
type Frame = { strata: number[]; place: ReadonlyMap<string, number> }

/** A map refitted on images that count as often as drawn. */
type Refit = (counts: ArrayLike<number>) => CalibrationMap | null

/**
 * The estimates of a calibrated study with BCa intervals that carry the error of the calibration: in each resample of images
 * the labelled conversations on them fit the map anew, and every score is mapped by it (CJE: refit inside the bootstrap).
 *
 * Kind of map and severities stay as chosen: severities come from all conversations of the run, so their error is small
 * beside that of the labels. For a delta images are drawn within flagged and unflagged ones. An estimate that has no interval
 * keeps none. One whose resamples give no number, such as a line through one score, loses its intervals and says why.
 */
export function refittedEstimates(
  study: Study,
  { dimensions, jury }: Pick<Calibration, 'dimensions' | 'jury'>,
  labelled: LabelledDimensions,
  estimates: readonly Estimate[],
): Estimate[] {
  const table = pooledTable(study.trials, dimensions, jury.quorum)
  const answers: Estimate[] = [...estimates]
  const open = estimates.flatMap((estimate, index) => {
    if (estimate.value === null || estimate.intervals.length === 0) return []
    return [{ estimate, index, flag: flagOf(estimate) }]
  })
  for (const [flag, batch] of Map.groupBy(open, (one) => one.flag)) {
    const frame = frameOf(study.trials, flag)
    const sums = sharedSums(table, frame.place)
    const linear = batch.map(({ estimate }) => linearEstimate(study, estimate, sums))
    const refits = Dimension.options.map((dimension) => refitOf(dimensions[dimension].map, labelled[dimension], frame))
    const { replicates, leftOut, points } = drawn({ linear, sums }, table, refits, frame, study)
    for (const [i, { estimate, index }] of batch.entries()) {
      const point = points[i] as number
      if (!(Math.abs(point - (estimate.value as number)) < 1e-6))
        throw new Error(
          `refittedEstimates requires the labels and votes that the calibration was fitted on: refitted, ${estimate.estimand} of ${estimate.measure} is ${point} instead of ${estimate.value}`,
        )
      answers[index] = withRefit(estimate, replicates[i] as Float64Array, leftOut[i] as Float64Array, study.rule.level)
    }
  }
  return answers
}

/** Whether fitting the chosen kinds of map again on these labels gives the very maps of the calibration. */
export function fitsAgain(dimensions: Calibration['dimensions'], labelled: LabelledDimensions): boolean {
  return Dimension.options.every((dimension) => {
    const { map } = dimensions[dimension]
    if (map.kind === 'none' || map.kind === 'identity') return true
    const again = fitMap(map.kind, labelled[dimension])
    return again !== null && [1, 2, 3, 4, 5].every((at) => Math.abs(mapScore(again, at) - mapScore(map, at)) < 1e-9)
  })
}

function flagOf({ estimand }: Estimate): 'malignant' | 'rare' | null {
  if (estimand === 'malignant-delta') return 'malignant'
  return estimand === 'rare-delta' ? 'rare' : null
}

/** Each trial’s pooled scores as places in one list of the distinct ones, dimension after dimension. */
function pooledTable(trials: readonly Trial[], dimensions: Calibration['dimensions'], quorum: number): PooledTable {
  const values: { dimension: number; score: number }[] = []
  const places = new Map<Trial, Int32Array>(trials.map((trial) => [trial, new Int32Array(Dimension.options.length).fill(-1)]))
  for (const [d, dimension] of Dimension.options.entries()) {
    const known = new Map<number, number>()
    for (const trial of trials) {
      const score = pooledScore(trial, dimension, quorum, dimensions[dimension].severities)
      if (score === null) continue
      const place = known.get(score) ?? values.push({ dimension: d, score }) - 1
      known.set(score, place)
      ;(places.get(trial) as Int32Array)[d] = place
    }
  }
  return { values, places }
}

/** The images, in strata of flagged, unflagged and others for a flag; empty strata are left out. */
function frameOf(trials: readonly Trial[], flag: 'malignant' | 'rare' | null): Frame {
  const images = [...new Map(trials.map((trial) => [trial.image, flag === null ? true : trial[flag]]))]
  const strata = [true, false, null]
    .map((kind) => images.filter(([, value]) => value === kind).map(([image]) => image))
    .filter((stratum) => stratum.length > 0)
    .map((stratum) => stratum.sort(compareText))
  return { strata: strata.map(({ length }) => length), place: new Map(strata.flat().map((image, i) => [image, i])) }
}

function refitOf(map: CalibrationMap, rows: readonly LabelledScore[], { place }: Frame): Refit {
  if (map.kind === 'none' || map.kind === 'identity') return () => map
  const kind: FitKind = map.kind
  const images = rows.map(({ image }) => place.get(image) as number)
  return (counts) => {
    const drawn = rows.flatMap((row, i) => {
      const times = counts[images[i] as number] as number
      return times === 0 ? [] : [{ ...row, weight: row.weight * times }]
    })
    return fitMap(kind, drawn)
  }
}

/** Every estimate in every resample, without each image in turn, and on the images as they are; NaN where there is no number. */
function drawn(
  { linear, sums }: { linear: readonly LinearEstimate[]; sums: SharedSums },
  { values }: PooledTable,
  refits: readonly Refit[],
  { strata, place }: Frame,
  { rule }: Study,
): { replicates: Float64Array[]; leftOut: Float64Array[]; points: number[] } {
  const images = place.size
  const scores = new Float64Array(values.length)
  const evaluate = (counts: Float64Array, into: readonly Float64Array[], at: number) => {
    const maps = refits.map((refit) => refit(counts))
    for (const [i, { dimension, score }] of values.entries()) {
      const map = maps[dimension] ?? null
      scores[i] = map === null ? Number.NaN : mapScore(map, score)
    }
    const all = sums.all(counts, scores)
    for (const [e, estimate] of linear.entries()) (into[e] as Float64Array)[at] = estimate(all)
  }
  const replicates = linear.map(() => new Float64Array(rule.resamples))
  const counts = new Float64Array(images)
  let row = 0
  for (const chunk of resampleChunks(strata, rule.resamples, rule.seed))
    for (let r = 0; r < chunk.count; r++) {
      counts.fill(0)
      for (let k = r * chunk.width; k < (r + 1) * chunk.width; k++) {
        const image = chunk.indices[k] as number
        counts[image] = (counts[image] as number) + 1
      }
      evaluate(counts, replicates, row++)
    }
  const leftOut = linear.map(() => new Float64Array(images))
  for (let image = 0; image < images; image++) {
    counts.fill(1)
    counts[image] = 0
    evaluate(counts, leftOut, image)
  }
  const whole = linear.map(() => new Float64Array(1))
  evaluate(counts.fill(1), whole, 0)
  return { replicates, leftOut, points: whole.map(([point]) => point as number) }
}

function withRefit(estimate: Estimate, replicates: Float64Array, leftOut: Float64Array, level: number): Estimate {
  const bca = bcaOf(estimate.value as number, replicates, leftOut, level)
  const common = { ...estimate, df: null, widthsDiffer: null }
  if (bca.kind === 'none')
    return { ...common, standardError: null, intervals: [], reason: `calibration refitted in each resample: ${bca.reason}` }
  const reason = bca.point ? 'no spread between images: the interval is only a point' : null
  const { low, high, standardError } = bca
  return { ...common, standardError, intervals: [{ method: 'cluster-bca-refit', low, high, level }], reason }
}
