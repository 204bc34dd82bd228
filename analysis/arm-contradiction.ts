import type { Arm } from '../cases/schema.ts'
import { trialsOf } from './case-scores.ts'
import type { Trial } from './trial.ts'

/**
 * Why effects of an arm are refused, or null: one trial of these models whose payload contradicts the arm or `full`, or
 * instructions that differ between the two. An
 * ablation that did not ablate measures nothing, and one leak makes the others doubtful.
 */
export function armRefusal(trials: readonly Trial[], models: readonly string[], arm: Arm): string | null {
  for (const model of models) {
    const instructions = (['full', arm] as const).flatMap((compared) =>
      trialsOf(trials, model, compared).flatMap((trial) => trial.instructions ?? []),
    )
    if (new Set(instructions).size > 1) return `refused: ${model} got other instructions in the arm ${arm} than in full`
    for (const compared of [arm, 'full'] as const)
      if (trialsOf(trials, model, compared).some(({ contradiction }) => contradiction !== null))
        return `refused: payload proofs of ${model} contradict the arm ${compared}`
  }
  return null
}
