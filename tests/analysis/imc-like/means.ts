import { expect } from 'vitest'
import { averageOverModels, type CaseScore, caseScores, pairedDifference } from '../../../analysis/case-scores.ts'
import type { Estimate } from '../../../analysis/estimate.ts'
import { tTwoSided } from '../../../analysis/student-t.ts'
import { type ReferenceFile, requireClose, requireInterval } from '../reference/reference-file.ts'
import { otherErrors } from '../sandwich.ts'
import type { Cr2, Delta } from './shape.ts'
import { clustersOf, only, type WholeStudy } from './study.ts'

/** Means, deltas and ablation effects with every error that the outside software gives. */
export function checkMeans(study: WholeStudy): void {
  const { file, input, expected, trials, estimates } = study
  const find = (estimand: string, measure: string, model: string | null, arm: string) =>
    only(
      estimates.estimates,
      (e) => e.estimand === estimand && e.measure === measure && e.model === model && e.arm === arm,
      `${estimand} ${measure} ${model} ${arm}`,
    )
  for (const [measure, models] of Object.entries(expected.model_means)) {
    expect(Object.keys(models)).toEqual(estimates.models)
    for (const [model, wanted] of Object.entries(models)) {
      const found = find('mean', measure, model, 'full')
      requireCr2(found, wanted, file, `mean ${measure} ${model}`)
      requireOthers(
        caseScores(trials, model, 'full', found.measure),
        input.images_sorted,
        wanted,
        file,
        `mean ${measure} ${model}`,
      )
    }
  }
  for (const flag of ['malignant', 'rare'] as const) {
    for (const [model, wanted] of [...Object.entries(expected[flag].by_model), [null, expected[flag].pooled] as const]) {
      const what = `${flag} delta ${model}`
      requireCr2(find(`${flag}-delta`, 'safety', model, 'full'), wanted, file, what)
      const models = model === null ? estimates.models : [model]
      const scores = averageOverModels(models.map((name) => caseScores(trials, name, 'full', 'safety')))
      const cr0 = [true, false].map((value) => {
        const own = clustersOf(
          scores.filter((score) => score[flag] === value),
          input.images_sorted,
        )
        return otherErrors(own.filter((cluster) => cluster.length > 0)).cr0
      })
      requireClose(Math.hypot(...cr0), wanted.se_CR0, file, `${what} CR0`)
      const dominance = estimates.comparisons.dominance
      const row = only(dominance, (d) => d.flag === flag && d.measure === 'safety' && d.model === model, `dominance ${model}`)
      requireClose(row.cliffsDelta, wanted.cliffs_delta, file, `Cliff's delta ${flag} ${model}`)
    }
  }
  for (const [condition, { by_model, average }] of Object.entries(expected.ablation)) {
    const arm = only(estimates.arms, (one) => one === condition.replaceAll('_', '-'), condition)
    for (const [model, wanted] of [...Object.entries(by_model), [null, average] as const]) {
      const what = `effect ${arm} ${model}`
      // The reference gives full minus arm; ours is arm minus full.
      requireCr2(mirrored(find('ablation-effect', 'safety', model, arm)), wanted, file, what)
      const models = model === null ? estimates.models : [model]
      const losses = models.map((name) =>
        pairedDifference(caseScores(trials, name, 'full', 'safety'), caseScores(trials, name, arm, 'safety')),
      )
      requireOthers(averageOverModels(losses), input.images_sorted, wanted, file, what)
    }
  }
}

type Found = Pick<Estimate, 'value' | 'standardError' | 'df'> & { intervals: readonly { low: number; high: number }[] }

/** Fails unless value, CR2 error, degrees of freedom, p and t interval are those of the reference. */
function requireCr2(found: Found, wanted: Cr2 | Delta, file: ReferenceFile, what: string): void {
  requireClose(found.value, wanted.estimate, file, what)
  requireClose(found.standardError, wanted.se_CR2, file, `${what} CR2`)
  requireClose(found.df, wanted.df, file, `${what} df`)
  const p = tTwoSided(Number(found.value) / Number(found.standardError), Number(found.df))
  requireClose(p, wanted.p, file, `${what} p`)
  const [closed] = found.intervals
  if (closed === undefined) throw new Error(`${file.id} requires an interval of ${what}, got none`)
  requireInterval(closed, wanted.ci95, file, what)
}

/** The errors that the analysis does not use, from the same case scores. */
export function requireOthers(
  scores: readonly Pick<CaseScore, 'image' | 'value'>[],
  images: readonly string[],
  wanted: Cr2,
  file: ReferenceFile,
  what: string,
): void {
  const others = otherErrors(clustersOf(scores, images).filter((cluster) => cluster.length > 0))
  requireClose(others.iid, wanted.se_iid, file, `${what} iid`)
  requireClose(others.cr0, wanted.se_CR0, file, `${what} CR0`)
  requireClose(others.cr1, wanted.se_CR1, file, `${what} CR1`)
}

function mirrored(found: Estimate): Found {
  const intervals = found.intervals.map(({ low, high }) => ({ low: -high, high: -low }))
  return { ...found, value: found.value === null ? null : -found.value, intervals }
}
