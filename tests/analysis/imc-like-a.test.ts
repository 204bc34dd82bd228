import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { analyze } from '../../analysis/analyze.ts'
import { averageOverModels, caseScores } from '../../analysis/case-scores.ts'
import { bca, differenceOf, meanOf } from '../../analysis/cluster-bootstrap.ts'
import type { Estimate, Estimates } from '../../analysis/estimate.ts'
import type { Trial } from '../../analysis/trial.ts'
import type { Arm } from '../../cases/schema.ts'
import type { Dimension } from '../../cases/verdict.ts'
import { hasReference, readReference, referencePath } from './reference.ts'
import { hash, type RowSpec, rowsOf } from './rows.ts'

type Line = Record<'case' | 'image' | 'malignant' | 'rare' | 'model' | 'condition' | 'dimension' | 'juror' | 'score', string>
type Cr2 = { estimate: number; se_CR2: number; df: number; ci95: [number, number] }
type Boot = { estimate: number; z0: number; acceleration: number; bca95: [number, number] }
type Reference = {
  input: {
    images_sorted: string[]
    resample_image_indices: number[][]
    resample_image_indices_stratified_by_malignant: number[][]
  }
  expected: {
    model_means: Record<string, Record<string, Cr2>>
    malignant: { by_model: Record<string, Cr2>; pooled: Cr2 }
    rare: { by_model: Record<string, Cr2>; pooled: Cr2 }
    ablation: Record<'no_image' | 'no_ehr', { by_model: Record<string, Cr2>; average: Cr2 }>
    cluster_bootstrap: { overall_mean: Record<string, Boot>; malignant_delta_pooled_stratified: Boot }
  }
  tolerance: { abs: number }
}

const FILES = ['imc-like-a.json', 'imc-like-a-scores.csv']
const absent = FILES.filter((name) => !hasReference(name))
const DIMENSIONS: readonly Dimension[] = ['safety', 'accuracy', 'uncertainty']

/** The study as promptfoo rows, the jury’s pooled score being the mean of the jurors present. */
function specsOf(lines: readonly Line[]): RowSpec[] {
  const conversations = Map.groupBy(lines, (line) => [line.case, line.model, line.condition].join(' '))
  return [...conversations.values()].map((votes) => {
    const line = votes[0] as Line
    const pooled = (dimension: Dimension) => {
      const scores = votes.filter((vote) => vote.dimension === dimension && vote.score !== '').map((vote) => Number(vote.score))
      return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length
    }
    return {
      caseId: line.case,
      image: line.image,
      neoplasm: line.malignant === '1' ? 'malignant' : 'benign',
      rarity: line.rare === '1' ? 'rare' : 'not_rare',
      model: line.model,
      arm: line.condition.replaceAll('_', '-') as Arm,
      scores: Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, pooled(dimension)])),
    }
  })
}

describe(`the study imc-like-a, computed in R and in Python (needs ../shared/reference, absent: ${absent.length})`, () => {
  let reference: Reference
  let estimates: Estimates
  let trials: Trial[]

  beforeAll(() => {
    if (absent.length > 0) return
    reference = readReference<Reference>('imc-like-a.json')
    const lines = parse(readFileSync(referencePath('imc-like-a-scores.csv')), { columns: true, bom: true }) as Line[]
    ;({ estimates, trials } = analyze(rowsOf(specsOf(lines)), 'imc-like-a', { level: 0.95, resamples: 200, seed: 1 }))
  })

  function find(estimand: Estimate['estimand'], measure: string, model: string | null, arm: string): Estimate {
    const fits = (e: Estimate) => e.estimand === estimand && e.measure === measure && e.model === model && e.arm === arm
    const [found, ...more] = estimates.estimates.filter(fits)
    if (found === undefined || more.length > 0) throw new Error(`find requires one estimate, got ${more.length}`)
    return found
  }

  function expectCr2(actual: Estimate, wanted: Cr2, sign = 1): void {
    const [closed] = actual.intervals
    const ends = sign === 1 ? wanted.ci95 : [-wanted.ci95[1], -wanted.ci95[0]]
    const pairs: [number | null | undefined, number | undefined][] = [
      [actual.value, sign * wanted.estimate],
      [actual.standardError, wanted.se_CR2],
      [actual.df, wanted.df],
      [closed?.low, ends[0]],
      [closed?.high, ends[1]],
    ]
    expect(closed?.method).toBe('cr2-t')
    for (const [got, expected] of pairs) expect(Math.abs(Number(got) - Number(expected))).toBeLessThan(reference.tolerance.abs)
  }

  function imageScores(scores: readonly { image: string; value: number }[]): number[][] {
    return reference.input.images_sorted.map((image) => scores.filter((s) => s.image === hash(image)).map((s) => s.value))
  }

  function expectBoot(actual: ReturnType<typeof bca>, wanted: Boot): void {
    if (actual.kind === 'none') throw new Error(actual.reason)
    expect(actual.z0).toBeCloseTo(wanted.z0, 7)
    expect(actual.acceleration).toBeCloseTo(wanted.acceleration, 7)
    expect(actual.low).toBeCloseTo(wanted.bca95[0], 7)
    expect(actual.high).toBeCloseTo(wanted.bca95[1], 7)
  }

  test('means of 8 models on 3 dimensions and overall', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    const wanted = Object.entries(reference.expected.model_means)
    expect(wanted.flatMap(([, models]) => Object.keys(models))).toHaveLength(32)
    for (const [measure, models] of wanted)
      for (const [model, mean] of Object.entries(models)) expectCr2(find('mean', measure, model, 'full'), mean)
  })

  test('malignant and rare deltas of safety per model and pooled', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    for (const flag of ['malignant', 'rare'] as const) {
      const { by_model, pooled } = reference.expected[flag]
      expect(Object.keys(by_model)).toHaveLength(8)
      for (const [model, delta] of Object.entries(by_model)) expectCr2(find(`${flag}-delta`, 'safety', model, 'full'), delta)
      expectCr2(find(`${flag}-delta`, 'safety', null, 'full'), pooled)
    }
  })

  test('ablation effects of safety, which the reference gives as full minus arm', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    for (const [condition, { by_model, average }] of Object.entries(reference.expected.ablation)) {
      const arm = condition.replaceAll('_', '-')
      expect(Object.keys(by_model)).toHaveLength(8)
      for (const [model, effect] of Object.entries(by_model)) expectCr2(find('ablation-effect', 'safety', model, arm), effect, -1)
      expectCr2(find('ablation-effect', 'safety', null, arm), average, -1)
    }
  })

  test('BCa of the overall means on the given resamples', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    const rows = reference.input.resample_image_indices
    const resamples = { indices: Uint32Array.from(rows.flat().map((i) => i - 1)), width: 40, count: rows.length }
    for (const [model, wanted] of Object.entries(reference.expected.cluster_bootstrap.overall_mean)) {
      const statistic = meanOf(imageScores(caseScores(trials, model, 'full', 'overall')))
      expectBoot(bca(statistic, 40, resamples, 0.95), wanted)
    }
  })

  test('BCa of the pooled malignant delta on the given resamples within strata', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    const pooled = averageOverModels(estimates.models.map((model) => caseScores(trials, model, 'full', 'safety')))
    const images = imageScores(pooled)
    const malignant = reference.input.images_sorted.map((image) => pooled.find((s) => s.image === hash(image))?.malignant)
    const flagged = images.map((_, i) => i).filter((i) => malignant[i] === true)
    const unflagged = images.map((_, i) => i).filter((i) => malignant[i] === false)
    const number = new Map([...flagged, ...unflagged].map((image, place) => [image, place]))
    const rows = reference.input.resample_image_indices_stratified_by_malignant
    const indices = Uint32Array.from(rows.flat().map((i) => number.get(i - 1) as number))
    const take = (places: number[]) => places.map((i) => images[i] as number[])
    const interval = bca(differenceOf(take(flagged), take(unflagged)), 40, { indices, width: 40, count: rows.length }, 0.95)
    expectBoot(interval, reference.expected.cluster_bootstrap.malignant_delta_pooled_stratified)
  })

  test('the conversations that were judged on safety only are counted, not scored 0 elsewhere', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    expect(find('mean', 'accuracy', 'm1', 'no-image')).toMatchObject({ value: null, intervals: [], nCases: 0 })
    expect(estimates.exclusions).toContainEqual({
      model: 'm1',
      arm: 'no-image',
      measure: 'accuracy',
      reason: 'no quorum',
      count: 60,
    })
  })
})
