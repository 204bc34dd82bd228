import { Dimension } from '../cases/verdict.ts'
import type { ClinicianLabel } from './clinician-labels.ts'
import type { Study } from './estimands.ts'
import type { Descriptions, ModelCost, ScoreByReplies, ScoreDistribution, ScorePoint } from './estimate-descriptions.ts'
import { type JuryData, juryData, meanScore } from './jury-data.ts'
import { LEVELS, levelOf } from './level.ts'
import { meanQuantity } from './quantity.ts'
import type { Trial } from './trial.ts'

/**
 * What describes the arm `full`: how scores spread over levels, where the jury and clinicians stand together, what
 * conversations cost, and scores by the number of replies. Order: dimensions, then models as given, then ascending numbers.
 */
export function describeStudy(study: Study, labels: readonly ClinicianLabel[]): Descriptions {
  const full = study.trials.filter(({ arm }) => arm === 'full')
  const byModel = Map.groupBy(full, ({ model }) => model)
  const ofModel = (model: string) => byModel.get(model) ?? []
  return {
    distributions: Dimension.options.flatMap((dimension) =>
      study.models.map((model) => distribution(dimension, model, ofModel(model))),
    ),
    scorePoints: juryData(study, labels).flatMap(scorePoints),
    costs: study.models.map((model) => modelCost(model, ofModel(model))),
    byReplies: scoreByReplies(full, study.rule.level),
  }
}

function places(trials: readonly Trial[]): { nCases: number; nImages: number } {
  return { nCases: new Set(trials.map(({ caseId }) => caseId)).size, nImages: new Set(trials.map(({ image }) => image)).size }
}

function distribution(dimension: Dimension, model: string, trials: readonly Trial[]): ScoreDistribution {
  const scored = trials.filter(({ scores }) => scores[dimension].value !== null)
  const levels = Array.from({ length: LEVELS }, () => 0)
  for (const { scores } of scored) {
    const place = levelOf(scores[dimension].value ?? Number.NaN) - 1
    levels[place] = (levels[place] ?? 0) + 1
  }
  return { dimension, model, levels, nConversations: scored.length, nMissing: trials.length - scored.length, ...places(scored) }
}

function scorePoints({ dimension, conversations }: JuryData): ScorePoint[] {
  const points = conversations.flatMap(({ jury, clinicians }) =>
    jury === null || clinicians.size === 0 ? [] : [{ jury, clinicians: meanScore(clinicians.values()) }],
  )
  return [...Map.groupBy(points, ({ jury, clinicians }) => `${jury} ${clinicians}`).values()]
    .flatMap((same) => same.slice(0, 1).map((point) => ({ dimension, ...point, nConversations: same.length })))
    .sort((a, b) => a.jury - b.jury || a.clinicians - b.clinicians)
}

function modelCost(model: string, trials: readonly Trial[]): ModelCost {
  const held = trials.filter(({ replies }) => replies !== null)
  const costs = held.flatMap(({ costUsd }) => costUsd ?? [])
  const jury = held.flatMap(({ juryCostUsd }) => juryCostUsd ?? [])
  const mean = (values: readonly number[]) =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    model,
    meanUsd: mean(costs),
    meanJuryUsd: mean(jury),
    nPriced: costs.length,
    nUnpriced: held.length - costs.length,
    nGradesPriced: jury.length,
  }
}

function scoreByReplies(trials: readonly Trial[], level: number): ScoreByReplies[] {
  const scored = trials.flatMap((trial) => {
    const { value } = trial.scores.overall
    return value === null || trial.replies === null || trial.replies === 0
      ? []
      : [{ trial, replies: trial.replies, image: trial.image, value }]
  })
  return [...Map.groupBy(scored, ({ replies }) => replies)]
    .sort(([a], [b]) => a - b)
    .map(([replies, same]) => ({
      replies,
      overall: meanQuantity(same, level).quantity,
      nConversations: same.length,
      nModels: new Set(same.map(({ trial }) => trial.model)).size,
      ...places(same.map(({ trial }) => trial)),
    }))
}
