import type { Arm } from '../cases/schema.ts'
import { averageOverModels, type CaseScore, caseScores, pairedDifference } from './case-scores.ts'
import { type Estimate, Measure } from './estimate.ts'
import { type Grouping, type Inference, type IntervalRule, inferDelta, inferMean, withoutValue } from './inference.ts'
import type { Trial } from './trial.ts'

/** All that an estimand may look at. Models and arms stand in the order of the output. */
type Study = { trials: readonly Trial[]; models: readonly string[]; arms: readonly Arm[]; rule: IntervalRule }

/** A quantity of the report: what it means in words, how it is computed, and the function that does so. */
export type Estimand = {
  name: Estimate['estimand']
  words: string
  formula: string
  weighting: string
  interval: string
  source: string
  estimate: (study: Study) => Estimate[]
}

const SOURCE = 'CR2: Bell and McCaffrey 2002, Pustejovsky and Tipton 2018; BCa: Efron 1987'
const ONE_ARM = 'CR2 t by image; BCa by image beside'
const TWO_GROUPS = 'two-group CR2 t by image; BCa by image within each group beside'

/** Every estimand, in the order of estimates.json. */
export const ESTIMANDS: readonly Estimand[] = [
  {
    name: 'mean',
    words: 'mean score per model and arm, and its average over models',
    formula: 'Σᵢ yᵢ / n',
    weighting: 'cases equally, repeats averaged first; average: each case over all models first',
    interval: ONE_ARM,
    source: SOURCE,
    estimate: (study) =>
      study.arms.flatMap((arm) =>
        forMeasures(study, arm, 'mean', (measure, model) => inferMean(scoresOf(study, model, arm, measure), study.rule)),
      ),
  },
  {
    name: 'malignant-delta',
    words: 'malignant minus benign, premalignant and not neoplastic cases, arm full; in situ and uncertain in neither',
    formula: 'mean(y | malignant) − mean(y | not malignant)',
    weighting: 'cases equally within a group; average: each case over all models first',
    interval: TWO_GROUPS,
    source: SOURCE,
    estimate: delta('malignant-delta', { flag: (score) => score.malignant, flagged: 'malignant', unflagged: 'not malignant' }),
  },
  {
    name: 'rare-delta',
    words: 'rare minus not rare cases, arm full; unknown rarity in neither',
    formula: 'mean(y | rare) − mean(y | not rare)',
    weighting: 'cases equally within a group; average: each case over all models first',
    interval: TWO_GROUPS,
    source: SOURCE,
    estimate: delta('rare-delta', { flag: (score) => score.rare, flagged: 'rare', unflagged: 'not rare' }),
  },
  {
    name: 'ablation-effect',
    words: 'an arm minus full on the same cases',
    formula: 'Σᵢ (yᵢ,arm − yᵢ,full) / n',
    weighting: 'cases scored in both arms equally; average: each case over all models first',
    interval: ONE_ARM,
    source: SOURCE,
    estimate: (study) =>
      study.arms
        .filter((arm) => arm !== 'full')
        .flatMap((arm) => forMeasures(study, arm, 'ablation-effect', (measure, model) => effect(study, arm, measure, model))),
  },
]

function delta(name: Estimate['estimand'], grouping: Grouping): Estimand['estimate'] {
  return (study) =>
    forMeasures(study, 'full', name, (measure, model) =>
      inferDelta(scoresOf(study, model, 'full', measure), grouping, study.rule),
    )
}

function effect(study: Study, arm: Arm, measure: Measure, model: string | null): Inference {
  const models = model === null ? study.models : [model]
  for (const name of models) {
    for (const compared of [arm, 'full']) {
      const contradicted = study.trials.some((t) => t.model === name && t.arm === compared && t.contradiction !== null)
      if (contradicted) return withoutValue(`refused: payload proofs of ${name} contradict the arm ${compared}`)
    }
  }
  const differences = models.map((name) =>
    pairedDifference(caseScores(study.trials, name, arm, measure), caseScores(study.trials, name, 'full', measure)),
  )
  return inferMean(averageOverModels(differences), study.rule)
}

function scoresOf({ trials, models }: Study, model: string | null, arm: Arm, measure: Measure): CaseScore[] {
  return averageOverModels((model === null ? models : [model]).map((name) => caseScores(trials, name, arm, measure)))
}

/** One estimate per measure and model, and for the average over models, whose `model` is null. */
function forMeasures(
  { trials, models }: Study,
  arm: Arm,
  estimand: Estimate['estimand'],
  infer: (measure: Measure, model: string | null) => Inference,
): Estimate[] {
  const cases = new Set(trials.map((trial) => trial.caseId)).size
  return Measure.options.flatMap((measure) =>
    [...models, null].map((model) => {
      const inference = infer(measure, model)
      return { estimand, measure, model, arm, ...inference, nCasesLeftOut: cases - inference.nCases }
    }),
  )
}
