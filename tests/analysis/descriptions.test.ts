import { describe, expect, test } from 'vitest'
import { describeStudy } from '../../analysis/descriptions.ts'
import { madeTrials, type StudyCase, studyOf } from './model-study.ts'

const cases: StudyCase[] = ['a', 'b', 'c', 'd'].map((caseId, i) => ({ caseId, image: `i${i % 2}`, malignant: null, rare: null }))
const scores: Record<string, number | null> = { a: 2.5, b: 2.6, c: 5, d: null }
const spent: Record<string, { replies: number | null; costUsd: number | null; juryCostUsd: number | null }> = {
  a: { replies: 2, costUsd: 0.1, juryCostUsd: 0.03 },
  b: { replies: 2, costUsd: null, juryCostUsd: null },
  c: { replies: 4, costUsd: 0.4, juryCostUsd: 0.05 },
  d: { replies: null, costUsd: null, juryCostUsd: null },
}
const made = madeTrials(cases, ['m', 'n'], ['full', 'no-image'], ({ caseId }, model, arm) => ({
  score: model === 'n' || arm === 'no-image' ? 1 : (scores[caseId] ?? null),
})).map((trial) => (trial.model === 'm' && trial.arm === 'full' ? { ...trial, ...spent[trial.caseId] } : trial))
const [study] = studyOf(made, ['m', 'n'], ['full', 'no-image'])

describe('descriptions', () => {
  const described = describeStudy(study, [
    { caseId: 'a', model: 'm', clinician: 'x', image: 'i0', score: 2, dimension: null },
    { caseId: 'a', model: 'm', clinician: 'y', image: 'i0', score: 3, dimension: null },
    { caseId: 'c', model: 'm', clinician: 'x', image: 'i0', score: 4, dimension: null },
    { caseId: 'd', model: 'm', clinician: 'x', image: 'i0', score: 1, dimension: null },
  ])

  test('a score between two levels goes to the nearest, a half to the worse; a missing one is counted and has no level', () => {
    expect(described.distributions).toHaveLength(6)
    expect(described.distributions[0]).toEqual({
      dimension: 'safety',
      model: 'm',
      levels: [0, 1, 1, 0, 1],
      nConversations: 3,
      nMissing: 1,
      nCases: 3,
      nImages: 2,
    })
    expect(described.distributions[1]).toMatchObject({ model: 'n', levels: [4, 0, 0, 0, 0], nMissing: 0 })
  })

  test('a point is the jury’s score against the mean of clinicians; a conversation without a score of both is none', () => {
    expect(described.scorePoints).toEqual([
      { dimension: 'safety', jury: 2.5, clinicians: 2.5, nConversations: 1 },
      { dimension: 'safety', jury: 5, clinicians: 4, nConversations: 1 },
    ])
    expect(describeStudy(study, []).scorePoints).toEqual([])
  })

  test('an unknown cost is counted and never averaged as 0; a model without transcripts has no cost', () => {
    const [m, n] = described.costs
    expect(m).toMatchObject({ nPriced: 2, nUnpriced: 1, nGradesPriced: 2 })
    expect(m?.meanUsd).toBeCloseTo(0.25, 12)
    expect(m?.meanJuryUsd).toBeCloseTo(0.04, 12)
    expect(n).toEqual({ model: 'n', meanUsd: null, meanJuryUsd: null, nPriced: 0, nUnpriced: 0, nGradesPriced: 0 })
  })

  test('conversations of equal length are averaged together, those without transcript or score left out', () => {
    expect(described.byReplies.map(({ replies, nConversations, overall }) => [replies, nConversations, overall.value])).toEqual([
      [2, 2, 2.55],
      [4, 1, 5],
    ])
    expect(described.byReplies[1]).toMatchObject({ nModels: 1, nCases: 1, nImages: 1, overall: { low: null, high: null } })
  })
})
