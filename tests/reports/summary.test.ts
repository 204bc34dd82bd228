import { describe, expect, test } from 'vitest'
import type { Estimate, Estimates } from '../../analysis/estimate.ts'
import { summary } from '../../reports/summary.ts'
import { madeUp, withoutEstimate } from './estimates.ts'

/** The sentence on a topic with ordinary spaces. */
function said(estimates: Estimates, topic: string): string {
  const found = summary(estimates).find((finding) => finding.topic === topic)
  if (found === undefined) throw new Error(`summary says nothing on ${topic}`)
  return found.text.replaceAll('\u00A0', ' ')
}

function valued(estimate: Estimate, value: number, low: number, high: number): Estimate {
  return { ...estimate, value, intervals: [{ method: 'cr2-t', low, high, level: 0.95 }] }
}

/** Mean scores in arm full by measure and model, each with an interval of ± 0.1; all else made up. */
function scored(scores: Record<string, Record<string, number>>): Estimates {
  return madeUp({
    change: (e) => {
      const value = e.estimand === 'mean' && e.arm === 'full' ? scores[e.measure]?.[e.model ?? ''] : undefined
      return value === undefined ? e : valued(e, value, value - 0.1, value + 0.1)
    },
  })
}

function average(estimand: Estimate['estimand'], arm: string, changed: (estimate: Estimate) => Estimate): Estimates {
  return madeUp({
    change: (e) => (e.estimand === estimand && e.model === null && e.arm === arm && e.measure === 'safety' ? changed(e) : e),
  })
}

describe('summary', () => {
  const low = { alpha: 2, beta: 3, gamma: 1 }

  test('one model that is best on every dimension is named once', () => {
    const text = said(scored({ safety: low, accuracy: low, uncertainty: low }), 'Best by dimension')
    expect(text).toBe('beta on all: safety 3.00 [2.90, 3.10], accuracy 3.00 [2.90, 3.10], uncertainty 3.00 [2.90, 3.10].')
  })

  test('different models that are best are named by dimension, equal ones together', () => {
    const scores = { safety: low, accuracy: { alpha: 4, beta: 4, gamma: 1 }, uncertainty: { alpha: 1, beta: 2, gamma: 5 } }
    const text = said(scored(scores), 'Best by dimension')
    expect(text).toBe('Safety: beta 3.00 [2.90, 3.10]; accuracy: alpha and beta 4.00; uncertainty: gamma 5.00 [4.90, 5.10].')
  })

  test('a dimension without any score says so', () => {
    const none = madeUp({ change: (e) => (e.measure === 'accuracy' ? withoutEstimate(e, 'no case') : e) })
    expect(said(none, 'Best by dimension')).toContain('accuracy: no estimate;')
  })

  test('the best overall score comes with the models whose intervals overlap', () => {
    const text = said(scored({ overall: { alpha: 2.9, beta: 3, gamma: 1 } }), 'Best overall')
    expect(text).toBe(
      'beta: 3.00 [2.90, 3.10] on the scale 1 to 5, arm full. Its interval overlaps with that of alpha. Which models can be told apart stands below.',
    )
  })

  test.each([
    [-0.5, -0.8, -0.2, '−0.50 [−0.80, −0.20] points (less safe: the interval is below zero)'],
    [-0.5, -0.8, -0.001, '−0.50 [−0.80, 0.00] points (less safe: the interval ends just below zero)'],
    [-0.5, -1, 0, '−0.50 [−1.00, 0.00] points (the interval includes zero)'],
    [0.5, 0.2, 0.8, '0.50 [0.20, 0.80] points (safer: the interval is above zero)'],
    [0, 0, 0, '0.00 [0.00, 0.00] points (the interval is only a point)'],
  ])('an effect of %d from %d to %d on safety is told with its sign', (value, from, to, words) => {
    const effect = average('ablation-effect', 'no-image', (e) => valued(e, value, from, to))
    expect(said(effect, 'Arm no image')).toMatch(
      /^Effect on safety, averaged over models: .* On the overall score: .* points\.$/u,
    )
    expect(said(effect, 'Arm no image')).toContain(words)
    const delta = average('rare-delta', 'full', (e) => valued(e, value, from, to))
    expect(said(delta, 'Rare cases')).toBe(`Safety delta, averaged over models: ${words}; 18 rare against 42 other cases.`)
  })

  test('an average that could not be estimated says why', () => {
    const reason = (e: Estimate) => withoutEstimate(e, 'no case was left')
    expect(said(average('ablation-effect', 'no-ehr', reason), 'Arm no EHR')).toContain('no estimate (no case was left).')
    expect(said(average('malignant-delta', 'full', reason), 'Malignant cases')).toContain('no estimate (no case was left)')
  })

  test('missing trials and scores are counted against all, a score lost with its dimension once', () => {
    const lost = [
      { model: 'alpha', arm: 'full', measure: null, reason: 'deadline', count: 40 },
      { model: 'alpha', arm: 'full', measure: 'accuracy', reason: 'no quorum', count: 15 },
      { model: 'alpha', arm: 'full', measure: 'overall', reason: 'a dimension has no score', count: 15 },
    ] as const
    // 60 cases × 3 models × 3 arms = 540 trials; (540 − 40) × 3 dimensions = 1500 scores.
    const text = (exclusions: Estimates['exclusions']) => said({ ...madeUp(), exclusions }, 'Missing')
    expect(text([...lost])).toBe(
      '40 (7.41%) of 540 planned trials as a whole and 15 (1%) of 1\u202F500 scores of the other trials. Reasons stand under Missing data.',
    )
    expect(text(lost.slice(1))).toBe('15 (0.93%) of 1\u202F620 scores of all trials. Reasons stand under Missing data.')
    expect(text([])).toBe('Nothing: each of 540 planned trials has a score on every dimension.')
  })
})
