import type { Arm } from '../cases/schema.ts'
import { armRefusal } from './arm-contradiction.ts'
import { averageOverModels, type CaseScore, caseScores, pairedDifference } from './case-scores.ts'
import type { Study } from './estimands.ts'
import type { Estimate } from './estimate.ts'
import { type Grouping, inferAll, type Question } from './inference.ts'
import { Measure } from './measure.ts'

/** One number that an estimand asks for: where it stands in the report, and what to infer from which scores. */
type Ask = Pick<Estimate, 'measure' | 'model' | 'arm'> & { question: Question }

const ASKS: Record<Estimate['estimand'], (study: Study) => Ask[]> = {
  mean: (study) =>
    study.arms.flatMap((arm) =>
      forMeasures(study, arm, (measure, model) => ({
        kind: 'mean',
        scores: scoresOf(study, model, arm, measure),
        // Three more sums a mean: only for the means that a report leads with.
        studentise: arm === 'full',
      })),
    ),
  'malignant-delta': delta({ flag: (score) => score.malignant, flagged: 'malignant', unflagged: 'not malignant' }),
  'rare-delta': delta({ flag: (score) => score.rare, flagged: 'rare', unflagged: 'not rare' }),
  'ablation-effect': (study) => {
    return study.arms
      .filter((arm) => arm !== 'full')
      .flatMap((arm) => forMeasures(study, arm, (measure, model) => effect(study, arm, measure, model)))
  },
}

/**
 * Every mean, delta and ablation effect, in this order, then of arms, measures and models, the average over models last with
 * `model` null. All are inferred in one go, so that they share their resamples.
 */
export function scoredEstimates(study: Study): Estimate[] {
  const cases = new Set(study.trials.map((trial) => trial.caseId)).size
  const names = Object.keys(ASKS) as Estimate['estimand'][]
  const asked = names.flatMap((estimand) => ASKS[estimand](study).map((one) => ({ estimand, ...one })))
  const answers = inferAll(
    asked.map(({ question }) => question),
    study.rule,
  )
  return asked.flatMap(({ question: _, ...place }, i) => {
    const answer = answers[i]
    return answer === undefined ? [] : [{ ...place, ...answer, nCasesLeftOut: cases - answer.nCases }]
  })
}

function delta(grouping: Grouping): (study: Study) => Ask[] {
  return (study) =>
    forMeasures(study, 'full', (measure, model) => ({
      kind: 'delta',
      scores: scoresOf(study, model, 'full', measure),
      grouping,
    }))
}

function effect(study: Study, arm: Arm, measure: Measure, model: string | null): Question {
  const models = model === null ? study.models : [model]
  const reason = armRefusal(study.trials, models, arm)
  if (reason !== null) return { kind: 'refused', reason }
  const differences = models.map((name) =>
    pairedDifference(caseScores(study.trials, name, arm, measure), caseScores(study.trials, name, 'full', measure)),
  )
  return { kind: 'mean', scores: averageOverModels(differences), studentise: false }
}

function scoresOf({ trials, models }: Study, model: string | null, arm: Arm, measure: Measure): readonly CaseScore[] {
  return averageOverModels((model === null ? models : [model]).map((name) => caseScores(trials, name, arm, measure)))
}

/** One question per measure and model, and for the average over models, whose `model` is null. */
function forMeasures({ models }: Study, arm: Arm, ask: (measure: Measure, model: string | null) => Question): Ask[] {
  return Measure.options.flatMap((measure) =>
    [...models, null].map((model) => ({ measure, model, arm, question: ask(measure, model) })),
  )
}
