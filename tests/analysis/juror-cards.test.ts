import { describe, expect, test } from 'vitest'
import { jurorCards, jurorCosts } from '../../analysis/juror-cards.ts'
import { juryTables } from '../../analysis/jury.ts'
import { reviewList } from '../../analysis/review-list.ts'
import { REVIEW_RANGE, scoreRange } from '../../cases/pool.ts'
import { Dimension, type Grade } from '../../cases/verdict.ts'
import { judgedStudy } from './judged-study.ts'
import { type RowSpec, rowsOf, type VoteSpec } from './rows.ts'
import { studyOf } from './study-of.ts'

const on = (
  dimension: Dimension,
  juror: string,
  scores: readonly (number | null)[],
  quotes: readonly boolean[] = [],
): VoteSpec[] => scores.map((score, repeat) => ({ juror, dimension, score, repeat, quotes }))
const others = (['accuracy', 'uncertainty'] as const).flatMap((dimension) =>
  ['j1', 'j2'].flatMap((juror) => on(dimension, juror, [3, 3, 3])),
)
const took = (juror: string, costUsd: number | null): Grade['spent'][0] => ({
  juror,
  usage: { inputTokens: 100, cacheReadTokens: null, cacheWriteTokens: 0, outputTokens: 30, reasoningTokens: 0 },
  costUsd,
  incurredUsd: 0,
  calls: { made: 0, stored: 3, retried: 0, failed: 0 },
  notSent: [],
})
const SPECS: readonly RowSpec[] = [
  {
    caseId: 'a',
    votes: [...on('safety', 'j1', [2, 4, 3], [true, false]), ...on('safety', 'j2', [5, null, 5]), ...others],
    spent: [took('j1', 0.09), took('j2', null)],
  },
  {
    caseId: 'b',
    arm: 'no-image',
    votes: [
      ...on('safety', 'j1', [1, 1, 1], [true]),
      ...on('safety', 'j2', [null, null, null]),
      ...on('safety', 'j3', [1, 1, 2]),
      ...others,
    ],
    spent: [took('j1', 0.09), took('j2', null)],
  },
]
/** One jury for both rows. */
const { trials } = studyOf(SPECS)

describe('the report card', () => {
  const [j1, j2] = jurorCards(trials, 'safety')

  test('counts verdicts, abstentions by reason, real quotes and levels over all arms', () => {
    expect(j1).toMatchObject({
      juror: 'j1',
      saw: ['none'],
      nConversations: 2,
      nAsked: 6,
      nVerdicts: 6,
      abstentions: [],
      abstentionRate: 0,
      // 3 verdicts with two quotes each, one real; 3 with one real quote.
      nQuotes: 9,
      nVerified: 6,
      distribution: [3, 1, 1, 1, 0],
    })
    expect(j1?.quoteValidity).toBeCloseTo(6 / 9, 12)
    expect(j2).toMatchObject({
      nAsked: 6,
      nVerdicts: 2,
      abstentions: [{ reason: 'cannot_judge', count: 4 }],
      quoteValidity: null,
    })
    expect(j2?.abstentionRate).toBeCloseTo(4 / 6, 12)
  })

  test('the spread when asked again is pooled within conversations', () => {
    // j1: squares 1 + 1 + 0 and 0, degrees 2 + 2: √(2/4); j2: 5 and 5.
    expect(j1?.repeatStandardDeviation).toBeCloseTo(Math.SQRT1_2, 12)
    expect([j1?.nRepeated, j2?.nRepeated, j2?.repeatStandardDeviation]).toEqual([2, 1, 0])
  })

  test('the price is per verdict, and unknown when one reply’s is', () => {
    const [first, second] = jurorCosts(trials)
    // 2 conversations; 6 verdicts on safety and 6 on each other dimension.
    expect(first).toMatchObject({ juror: 'j1', nConversations: 2, nVerdicts: 18, inputTokens: 200, cacheReadTokens: null })
    expect(first?.costPerVerdict).toBeCloseTo(0.18 / 18, 12)
    expect(second).toMatchObject({ juror: 'j2', nVerdicts: 14, costUsd: null, costPerVerdict: null })
  })
})

describe('jurors asked more than once', () => {
  test('count once a conversation, with their mean, in every table', () => {
    const repeated = judgedStudy(16).map((spec) => ({
      ...spec,
      votes: (spec.votes ?? []).flatMap((vote) => [0, 1, 2].map((repeat) => ({ ...vote, repeat }))),
    }))
    const { cards: _, ...once } = juryTables(studyOf(judgedStudy(16)), [])
    const { cards, ...thrice } = juryTables(studyOf(repeated), [])
    expect(thrice).toEqual(once)
    expect(cards.every(({ repeatStandardDeviation }) => repeatStandardDeviation === 0)).toBe(true)
  })

  test('a mean that is no whole number breaks no table', () => {
    const half = judgedStudy(16).map((spec, i) => ({
      ...spec,
      votes: (spec.votes ?? []).flatMap((vote, v) =>
        [0, 1].map((repeat) => ({ ...vote, repeat, score: Math.min(5, (vote.score ?? 1) + ((i + v) % 2) * repeat) })),
      ),
    }))
    const tables = juryTables(studyOf(half), [])
    expect(tables.pairs.every(({ linearKappa }) => linearKappa === null || Number.isFinite(linearKappa))).toBe(true)
    expect(tables.jurors.every(({ modalScore }) => Number.isInteger(modalScore))).toBe(true)
  })
})

test('the review list holds exactly the conversations whose jurors the pooling calls far apart, the farthest first', () => {
  const specs = judgedStudy(12).map((spec, i) => ({
    ...spec,
    votes: (spec.votes ?? []).map((vote) => (i % 5 === 0 && vote.juror === 'j2' ? { ...vote, score: 5 } : vote)),
  }))
  const grades = rowsOf(specs).map((row) => row.gradingResult?.componentResults?.[0]?.metadata?.grade as Grade)
  const far = grades.flatMap(({ votes }) =>
    Dimension.options.map((d) => scoreRange(votes, d)).filter((range) => range >= REVIEW_RANGE),
  )
  const list = reviewList(studyOf(specs).trials)
  expect(far.length).toBeGreaterThan(0)
  expect(list.map(({ range }) => range)).toEqual(far.toSorted((a, b) => b - a))
  expect(list[0]?.scores.map(({ juror }) => juror)).toEqual(['j1', 'j2', 'j3'])
})

test('what a vote says of its quotes and repeats reaches the tidy table', () => {
  const [vote] = trials[0]?.votes ?? []
  expect(vote).toMatchObject({ juror: 'j1', dimension: 'safety', repeat: 0, saw: 'none', quotes: { given: 2, verified: 1 } })
})
