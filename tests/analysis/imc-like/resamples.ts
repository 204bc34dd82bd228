import { averageOverModels, type CaseScore, caseScores, pairedDifference } from '../../../analysis/case-scores.ts'
import { type Bca, differenceOf, meanOf, replicate } from '../../../analysis/cluster-bootstrap.ts'
import { bootstrapMeans, type Metric } from '../../../analysis/mean-bootstrap.ts'
import { normalCdf, normalQuantile } from '../../../analysis/normal.ts'
import { quantilesOf } from '../../../analysis/quantiles.ts'
import type { Resamples } from '../../../analysis/resample.ts'
import { type ReferenceFile, requireClose, requireInterval } from '../reference/reference-file.ts'
import type { Boot } from './shape.ts'
import { clustersOf, type WholeStudy } from './study.ts'

type Wanted = { what: string; scores: readonly CaseScore[]; boot: Boot }

/** Cluster bootstrap intervals of means and of malignant deltas on the resamples that come with the study. */
export function checkResamples(study: WholeStudy): void {
  const { expected, trials, estimates } = study
  const { overall_mean, pair_last_minus_first, no_image_effect_mean_over_models } = expected.cluster_bootstrap
  const overall = (model: string) => caseScores(trials, model, 'full', 'overall')
  const safety = (model: string) => caseScores(trials, model, 'full', 'safety')
  const losses = estimates.models.map((model) => pairedDifference(safety(model), caseScores(trials, model, 'no-image', 'safety')))
  const [first, last] = [estimates.models.at(0), estimates.models.at(-1)] as [string, string]
  checkMeansOf(study, [
    ...Object.entries(overall_mean).map(([model, boot]) => ({ what: `mean ${model}`, scores: overall(model), boot })),
    { what: 'last minus first', scores: pairedDifference(overall(last), overall(first)), boot: pair_last_minus_first },
    { what: 'image effect', scores: averageOverModels(losses), boot: no_image_effect_mean_over_models },
  ])
  const { malignant_delta_pooled_stratified: pooled, malignant_delta_by_model_stratified: byModel } = expected.cluster_bootstrap
  checkDeltasOf(study, [
    { what: 'malignant delta', scores: averageOverModels(estimates.models.map(safety)), boot: pooled },
    ...Object.entries(byModel).map(([model, boot]) => ({ what: `malignant delta ${model}`, scores: safety(model), boot })),
  ])
}

function checkMeansOf({ file, input }: WholeStudy, wanted: readonly Wanted[]): void {
  const rows = input.resample_image_indices
  const given = { indices: Uint32Array.from(rows.flat(), (i) => i - 1), width: input.images_sorted.length, count: rows.length }
  const metrics = wanted.map(({ scores }): Metric => [clustersOf(scores, input.images_sorted)])
  const drawn = bootstrapMeans(metrics, [given], rows.length, { level: 0.95, studentise: false })
  wanted.forEach(({ what, boot }, i) => {
    const replicates = replicate(meanOf((metrics[i] as Metric)[0] as number[][]), given)
    requireBoot((drawn[i] as (typeof drawn)[0]).bca, replicates, boot, file, what)
  })
}

function checkDeltasOf({ file, input }: WholeStudy, wanted: readonly Wanted[]): void {
  const images = input.images_sorted
  const flags = new Map((wanted[0]?.scores ?? []).map((score) => [score.image, score.malignant]))
  const ordered = [true, false].flatMap((value) => images.filter((image) => flags.get(image) === value))
  // Ours numbers the malignant images first; the file numbers all images by name.
  const number = new Map(ordered.map((image, place) => [image, place]))
  const rows = input.resample_image_indices_stratified_by_malignant
  const indices = Uint32Array.from(
    rows.flatMap((row) => row.map((i) => number.get(images[i - 1] as string) as number).toSorted((a, b) => a - b)),
  )
  const given: Resamples = { indices, width: images.length, count: rows.length }
  const border = images.filter((image) => flags.get(image) === true).length
  const metrics = wanted.map(({ scores }): Metric => {
    const clusters = clustersOf(scores, ordered)
    return [clusters.slice(0, border), clusters.slice(border)]
  })
  const drawn = bootstrapMeans(metrics, [given], rows.length, { level: 0.95, studentise: false })
  wanted.forEach(({ what, boot }, i) => {
    const [one, zero] = metrics[i] as [number[][], number[][]]
    requireBoot((drawn[i] as (typeof drawn)[0]).bca, replicate(differenceOf(one, zero), given), boot, file, what)
  })
}

function requireBoot(bca: Bca, replicates: Float64Array, wanted: Boot, file: ReferenceFile, what: string): void {
  if (bca.kind === 'none') throw new Error(`${file.id} requires a BCa interval of ${what}, got none: ${bca.reason}`)
  requireClose(bca.standardError, wanted.se_boot, file, `${what} bootstrap error`)
  requireClose(bca.z0, wanted.z0, file, `${what} z0`)
  requireClose(bca.acceleration, wanted.acceleration, file, `${what} acceleration`)
  requireInterval(bca, wanted.bca95, file, `${what} BCa`)
  const [low, high] = quantilesOf(replicates, [0.025, 0.975]) as [number, number]
  requireInterval({ low, high }, wanted.percentile95, file, `${what} percentiles`)
  const level = (p: number) => {
    const moved = bca.z0 + normalQuantile(p)
    return normalCdf(bca.z0 + moved / (1 - bca.acceleration * moved))
  }
  requireInterval({ low: level(0.025), high: level(0.975) }, wanted.levels, file, `${what} levels`)
}
