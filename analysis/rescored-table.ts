import type { Arm } from '../cases/schema.ts'
import { type CaseScore, caseScores, trialsOf } from './case-scores.ts'
import { type CaseTable, kept } from './case-table.ts'
import { Measure } from './measure.ts'
import type { Trial } from './trial.ts'
import type { Rescore } from './vote-pooling.ts'

/** For one model, arm and measure: how many trials changed from missing to scored or back, and the reasons of the latter. */
type Changes = { count: number; reasons: readonly string[] }

/** A table of case scores made another way, with what it changed. */
export type RescoredTable = { scores: CaseTable; changes: (model: string, arm: Arm, measure: Measure) => Changes }

/**
 * The table of `trials` with every score made anew by `rescore`, one model and arm at a time. Where nothing is missing in the
 * trials of a model and arm and `onlyGaps` says that `rescore` fills gaps only, the list is that of `usual`, not a copy.
 */
export function rescoredTable(
  trials: readonly Trial[],
  models: readonly string[],
  usual: CaseTable,
  { rescore, onlyGaps }: { rescore: Rescore; onlyGaps: boolean },
): RescoredTable {
  const made = new Map<string, Map<Measure, { scores: readonly CaseScore[]; changes: Changes }>>()
  const column = (model: string, arm: Arm) => {
    const key = JSON.stringify([model, arm])
    const known = made.get(key)
    if (known !== undefined) return known
    const before = trialsOf(trials, model, arm)
    const whole = onlyGaps && before.every(({ scores }) => Measure.options.every((measure) => scores[measure].value !== null))
    const after = whole ? before : before.map((trial) => ({ ...trial, scores: rescore(trial) }))
    const lists = Measure.options.map((measure) => {
      const scores = whole ? usual(model, arm, measure) : caseScores(after, model, arm, measure)
      return [measure, { scores, changes: changesOf(before, after, measure) }] as const
    })
    made.set(key, new Map(lists))
    return new Map(lists)
  }
  return {
    scores: kept(models, (model, arm, measure) => column(model, arm).get(measure)?.scores ?? [], usual),
    changes: (model, arm, measure) => column(model, arm).get(measure)?.changes ?? { count: 0, reasons: [] },
  }
}

function changesOf(before: readonly Trial[], after: readonly Trial[], measure: Measure): Changes {
  if (before === after) return { count: 0, reasons: [] }
  const reasons = new Set<string>()
  let count = 0
  for (const [i, trial] of before.entries()) {
    const missing = after[i]?.scores[measure].missing ?? null
    if ((trial.scores[measure].missing === null) === (missing === null)) continue
    count++
    if (missing !== null) reasons.add(missing)
  }
  return { count, reasons: [...reasons] }
}
