import { Arm } from '../cases/schema.ts'
import { type Exclusion, Measure } from './estimate.ts'
import { comparePlace, compareText } from './order.ts'
import type { Trial } from './trial.ts'

const MEASURES: readonly (Measure | null)[] = [null, ...Measure.options]

/**
 * Trials without a score, counted by model, arm, measure and reason, in that order. A trial that is missing as a whole is
 * counted once with measure null; else each measure without a score is counted by itself. No missing trial gives [].
 */
export function countExclusions(trials: readonly Trial[]): Exclusion[] {
  const counts = new Map<string, Exclusion>()
  for (const trial of trials) {
    for (const { measure, reason } of reasonsOf(trial)) {
      const key = JSON.stringify([trial.model, trial.arm, measure, reason])
      const count = (counts.get(key)?.count ?? 0) + 1
      counts.set(key, { model: trial.model, arm: trial.arm, measure, reason, count })
    }
  }
  return [...counts.values()].sort(
    (a, b) =>
      compareText(a.model, b.model) ||
      comparePlace(Arm.options, a.arm, b.arm) ||
      comparePlace(MEASURES, a.measure, b.measure) ||
      compareText(a.reason, b.reason),
  )
}

function reasonsOf(trial: Trial): { measure: Measure | null; reason: string }[] {
  if (trial.missing !== null) return [{ measure: null, reason: trial.missing }]
  return Measure.options.flatMap((measure) => {
    const { missing } = trial.scores[measure]
    return missing === null ? [] : [{ measure, reason: missing }]
  })
}
