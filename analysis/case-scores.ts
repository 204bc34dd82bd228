import type { Arm } from '../cases/schema.ts'
import type { Measure } from './estimate.ts'
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

/**
 * The score of every case for one model, arm and measure: the mean over the repeats that have one, so that each case weighs
 * the same however often it was repeated. Cases without a score are not in the list. Order follows the trials.
 */
export function caseScores(trials: readonly Trial[], model: string, arm: Arm, measure: Measure): CaseScore[] {
  const sums = new Map<string, CaseScore>()
  for (const trial of trials) {
    const { value } = trial.scores[measure]
    if (trial.model !== model || trial.arm !== arm || value === null) continue
    const { caseId, image, malignant, rare } = trial
    const sum = sums.get(caseId) ?? { caseId, image, malignant, rare, value: 0, trials: 0 }
    sums.set(caseId, { ...sum, value: sum.value + value, trials: sum.trials + 1 })
  }
  return [...sums.values()].map((sum) => ({ ...sum, value: sum.value / sum.trials }))
}

/** Each case's mean over models, for the cases that every list holds; the others are left out. No list gives []. */
export function averageOverModels(lists: readonly (readonly CaseScore[])[]): CaseScore[] {
  const byCase = lists.map((list) => new Map(list.map((score) => [score.caseId, score])))
  return (lists[0] ?? []).flatMap((first) => {
    const scores = byCase.flatMap((scoresOfModel) => scoresOfModel.get(first.caseId) ?? [])
    if (scores.length < lists.length) return []
    return [{ ...first, value: sumOf(scores, 'value') / scores.length, trials: sumOf(scores, 'trials') }]
  })
}

/** Arm minus full, case by case, for the cases scored in both. */
export function pairedDifference(arm: readonly CaseScore[], full: readonly CaseScore[]): CaseScore[] {
  const fullOf = new Map(full.map((score) => [score.caseId, score]))
  return arm.flatMap((score) => {
    const pair = fullOf.get(score.caseId)
    return pair === undefined ? [] : [{ ...score, value: score.value - pair.value, trials: score.trials + pair.trials }]
  })
}

function sumOf(scores: readonly CaseScore[], field: 'value' | 'trials'): number {
  return scores.reduce((sum, score) => sum + score[field], 0)
}
