import { expect } from 'vitest'
import { type CaseScore, caseScores, pairedDifference } from '../../../analysis/case-scores.ts'
import { spearman } from '../../../analysis/correlation.ts'
import type { ModelComparisons, StrengthInteraction } from '../../../analysis/estimate-models.ts'
import { leastSquares } from '../../../analysis/least-squares.ts'
import { compareModels } from '../../../analysis/model-comparisons.ts'
import { slopeOf, slopeWeights } from '../../../analysis/strength-slope.ts'
import { type ReferenceFile, requireClose, requireInterval } from '../reference/reference-file.ts'
import { requireOthers } from './means.ts'
import type { Cr2, Expected } from './shape.ts'
import { only, type WholeStudy } from './study.ts'

/** Pairs of models, the interaction with strength, and ranks on the given resamples. */
export function checkComparisons(study: WholeStudy): void {
  const { file, expected, estimates } = study
  checkPairs(study)
  for (const [condition, { interaction }] of Object.entries(expected.ablation))
    checkInteraction(study, condition.replaceAll('_', '-'), interaction)
  const rankings = onGivenResamples(study).rankings
  const ranking = only(rankings, ({ measure }) => measure === 'overall', 'ranking of overall')
  expect(ranking.models.map(({ model }) => model).toSorted()).toEqual(estimates.models)
  for (const { model, meanRank, pBest, low, high } of ranking.models) {
    requireClose(meanRank, expected.ranks.expected_rank[model] as number, file, `mean rank ${model}`)
    requireClose(pBest, expected.ranks.p_best[model] as number, file, `P(best) ${model}`)
    const interval = { low: low ?? Number.NaN, high: high ?? Number.NaN }
    requireInterval(interval, expected.ranks.rank_interval95_type7[model] as [number, number], file, `rank ${model}`)
  }
}

function checkPairs({ file, input, expected, trials, estimates }: WholeStudy): void {
  expect(expected.pairwise_overall).toHaveLength((estimates.models.length * (estimates.models.length - 1)) / 2)
  const pairs = estimates.comparisons.pairs.filter(({ measure }) => measure === 'overall')
  for (const wanted of expected.pairwise_overall) {
    const what = `pair ${wanted.a} ${wanted.b}`
    const pair = only(pairs, ({ first, second }) => first === wanted.a && second === wanted.b, what)
    requireRow(pair, wanted, file, what)
    requireClose(pair.pHolm, wanted.p_holm, file, `${what} Holm`)
    requireClose(pair.pBh, wanted.p_bh, file, `${what} Benjamini–Hochberg`)
    const [a, b] = [wanted.a, wanted.b].map((model) => caseScores(trials, model, 'full', 'overall')) as [CaseScore[], CaseScore[]]
    requireOthers(pairedDifference(a, b), input.images_sorted, wanted, file, what)
  }
}

function checkInteraction(
  { file, input, trials, estimates }: WholeStudy,
  arm: string,
  wanted: Expected['ablation'][string]['interaction'],
): void {
  const what = `interaction ${arm}`
  const fits = (row: StrengthInteraction) => row.arm === arm && row.measure === 'safety' && row.method === 'naive'
  const row = only(estimates.comparisons.interactions, fits, what)
  expect(row.biased).toBe(true)
  requireClose(row.value, wanted.slope, file, what)
  requireRow(row, wanted.case_level, file, what)
  requireClose(row.standardErrorHc3, wanted.se_HC3, file, `${what} HC3`)
  const [strengths, benefits] = [row.points.map((point) => point.strength), row.points.map((point) => point.benefit)]
  requireClose(leastSquares(strengths, benefits).pSlope, wanted.p_ols_8_models, file, `${what} p`)
  requireSpearman(row, strengths, benefits, wanted.spearman, file, what)
  expect(wanted.leave_one_model_out_slopes).toHaveLength(row.points.length)
  for (const [m, slope] of wanted.leave_one_model_out_slopes.entries())
    requireClose(row.points[m]?.slopeWithout, slope, file, `${what} without model ${m + 1}`)
  const weights = slopeWeights(strengths) as number[]
  const losses = row.points.map(({ model }) =>
    pairedDifference(caseScores(trials, model, 'full', 'safety'), caseScores(trials, model, row.arm, 'safety')),
  )
  const slopes = (losses[0] ?? []).map((score, i) => ({
    image: score.image,
    value: slopeOf(
      weights,
      losses.map((list) => list[i]?.value as number),
    ),
  }))
  requireOthers(slopes, input.images_sorted, wanted.case_level, file, what)
}

/**
 * R ranks benefits as they are rounded, so two models with equal benefits get different ranks by chance; ours share the rank.
 * With such a tie the reference must be what breaking it one way gives, else our own value must be the reference's.
 */
function requireSpearman(
  row: StrengthInteraction,
  strengths: readonly number[],
  benefits: readonly number[],
  wanted: number,
  file: ReferenceFile,
  what: string,
): void {
  const rounded = benefits.map((benefit) => Math.round(benefit * 1e7) / 1e7)
  const broken = [1, -1].map((way) =>
    spearman(
      strengths,
      rounded.map((benefit, m) => benefit + way * m * 1e-8),
    ),
  )
  const ties = new Set(rounded).size < rounded.length
  const nearest = (ties ? broken : [row.spearman]).toSorted(
    (a, b) => Math.abs(Number(a) - wanted) - Math.abs(Number(b) - wanted),
  )[0]
  requireClose(nearest, wanted, file, `${what} Spearman`)
}

function requireRow(
  row: {
    value: number | null
    standardError: number | null
    df: number | null
    p: number | null
    interval: { low: number; high: number } | null
  },
  wanted: Cr2,
  file: ReferenceFile,
  what: string,
): void {
  requireClose(row.value, wanted.estimate, file, what)
  requireClose(row.standardError, wanted.se_CR2, file, `${what} CR2`)
  requireClose(row.df, wanted.df, file, `${what} df`)
  requireClose(row.p, wanted.p, file, `${what} p`)
  if (row.interval === null) throw new Error(`${file.id} requires an interval of ${what}, got none`)
  requireInterval(row.interval, wanted.ci95, file, what)
}

function onGivenResamples({ input, trials, estimates }: WholeStudy): ModelComparisons {
  const rows = input.resample_image_indices
  const indices = Uint32Array.from(rows.flat(), (i) => i - 1)
  const given = { indices, width: input.images_sorted.length, count: rows.length }
  return compareModels({
    trials,
    models: estimates.models,
    arms: estimates.arms,
    calibrations: null,
    rule: { level: 0.95, resamples: rows.length, seed: 1, draw: () => given },
  })
}
