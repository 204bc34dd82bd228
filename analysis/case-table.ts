import type { Arm } from '../cases/schema.ts'
import { averageOf } from './aligned-scores.ts'
import { type CaseScore, caseScores } from './case-scores.ts'
import type { Measure } from './measure.ts'
import type { Trial } from './trial.ts'

/** The case scores of one model, arm and measure; of all models’ average for the model null. */
export type CaseTable = (model: string | null, arm: Arm, measure: Measure) => readonly CaseScore[]

/** `caseScores` of the trials, each list made once and kept: many comparisons look at the same few lists. */
export function caseTable(trials: readonly Trial[], models: readonly string[]): CaseTable {
  return kept(models, (model, arm, measure) => caseScores(trials, model, arm, measure))
}

/**
 * A table of which each list is made once, the average being over the cases that every one of `models` has. Where `make` gives
 * the very lists of `base` for every model, so is the average.
 */
export function kept(
  models: readonly string[],
  make: (model: string, arm: Arm, measure: Measure) => readonly CaseScore[],
  base?: CaseTable,
): CaseTable {
  const known = new Map<string, readonly CaseScore[]>()
  const average = (arm: Arm, measure: Measure) => {
    const lists = models.map((name) => table(name, arm, measure))
    if (base !== undefined && models.every((name, i) => base(name, arm, measure) === lists[i])) return base(null, arm, measure)
    return averageOf(lists)
  }
  const table: CaseTable = (model, arm, measure) => {
    const key = JSON.stringify([model, arm, measure])
    const scores = known.get(key) ?? (model === null ? average(arm, measure) : make(model, arm, measure))
    known.set(key, scores)
    return scores
  }
  return table
}
