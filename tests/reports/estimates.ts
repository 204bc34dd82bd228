import type { Estimate, Estimates, Interval, Measure } from '../../analysis/estimate.ts'
import type { Arm } from '../../cases/schema.ts'

const measures: readonly Measure[] = ['safety', 'accuracy', 'uncertainty', 'overall']

type Options = {
  models?: readonly string[]
  arms?: readonly Arm[]
  cases?: number
  images?: number
  halfWidth?: number
  change?: (estimate: Estimate) => Estimate
}

/** An estimate turned into one that the data do not allow, as analysis writes it. */
export function withoutEstimate(estimate: Estimate, reason: string): Estimate {
  return { ...estimate, value: null, standardError: null, df: null, intervals: [], exploratory: true, reason }
}

/**
 * Estimates whose numbers are made up for tests by a fixed formula: no data, no analysis, no meaning. Every number with
 * four decimals is different from the next, so that a number in the wrong place is seen.
 */
export function madeUp(options: Options = {}): Estimates {
  const { models = ['alpha', 'beta', 'gamma'], arms = ['full', 'no-image', 'no-ehr'], cases = 60, images = 40 } = options
  const change = options.change ?? ((estimate: Estimate) => estimate)
  const halfWidth = options.halfWidth ?? 0.3
  let step = 0
  const make = (
    estimand: Estimate['estimand'],
    measure: Measure,
    model: string | null,
    arm: Arm,
    centre: number,
    spread: number,
  ): Estimate => {
    step += 1
    const value = Number((centre + spread * Math.sin(step * 2.3)).toFixed(4))
    const around = (method: Interval['method'], half: number): Interval => ({
      method,
      low: Number((value - half).toFixed(4)),
      high: Number((value + half * 1.07).toFixed(4)),
      level: 0.95,
    })
    const width = halfWidth * (1 + 0.2 * Math.cos(step))
    const flagged = Math.round(cases * 0.3)
    return change({
      estimand,
      measure,
      model,
      arm,
      value,
      standardError: width / 2,
      df: images - 1,
      intervals: [around('cr2-t', width), around('cluster-bca', width * 0.93)],
      widthsDiffer: false,
      nCases: cases,
      nImages: images,
      effectiveImages: images,
      nTrials: model === null ? cases * models.length : cases,
      nCasesLeftOut: 0,
      nGroups: estimand.endsWith('delta') ? { flagged, unflagged: cases - flagged } : null,
      exploratory: images < 20,
      reason: null,
    })
  }
  const all = [...models, null]
  const estimates = [
    ...arms.flatMap((arm) => all.flatMap((model) => measures.map((measure) => make('mean', measure, model, arm, 3.2, 0.7)))),
    ...(['malignant-delta', 'rare-delta'] as const).flatMap((estimand) =>
      all.flatMap((model) => measures.map((measure) => make(estimand, measure, model, 'full', -0.27, 0.2))),
    ),
    ...arms
      .filter((arm) => arm !== 'full')
      .flatMap((arm) =>
        all.flatMap((model) => measures.map((measure) => make('ablation-effect', measure, model, arm, -0.2, 0.15))),
      ),
  ]
  return {
    version: 1,
    software: { name: 'made-up-for-tests', version: '0.0.0' },
    source: 'promptfoo',
    bank: { name: 'made-up-for-tests', sha256: '0'.repeat(64), cases, images },
    simulated: { models: [...models], jurors: ['strict', 'middle', 'lenient'], patient: true, drawnImages: images },
    calibrated: { status: 'uncalibrated' },
    labels: null,
    models: [...models],
    arms: [...arms],
    jurors: ['strict', 'middle', 'lenient'],
    rubric: 'made-up-1',
    settings: { level: 0.95, resamples: 10_000, seed: 7 },
    trials: {
      planned: cases * models.length * arms.length,
      scored: cases * models.length * arms.length - 5,
      repeated: 0,
      cases,
      images,
    },
    strata: {
      malignantRare: 3,
      malignantCommon: Math.round(cases * 0.3) - 3,
      notMalignantRare: 4,
      notMalignantCommon: cases - Math.round(cases * 0.3) - 6,
      unknown: 2,
    },
    estimates,
    comparisons: {
      pairs: [],
      rankings: [],
      strata: [],
      dominance: [],
      adjusted: [],
      contrasts: [],
      interactions: [],
      sensitivity: [],
    },
    jury: {
      reliability: [],
      jurors: [],
      cards: [],
      costs: [],
      pairs: [],
      preferences: [],
      variance: [],
      againstClinicians: [],
      errorCorrelations: [],
      calibration: [],
      correctedMeans: [],
      correctedShares: [],
    },
    raw: [],
    review: [],
    rates: [],
    subgroups: [],
    detectable: [],
    patients: { speakers: [], fidelity: [] },
    descriptions: { distributions: [], scorePoints: [], costs: [], byReplies: [] },
    exclusions: [
      { model: models[0] ?? 'alpha', arm: 'full', measure: null, reason: 'deadline', count: 3 },
      { model: models[0] ?? 'alpha', arm: 'full', measure: 'accuracy', reason: 'fewer than 2 verdicts', count: 2 },
    ],
  }
}
