import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Sensitivity } from '../../analysis/estimate-models.ts'
import { varyAnalysis } from '../../analysis/sensitivity.ts'
import type { Arm } from '../../cases/schema.ts'
import { type Made, madeTrials, type StudyCase, someCases, studyOf } from './model-study.ts'

const ARMS: Arm[] = ['full', 'no-image']
const MODELS = ['a', 'b']

function varied(make: (one: StudyCase, model: string, arm: Arm) => Made, count = 40): Sensitivity[] {
  const rows = varyAnalysis(...studyOf(madeTrials(someCases(count), MODELS, ARMS, make), MODELS, ARMS))
  for (const row of rows) Sensitivity.parse(row)
  return rows
}

function find(rows: Sensitivity[], variant: string, estimand: string, model: string | null, arm: Arm = 'full'): Sensitivity {
  const found = rows.find(
    (r) => r.variant === variant && r.estimand === estimand && r.model === model && r.arm === arm && r.measure === 'safety',
  )
  if (found === undefined) throw new Error(`no ${variant} ${estimand}`)
  return found
}

const isFour = ({ caseId }: StudyCase) => Number(caseId.slice(1)) % 4 === 0

describe('missing trials', () => {
  // 40 cases; model a lacks every fourth in full: 30 scores of 3 and 10 missing.
  const rows = varied((one, model, arm) => ({ score: model === 'a' && arm === 'full' && isFour(one) ? null : 3 }))

  test('bounds put 1 and 5 for each, say how many, and have no interval', () => {
    const [low, high] = [find(rows, 'lower-bound', 'mean', 'a'), find(rows, 'upper-bound', 'mean', 'a')]
    expect(low).toMatchObject({ value: (30 * 3 + 10) / 40, nChanged: 10, nCases: 40, bound: true, interval: null })
    expect(high).toMatchObject({ value: (30 * 3 + 50) / 40, nChanged: 10, nCases: 40, bound: true, interval: null })
    expect(low.reason).toContain('not an estimate')
    expect(find(rows, 'lower-bound', 'mean', 'b')).toMatchObject({ value: 3, change: 0, nChanged: 0 })
  })

  test('bounds of an effect put the extremes against each other', () => {
    // no-image 3 everywhere, full between (30·3 + 50)/40 and (30·3 + 10)/40.
    expect(find(rows, 'lower-bound', 'ablation-effect', 'a', 'no-image').value).toBeCloseTo(3 - 3.5, 12)
    expect(find(rows, 'upper-bound', 'ablation-effect', 'a', 'no-image').value).toBeCloseTo(3 - 2.5, 12)
  })

  test('complete cases are those of every model', () => {
    expect(find(rows, 'complete-case', 'mean', 'a')).toMatchObject({ value: 3, nCases: 30, change: 0 })
    expect(find(rows, 'complete-case', 'mean', 'b')).toMatchObject({ value: 3, nCases: 30 })
    expect(find(rows, 'complete-case', 'mean', 'b', 'no-image')).toMatchObject({ nCases: 40 })
    expect(find(rows, 'complete-case', 'ablation-effect', 'b', 'no-image')).toMatchObject({ value: 0, nCases: 30 })
  })

  test('a model without any score in an arm has no bound', () => {
    const none = varied((_, model, arm) => ({ score: model === 'a' && arm === 'no-image' ? null : 3 }))
    expect(find(none, 'lower-bound', 'mean', 'a', 'no-image')).toMatchObject({ value: null, nChanged: 0 })
    expect(find(none, 'lower-bound', 'mean', null, 'no-image').reason).toBe('no score of a in the arm no-image: no bound')
  })

  test('bounds enclose every number that any scores in place of the missing would give', () => {
    const grid = fc.array(fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }), { minLength: 160, maxLength: 160 })
    const filling = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 160, maxLength: 160 })
    fc.assert(
      fc.property(grid, filling, (seen, put) => {
        const place = (one: StudyCase, model: string, arm: Arm) =>
          Number(one.caseId.slice(1)) * 4 + MODELS.indexOf(model) * 2 + ARMS.indexOf(arm)
        const holed = varied((one, model, arm) => ({ score: seen[place(one, model, arm)] ?? null }))
        const whole = varied((one, model, arm) => ({ score: seen[place(one, model, arm)] ?? put[place(one, model, arm)] ?? 1 }))
        for (const [i, row] of whole.entries()) {
          if (row.variant !== 'complete-case' || row.value === null) continue
          const [low, high] = [holed[i + 1], holed[i + 2]]
          if (low?.value == null || high?.value == null) continue
          expect([low.variant, high.variant]).toEqual(['lower-bound', 'upper-bound'])
          expect(low.value).toBeLessThanOrEqual(row.value + 1e-9)
          expect(high.value).toBeGreaterThanOrEqual(row.value - 1e-9)
        }
      }),
      { numRuns: 15 },
    )
  })
})

describe('another jury', () => {
  const votes = [
    { juror: 'j1', family: 'x', score: 5 },
    { juror: 'j2', family: 'y', score: 2 },
    { juror: 'j3', family: 'z', score: 2 },
  ]

  test('the median replaces the mean, and the own family’s juror is left out', () => {
    const rows = varied((_, model) => ({ score: 3, votes, family: model === 'a' ? 'x' : 'w' }))
    expect(find(rows, 'median-pool', 'mean', 'a')).toMatchObject({ value: 2, change: -1, nChanged: 0 })
    expect(find(rows, 'without-own-family', 'mean', 'a')).toMatchObject({ value: 2, change: -1 })
    expect(find(rows, 'without-own-family', 'mean', 'b')).toMatchObject({ value: 3, change: 0 })
  })

  test('caps act on votes before they are pooled again', () => {
    const cap = { dimension: 'safety', kind: 'max', score: 3, reason: 'emergency missed' } as const
    // Capped votes 3, 2, 2: mean 7/3; without the own family 2.
    const rows = varied(() => ({ score: 7 / 3, votes, family: 'x', caps: [cap] }))
    expect(find(rows, 'without-own-family', 'mean', 'a').value).toBe(2)
    expect(find(rows, 'median-pool', 'mean', 'a').value).toBe(2)
  })

  test('an unknown family and votes that do not explain the score give no number but a reason', () => {
    const unknown = varied(() => ({ score: 3, votes, family: null }))
    expect(find(unknown, 'without-own-family', 'mean', 'a')).toMatchObject({ value: null, nChanged: 40 })
    expect(find(unknown, 'without-own-family', 'mean', 'a').reason).toContain('family of the model is unknown')
    const strange = varied(() => ({ score: 4, votes, family: 'x' }))
    expect(find(strange, 'median-pool', 'mean', 'a')).toMatchObject({ value: null, nChanged: 40 })
    expect(find(strange, 'median-pool', 'mean', 'a').reason).toContain('do not explain')
  })

  test('jurors of the model’s own family only leave nothing', () => {
    const rows = varied(() => ({ score: 5, votes: votes.slice(0, 1), family: 'x' }))
    expect(find(rows, 'without-own-family', 'mean', 'a')).toMatchObject({ value: null, nCases: 0 })
  })
})

test('effects of an arm with a contradiction are refused in every way', () => {
  const rows = varied((one, model, arm) => ({
    score: 3,
    ...(arm === 'no-image' && model === 'b' && one.caseId === 'c000' ? { contradiction: 'leak' } : {}),
  }))
  for (const row of rows.filter((r) => r.estimand === 'ablation-effect' && r.model !== 'a')) {
    expect(row.value).toBeNull()
    expect(row.reason).toContain('contradict the arm no-image')
  }
})
