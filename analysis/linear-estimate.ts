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

/** An estimate as a function of how often each image counts and of what each distinct pooled score is mapped to. */
export type LinearEstimate = (counts: Float64Array, scores: Float64Array) => number

/** A case as a weighted sum of mapped scores. */
type CaseSum = { image: string; flagged: boolean | null; terms: Map<number, number> }

/**
 * An estimate written as a ratio of sums over images, so that it can be computed anew for other counts and another map: the
 * same cases and weights as in `scoredEstimates`. NaN where no case counts. `place` numbers the images.
 */
export function linearEstimate(
  study: Study,
  estimate: Pick<Estimate, 'estimand' | 'measure' | 'model' | 'arm'>,
  table: PooledTable,
  place: ReadonlyMap<string, number>,
): LinearEstimate {
  const { estimand, arm } = estimate
  const flag = estimand === 'malignant-delta' ? 'malignant' : estimand === 'rare-delta' ? 'rare' : null
  const models = estimate.model === null ? study.models : [estimate.model]
  const perModel = models.map((model) => {
    const own = caseSums(study, model, arm, estimate.measure, flag, table)
    return estimand === 'ablation-effect' ? minus(own, caseSums(study, model, 'full', estimate.measure, flag, table)) : own
  })
  const cases = averaged(perModel)
  if (flag === null) return ratio(cases, place)
  const flagged = ratio(
    cases.filter((one) => one.flagged === true),
    place,
  )
  const unflagged = ratio(
    cases.filter((one) => one.flagged === false),
    place,
  )
  return (counts, scores) => flagged(counts, scores) - unflagged(counts, scores)
}

function caseSums(
  { trials }: Study,
  model: string,
  arm: Arm,
  measure: Measure,
  flag: 'malignant' | 'rare' | null,
  { places }: PooledTable,
): Map<string, CaseSum> {
  const scored = trialsOf(trials, model, arm).filter((trial) => trial.scores[measure].value !== null)
  const dimensions = measure === 'overall' ? Dimension.options : [measure]
  const byCase = Map.groupBy(scored, ({ caseId }) => caseId)
  return new Map(
    [...byCase].map(([caseId, repeats]) => {
      const terms = new Map<number, number>()
      for (const trial of repeats)
        for (const dimension of dimensions) {
          const at = places.get(trial)?.[Dimension.options.indexOf(dimension)] ?? -1
          if (at < 0) throw new Error(`linearEstimate requires votes behind each score, got none for case ${caseId}`)
          add(terms, at, 1 / (repeats.length * dimensions.length))
        }
      const [{ image, malignant, rare }] = repeats as [Trial]
      return [caseId, { image, flagged: flag === null ? null : { malignant, rare }[flag], terms }]
    }),
  )
}

function minus(arm: Map<string, CaseSum>, full: Map<string, CaseSum>): Map<string, CaseSum> {
  return new Map(
    [...arm].flatMap(([caseId, one]) => {
      const pair = full.get(caseId)
      if (pair === undefined) return []
      const terms = new Map(one.terms)
      for (const [at, weight] of pair.terms) add(terms, at, -weight)
      return [[caseId, { ...one, terms }] as const]
    }),
  )
}

/** The cases that every model has, each the mean over models. */
function averaged(perModel: readonly Map<string, CaseSum>[]): CaseSum[] {
  const [first, ...others] = perModel
  return [...(first ?? [])].flatMap(([caseId, one]) => {
    const terms = new Map<number, number>()
    for (const model of [first, ...others]) {
      const own = model?.get(caseId)
      if (own === undefined) return []
      for (const [at, weight] of own.terms) add(terms, at, weight / perModel.length)
    }
    return [{ ...one, terms }]
  })
}

function ratio(cases: readonly CaseSum[], place: ReadonlyMap<string, number>): LinearEstimate {
  const sizes = new Map<number, number>()
  const sums = new Map<number, Map<number, number>>()
  for (const { image, terms } of cases) {
    const at = place.get(image) as number
    add(sizes, at, 1)
    const own = sums.get(at) ?? new Map<number, number>()
    for (const [score, weight] of terms) add(own, score, weight)
    sums.set(at, own)
  }
  const entries = [...sums].flatMap(([image, own]) => [...own].map(([score, weight]) => ({ image, score, weight })))
  const images = Int32Array.from(entries, ({ image }) => image)
  const scores = Int32Array.from(entries, ({ score }) => score)
  const weights = Float64Array.from(entries, ({ weight }) => weight)
  const sizeImages = Int32Array.from(sizes.keys())
  const sizeOf = Float64Array.from(sizes.values())
  return (counts, mapped) => {
    let n = 0
    for (let i = 0; i < sizeOf.length; i++) n += (counts[sizeImages[i] as number] as number) * (sizeOf[i] as number)
    let sum = 0
    for (let i = 0; i < weights.length; i++)
      sum += (weights[i] as number) * (counts[images[i] as number] as number) * (mapped[scores[i] as number] as number)
    return sum / n
  }
}

function add(sums: Map<number, number>, key: number, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value)
}
