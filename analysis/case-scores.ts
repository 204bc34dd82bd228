import type { Arm } from '../cases/schema.ts'
import type { Measure } from './measure.ts'
import type { Trial } from './trial.ts'

/** One case with one number: a score, an average of scores or a difference of scores. */
export type CaseScore = {
  caseId: string
  image: string
  malignant: boolean | null
  rare: boolean | null
  value: number
  /** How many trials stand behind the number. */
  trials: number
}

/** Trials by arm and model, and their case scores by measure, kept for as long as the list of trials. */
type Index = { trials: Map<string, Trial[]>; scores: Map<string, readonly CaseScore[]> }
const INDICES = new WeakMap<readonly Trial[], Index>()

/** The trials of one model and arm, in the order of the list, which must not change between calls. */
export function trialsOf(trials: readonly Trial[], model: string, arm: Arm): readonly Trial[] {
  return indexOf(trials).trials.get(`${arm} ${model}`) ?? []
}

/**
 * The score of every case for one model, arm and measure: the mean over the repeats that have one, so that each case weighs
 * the same however often it was repeated. Cases without a score are not in the list. Order follows the trials.
 *
 * Analyses ask for the same few lists hundreds of times, so they are kept: neither they nor the trials may be changed.
 */
export function caseScores(trials: readonly Trial[], model: string, arm: Arm, measure: Measure): readonly CaseScore[] {
  const { scores } = indexOf(trials)
  const key = `${measure} ${arm} ${model}`
  const known = scores.get(key) ?? computeScores(trialsOf(trials, model, arm), measure)
  scores.set(key, known)
  return known
}

/** Each case's mean over models, for the cases that every list holds; the others are left out. No list gives []. */
export function averageOverModels(lists: readonly (readonly CaseScore[])[]): readonly CaseScore[] {
  const [first, ...others] = lists
  if (first === undefined || others.length === 0) return first ?? []
  const find = others.map((list) => finder(list))
  return first.flatMap((score, place) => {
    let { value, trials } = score
    for (const scoreOf of find) {
      const other = scoreOf(score.caseId, place)
      if (other === undefined) return []
      value += other.value
      trials += other.trials
    }
    return [{ ...score, value: value / lists.length, trials }]
  })
}

/** Arm minus full, case by case, for the cases scored in both. */
export function pairedDifference(arm: readonly CaseScore[], full: readonly CaseScore[]): CaseScore[] {
  const scoreOf = finder(full)
  return arm.flatMap((score, place) => {
    const pair = scoreOf(score.caseId, place)
    return pair === undefined ? [] : [{ ...score, value: score.value - pair.value, trials: score.trials + pair.trials }]
  })
}

function indexOf(trials: readonly Trial[]): Index {
  const known = INDICES.get(trials)
  if (known !== undefined) return known
  const index: Index = { trials: Map.groupBy(trials, (trial) => `${trial.arm} ${trial.model}`), scores: new Map() }
  INDICES.set(trials, index)
  return index
}

function computeScores(trials: readonly Trial[], measure: Measure): CaseScore[] {
  const sums = new Map<string, CaseScore>()
  for (const trial of trials) {
    const { value } = trial.scores[measure]
    if (value === null) continue
    const { caseId, image, malignant, rare } = trial
    const sum = sums.get(caseId)
    if (sum === undefined) sums.set(caseId, { caseId, image, malignant, rare, value, trials: 1 })
    else {
      sum.value += value
      sum.trials += 1
    }
  }
  const scores = [...sums.values()]
  for (const score of scores) score.value /= score.trials
  return scores
}

/** Looks a case up in a list: first in the place where it stands when nothing is missing, which needs no index. */
function finder(list: readonly CaseScore[]): (caseId: string, place: number) => CaseScore | undefined {
  let index: Map<string, CaseScore> | undefined
  return (caseId, place) => {
    const here = list[place]
    if (here?.caseId === caseId) return here
    index ??= new Map(list.map((score) => [score.caseId, score]))
    return index.get(caseId)
  }
}
