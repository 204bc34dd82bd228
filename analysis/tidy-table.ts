import { Arm } from '../cases/schema.ts'
import { comparePlace, compareText } from './order.ts'
import { type Score, type Trial, trialKey } from './trial.ts'

/**
 * Trials sorted by case, arm, model and repeat, with every combination that they span: one that is not among them stands
 * there as a missing trial, because a gap must not vanish. Each trial must be there once.
 */
export function tidyTable(trials: readonly Trial[]): Trial[] {
  return [...trials, ...gaps(trials)].sort(byTrial)
}

/** A trial’s name for messages. */
export function nameOfTrial({ caseId, arm, model, repeat }: Pick<Trial, 'caseId' | 'arm' | 'model' | 'repeat'>): string {
  return `case ${caseId}, arm ${arm}, model ${model}, repeat ${repeat}`
}

function gaps(trials: readonly Trial[]): Trial[] {
  const none: Score = { value: null, missing: 'no row in the results' }
  const scores = { safety: none, accuracy: none, uncertainty: none, overall: none }
  const unspent = { replies: null, costUsd: null, juryCostUsd: null }
  const unknown = { family: null, simulated: null, stop: null, clinicianWords: null, ...unspent, checklist: null, triage: null }
  const empty = {
    scores,
    missing: none.missing,
    contradiction: null,
    instructions: null,
    votes: [],
    spent: [],
    caps: [],
    ...unknown,
  }
  const known = new Set(trials.map(trialKey))
  const firstOfCase = [...new Map(trials.map((trial) => [`${trial.repeat} ${trial.caseId}`, trial])).values()]
  const columns = [...new Map(trials.map((trial) => [`${trial.arm} ${trial.model}`, trial])).values()]
  return firstOfCase.flatMap(({ caseId, image, malignant, rare, emergency, subgroups, repeat }) =>
    columns
      .filter(({ model, arm }) => !known.has(trialKey({ caseId, arm, model, repeat })))
      .map(({ model, arm }) => ({ caseId, image, malignant, rare, emergency, subgroups, model, arm, repeat, ...empty })),
  )
}

function byTrial(a: Trial, b: Trial): number {
  return (
    compareText(a.caseId, b.caseId) ||
    comparePlace(Arm.options, a.arm, b.arm) ||
    compareText(a.model, b.model) ||
    a.repeat - b.repeat
  )
}
