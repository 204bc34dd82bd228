import type { ShownNumber, TrialLine } from './page-data.ts'

/** A part of the cases. */
export type Stratum = 'all' | 'malignant' | 'not malignant' | 'rare' | 'not rare'

/** Whether a trial’s case belongs to a stratum; one whose flag is not known belongs to neither side. */
export function inStratum({ malignant, rare }: Pick<TrialLine, 'malignant' | 'rare'>, stratum: Stratum): boolean {
  if (stratum === 'all') return true
  if (stratum === 'malignant' || stratum === 'not malignant') return malignant === (stratum === 'malignant')
  return rare === (stratum === 'rare')
}

/**
 * Plain means of one measure in a stratum by model and arm: repeats averaged first, each case once. They describe the trials
 * and have no interval; a model and arm without a score has none.
 */
export function plainMeans(trials: readonly TrialLine[], measure: string, place: number, stratum: Stratum): ShownNumber[] {
  const cells = Map.groupBy(
    trials.filter((trial) => inStratum(trial, stratum)),
    ({ model, arm }) => JSON.stringify([model, arm]),
  )
  return [...cells.values()].flatMap((members) => {
    const [first] = members
    const scored = members.flatMap(({ caseId, image, scores }) =>
      scores[place] == null ? [] : [{ caseId, image, score: scores[place] }],
    )
    if (first === undefined || scored.length === 0) return []
    const cases = [...Map.groupBy(scored, ({ caseId }) => caseId).values()].map((own) => mean(own.map(({ score }) => score)))
    return {
      ...{ estimand: 'mean', measure, model: first.model, arm: first.arm, value: mean(cases), low: null, high: null },
      ...{ exploratory: true, reason: 'plain mean of the trials, no interval', cases: cases.length },
      images: new Set(scored.map(({ image }) => image)).size,
    } as ShownNumber
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
