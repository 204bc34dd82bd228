import type { Estimates } from '../../analysis/estimate.ts'
import { madeUp } from './estimates.ts'

type Options = Parameters<typeof madeUp>[0]
type Quantity = Estimates['jury']['pairs'][number]['quadraticKappa']

const dimensions = ['safety', 'accuracy', 'uncertainty'] as const
const level = 0.95

function quantity(value: number, half: number): Quantity {
  return { value, low: value - half, high: value + half, method: 'cluster-bca', reason: null }
}

function rounded(value: number): number {
  return Number(value.toFixed(4))
}

/**
 * Made-up estimates (see estimates.ts) that hold something for every figure: pairs, ranks, interactions, raters, clinicians,
 * rates, distributions, costs and lengths. Numbers follow fixed formulas and mean nothing.
 */
export function richEstimates(options: Options = {}): Estimates {
  const base = madeUp({ arms: ['full', 'no-image', 'no-ehr', 'no-image-no-ehr'], ...options })
  const { models } = base
  const [nCases, nImages] = [base.trials.cases, base.trials.images]
  return {
    ...base,
    comparisons: {
      ...base.comparisons,
      pairs: pairsOf(models, nCases, nImages),
      rankings: [rankingOf(models, nCases, nImages)],
      interactions: base.arms.filter((arm) => arm !== 'full').map((arm) => interactionOf(base, arm)),
    },
    jury: { ...base.jury, pairs: raterPairs(), calibration: [calibration()] },
    rates: ratesOf(models, nCases, nImages),
    descriptions: {
      distributions: dimensions.flatMap((dimension, d) =>
        models.map((model, m) => ({
          ...{ dimension, model, levels: [1 + d, 2 + (m % 3), 20, 25 - (m % 3), 12 - d] },
          ...{ nConversations: 60, nMissing: 0, nCases, nImages },
        })),
      ),
      scorePoints: [1, 2, 3, 4, 5].flatMap((jury) =>
        [0, 0.5, 1].flatMap((off) => {
          const clinicians = jury + off - 0.5
          return clinicians > 5 || clinicians < 1
            ? []
            : [{ dimension: 'safety' as const, jury, clinicians, nConversations: jury + 2 * off }]
        }),
      ),
      costs: models.map((model, m) => ({
        ...{ model, meanUsd: rounded(0.002 * 1.7 ** (m % 9) + 0.001 * m), meanJuryUsd: 0.05 },
        ...{ nPriced: 58, nUnpriced: 2, nGradesPriced: 60 },
      })),
      byReplies: [2, 3, 5, 8].map((replies) => {
        const overall: Quantity = { ...quantity(rounded(2.5 + Math.sin(replies)), 0.4), method: 'cr2-t' }
        return { replies, overall, nConversations: 20, nModels: models.length, nCases: 20, nImages: 18 }
      }),
    },
  }
}

function pairsOf(models: readonly string[], nCases: number, nImages: number): Estimates['comparisons']['pairs'] {
  return models.flatMap((first, i) =>
    models.slice(i + 1).map((second, j) => {
      const value = rounded(0.4 * Math.sin(i + 2 * j + 1))
      const separable = Math.abs(value) > 0.2
      const test = {
        p: separable ? 0.001 : 0.4,
        pHolm: separable ? 0.01 : 1,
        pBh: separable ? 0.01 : 0.6,
        nTests: 3,
        dz: 0.1,
        cliffsDelta: 0.1,
      }
      const counts = { nCases, nImages, nTrials: 2 * nCases, exploratory: false, reason: null, permutation: null }
      const interval = { low: value - 0.2, high: value + 0.2, level }
      return {
        measure: 'overall' as const,
        first,
        second,
        value,
        standardError: 0.1,
        df: 20,
        interval,
        ...test,
        shareHigher: 0.5,
        shareLower: 0.4,
        ...counts,
      }
    }),
  )
}

function rankingOf(models: readonly string[], nCases: number, nImages: number): Estimates['comparisons']['rankings'][number] {
  const n = models.length
  const ranked = models.map((model, m) => ({
    ...{ model, mean: rounded(4 - m / n), rank: m + 1, meanRank: m + 1, low: Math.max(1, m), high: Math.min(n, m + 2) },
    ...{ pBest: m === 0 ? 0.9 : rounded(0.1 / Math.max(1, n - 1)), notSeparable: [] },
  }))
  return {
    measure: 'overall',
    models: ranked,
    groups: [],
    resamples: 10_000,
    level,
    nCases,
    nImages,
    exploratory: false,
    reason: null,
  }
}

function interactionOf(
  { models, estimates, trials }: Estimates,
  arm: Estimates['arms'][number],
): Estimates['comparisons']['interactions'][number] {
  const effect = (model: string) =>
    estimates.find(
      (one) => one.estimand === 'ablation-effect' && one.measure === 'overall' && one.arm === arm && one.model === model,
    )?.value
  const points = models.flatMap((model, m) => {
    const value = effect(model)
    return value == null
      ? []
      : [{ model, strength: rounded(2.6 + 1.4 * Math.sin(m)), benefit: -value, cooksDistance: null, slopeWithout: null }]
  })
  const many = points.length >= 3
  return {
    ...{ arm, measure: 'overall', method: 'oldham', biased: false, strengthMeasure: 'overall', value: many ? 0.2134 : null },
    ...{
      standardError: many ? 0.1 : null,
      df: many ? 20 : null,
      interval: many ? { low: 0.01, high: 0.41, level } : null,
      p: null,
    },
    ...{ standardErrorHc3: null, spearman: null, permutation: null, points, nModels: points.length },
    ...{ nCases: trials.cases, nImages: trials.images, exploratory: false, reason: many ? null : 'fewer than 3 models' },
  }
}

function raterPairs(): Estimates['jury']['pairs'] {
  const raters = [
    ...['strict', 'middle', 'lenient'].map((rater) => ({ rater, kind: 'juror' as const })),
    ...['first', 'second'].map((rater) => ({ rater, kind: 'clinician' as const })),
  ]
  return raters.flatMap((a, i) =>
    raters.slice(i + 1).map((b, j) => ({
      ...{ dimension: 'safety' as const, a, b, nConversations: 100 + i, nImages: 40 },
      quadraticKappa: quantity(rounded(0.15 + 0.16 * i + 0.11 * j), 0.1),
      ...{ quadraticKappaStandardError: 0.05, linearKappa: null, linearKappaStandardError: null },
      ...{
        unweightedKappa: null,
        unweightedKappaStandardError: null,
        exactAgreement: null,
        adjacentAgreement: null,
        exploratory: false,
      },
    })),
  )
}

function calibration(): Estimates['jury']['calibration'][number] {
  const isotonic = { knots: [1, 2, 3, 4, 5], fitted: [1.5, 2, 3.25, 3.5, 4.75] }
  const counts = { nConversations: 40, nImages: 30, rootMeanSquareError: 0.4, leaveOneImageOut: null, linear: null }
  return { dimension: 'safety', candidate: 'isotonic', ...counts, isotonic, exploratory: false, reason: null }
}

function ratesOf(models: readonly string[], nCases: number, nImages: number): Estimates['rates'] {
  const rates = ['missed-red-flags', 'under-triage', 'severe-under-triage', 'over-triage'] as const
  return rates.flatMap((rate, r) =>
    [...models, null].map((model, m) => {
      const value = rounded(0.1 + 0.05 * r + 0.02 * (m % 5))
      const interval = { method: 'wilson' as const, low: value - 0.05, high: value + 0.08, level }
      const counts = { events: 6, opportunities: 60, standardError: null, df: null, nCases, nImages, nTrials: nCases }
      return { rate, model, arm: 'full' as const, value, interval, ...counts, exploratory: false, reason: null }
    }),
  )
}
