import type { Arm } from '../cases/schema.ts'
import { Dimension } from '../cases/verdict.ts'
import { trialsOf } from './case-scores.ts'
import type { Study } from './estimands.ts'
import type { Estimate } from './estimate.ts'
import type { Measure } from './measure.ts'
import type { Trial } from './trial.ts'

/** The distinct pooled scores of a study, and for each trial and dimension (in their order) the place of its own, or −1. */
export type PooledTable = {
  values: readonly { dimension: number; score: number }[]
  places: ReadonlyMap<Trial, Int32Array>
}

/**
 * Sums over images that estimates share: each adds weight × how often the image counts × the mapped score, or for the number
 * of cases × 1. Most estimates stand on the same few sums, so each is computed once a resample.
 */
export type SharedSums = {
  /** The place of the sum of these cases’ mapped scores in one dimension, repeats averaged; of their number without one. */
  of: (cases: readonly (readonly Trial[])[], dimension: number | null) => number
  /** All sums so far, for how often each image counts and what each distinct pooled score is mapped to. */
  all: (counts: Float64Array, mapped: Float64Array) => Float64Array
}

/** An estimate as a function of the shared sums; NaN where no case counts. */
export type LinearEstimate = (sums: Float64Array) => number

type Flag = 'malignant' | 'rare' | null
type Sum = { images: Int32Array; scores: Int32Array | null; weights: Float64Array }
/** Each case of one model and arm with its repeats that have the score. */
type Cases = ReadonlyMap<string, readonly Trial[]>

/** Sums over the images numbered by `place`. */
export function sharedSums({ places }: PooledTable, place: ReadonlyMap<string, number>): SharedSums {
  const known = new Map<string, number>()
  const sums: Sum[] = []
  const names = new Map<Trial, number>()
  const nameOf = (trial: Trial) => names.get(trial) ?? names.set(trial, names.size).size - 1
  return {
    of: (cases, dimension) => {
      const key = JSON.stringify([dimension, cases.map((repeats) => repeats.map(nameOf))])
      const found = known.get(key) ?? sums.push(sumOf(cases, dimension, places, place)) - 1
      known.set(key, found)
      return found
    },
    all: (counts, mapped) => Float64Array.from(sums, (sum) => amountOf(sum, counts, mapped)),
  }
}

/**
 * An estimate written in shared sums, so that it can be computed anew for other counts of images and another map: the same
 * cases and weights as in `scoredEstimates`.
 */
export function linearEstimate(
  study: Study,
  { estimand, measure, model, arm }: Pick<Estimate, 'estimand' | 'measure' | 'model' | 'arm'>,
  sums: SharedSums,
): LinearEstimate {
  const models = model === null ? study.models : [model]
  const arms: readonly Arm[] = estimand === 'ablation-effect' ? [arm, 'full'] : [arm]
  const lists = models.flatMap((name) =>
    arms.map((one) => ({ sign: one === arm ? 1 : -1, cases: casesOf(study, name, one, measure) })),
  )
  const dimensions = measure === 'overall' ? Dimension.options : [measure]
  const shared = [...(lists[0]?.cases.keys() ?? [])].filter((caseId) => lists.every(({ cases }) => cases.has(caseId)))
  const flag: Flag = estimand === 'malignant-delta' ? 'malignant' : estimand === 'rare-delta' ? 'rare' : null
  const mean = (only: boolean | null): LinearEstimate => {
    const ids = flag === null ? shared : shared.filter((caseId) => lists[0]?.cases.get(caseId)?.[0]?.[flag] === only)
    const repeatsOf = (cases: Cases) => ids.map((caseId) => cases.get(caseId) as readonly Trial[])
    const terms = lists.flatMap(({ sign, cases }) =>
      dimensions.map((dimension) => {
        const at = sums.of(repeatsOf(cases), Dimension.options.indexOf(dimension))
        return { at, weight: sign / (models.length * dimensions.length) }
      }),
    )
    const size = sums.of(lists[0] === undefined ? [] : repeatsOf(lists[0].cases), null)
    return (all) => terms.reduce((sum, { at, weight }) => sum + weight * (all[at] as number), 0) / (all[size] as number)
  }
  if (flag === null) return mean(null)
  const [flagged, unflagged] = [mean(true), mean(false)]
  return (all) => flagged(all) - unflagged(all)
}

function casesOf({ trials }: Study, model: string, arm: Arm, measure: Measure): Cases {
  const scored = trialsOf(trials, model, arm).filter((trial) => trial.scores[measure].value !== null)
  return Map.groupBy(scored, ({ caseId }) => caseId)
}

function sumOf(
  cases: readonly (readonly Trial[])[],
  dimension: number | null,
  places: PooledTable['places'],
  place: ReadonlyMap<string, number>,
): Sum {
  const terms = new Map<string, { image: number; score: number; weight: number }>()
  for (const repeats of cases)
    for (const trial of repeats) {
      const image = place.get(trial.image) as number
      const score = dimension === null ? 0 : (places.get(trial)?.[dimension] ?? -1)
      if (score < 0) throw new Error(`linearEstimate requires votes behind each score, got none for case ${trial.caseId}`)
      const key = `${image} ${score}`
      const weight = (terms.get(key)?.weight ?? 0) + 1 / repeats.length
      terms.set(key, { image, score, weight })
    }
  const all = [...terms.values()]
  return {
    images: Int32Array.from(all, ({ image }) => image),
    scores: dimension === null ? null : Int32Array.from(all, ({ score }) => score),
    weights: Float64Array.from(all, ({ weight }) => weight),
  }
}

function amountOf({ images, scores, weights }: Sum, counts: Float64Array, mapped: Float64Array): number {
  let sum = 0
  if (scores === null)
    for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (counts[images[i] as number] as number)
  else
    for (let i = 0; i < weights.length; i++)
      sum += (weights[i] as number) * (counts[images[i] as number] as number) * (mapped[scores[i] as number] as number)
  return sum
}
