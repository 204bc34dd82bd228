import { adjustDeltas } from './adjusted-deltas.ts'
import { caseTable } from './case-table.ts'
import type { Study } from './estimands.ts'
import type { ModelComparisons } from './estimate-models.ts'
import { comparePairs } from './model-pairs.ts'
import { rankModels } from './model-ranking.ts'
import { varyAnalysis } from './sensitivity.ts'
import { compareDominance, contrastDeltas, countStrata } from './stratum-comparisons.ts'
import { relateStrength } from './strength-interaction.ts'

/**
 * Everything that compares models, strata and ways of analysis: pairs, ranks, dominance, adjusted deltas, contrasts of deltas,
 * the interaction with strength, and sensitivity. Pure; permutations, halvings and resamples come from the
 * study's rule and its seed.
 */
export function compareModels(study: Study): ModelComparisons {
  const table = caseTable(study.trials, study.models)
  const pairs = comparePairs(study, table)
  return {
    pairs,
    rankings: rankModels(study, table, pairs),
    strata: countStrata(study.trials),
    dominance: compareDominance(study, table),
    adjusted: adjustDeltas(study, table),
    contrasts: contrastDeltas(study, table),
    interactions: relateStrength(study, table),
    sensitivity: varyAnalysis(study, table),
  }
}
