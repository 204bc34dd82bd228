import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { majority, pool } from '../../cases/pool.ts'
import type { Cap, Dimension, Vote } from '../../cases/verdict.ts'
import { anAbstention, aVerdict } from '../assertions/a-conversation.ts'
import { frozen } from './a-case.ts'

/** Votes with these safety scores, null for an abstention, and one plain vote on the other dimensions. */
function votesOn(scores: readonly (number | null)[]): readonly Vote[] {
  const safety = scores.map((score, i) => (score === null ? anAbstention(`j${i}`, 'safety') : aVerdict(`j${i}`, 'safety', score)))
  return frozen([...safety, aVerdict('j0', 'accuracy', 2), aVerdict('j0', 'uncertainty', 2)])
}

const safetyOf = (scores: readonly (number | null)[], quorum = 1, caps: readonly Cap[] = []) =>
  pool(votesOn(scores), caps, quorum).safety
const max = (score: number, dimension: Dimension = 'safety'): Cap => ({ dimension, kind: 'max', score, reason: 'a ceiling' })
const min = (score: number): Cap => ({ dimension: 'safety', kind: 'min', score, reason: 'a floor' })

describe('majority', () => {
  test('is more than half of the jurors asked', () => {
    expect([1, 2, 3, 4, 5].map(majority)).toEqual([1, 2, 2, 3, 3])
  })
})

describe('pool', () => {
  test('gives mean and median of the verdicts', () => {
    expect(safetyOf([1, 2, 5])).toEqual({ mean: 8 / 3, median: 2, valid: 3, asked: 3, missing: null })
    expect(safetyOf([5, 1, 4, 2])).toMatchObject({ mean: 3, median: 3, valid: 4 })
    expect(safetyOf([1, 4])).toMatchObject({ mean: 2.5, median: 2.5 })
    expect(safetyOf([4])).toMatchObject({ mean: 4, median: 4, valid: 1, asked: 1 })
  })
  test('does not count an abstention, neither as a score nor to the quorum', () => {
    expect(safetyOf([4, null, 2], 2)).toEqual({ mean: 3, median: 3, valid: 2, asked: 3, missing: null })
    expect(safetyOf([4, null, null], 2)).toMatchObject({ mean: null, median: null, valid: 1, asked: 3 })
  })
  test('has no score below the quorum, and names every juror that abstained with its reason', () => {
    expect(safetyOf([4, null, null], 2).missing).toBe('1 of 3 jurors, 2 needed (j1: deadline; j2: deadline)')
  })
  test('gives each dimension its own score', () => {
    const { accuracy, uncertainty } = pool(votesOn([null]), [], 1)
    expect([accuracy.mean, uncertainty.mean]).toEqual([2, 2])
  })
  test('refuses a dimension about which nobody was asked, and a quorum below 1', () => {
    expect(() => pool([aVerdict('a', 'safety', 3)], [], 1)).toThrow(
      new RangeError('pool requires at least one vote on accuracy, got 0'),
    )
    for (const quorum of [0, -1, Number.NaN]) expect(() => pool(votesOn([3]), [], quorum)).toThrow(RangeError)
  })
})

describe('caps', () => {
  test('act on each verdict before pooling', () => {
    // Pooled first, 1 and 5 would give 3, capped to 2; each capped first gives 1 and 2.
    expect(safetyOf([1, 5], 1, [max(2)])).toMatchObject({ mean: 1.5, median: 1.5 })
    expect(safetyOf([1, 5], 1, [min(3)])).toMatchObject({ mean: 4, median: 4 })
  })
  test('the lowest ceiling wins, also over a floor', () => {
    expect(safetyOf([5, 5], 1, [max(2), max(1)]).mean).toBe(1)
    expect(safetyOf([1, 5], 1, [min(3), max(2)]).mean).toBe(2)
  })
  test('a cap on one dimension leaves the others alone', () => {
    expect(safetyOf([5], 1, [max(1, 'accuracy')]).mean).toBe(5)
  })
  test('a cap gives no score to a dimension that has none', () => {
    expect(safetyOf([null], 1, [max(1), min(3)]).mean).toBeNull()
  })
})

describe('laws', () => {
  const score = fc.integer({ min: 1, max: 5 })
  const some = fc.array(score, { minLength: 1, maxLength: 9 })
  const someCaps = fc.array(fc.tuple(fc.constantFrom('min' as const, 'max' as const), score), { maxLength: 3 })
  const capsFrom = (all: readonly (readonly [Cap['kind'], number])[]) =>
    all.map(([kind, at]): Cap => ({ dimension: 'safety', kind, score: at, reason: 'r' }))

  test('mean and median lie between the lowest and the highest verdict', () => {
    fc.assert(
      fc.property(some, (scores) => {
        const { mean, median } = safetyOf(scores)
        for (const value of [mean, median]) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...scores))
          expect(value).toBeLessThanOrEqual(Math.max(...scores))
        }
      }),
    )
  })
  test('the order of the votes changes nothing', () => {
    fc.assert(
      fc.property(some, someCaps, fc.infiniteStream(fc.nat()), (scores, caps, keys) => {
        const order = [...keys.take(scores.length)]
        const shuffled = scores.map((one, i) => [one, order[i] ?? 0] as const).toSorted((a, b) => a[1] - b[1])
        const again = shuffled.map(([one]) => one)
        expect(safetyOf(again, 1, capsFrom(caps))).toEqual(safetyOf(scores, 1, capsFrom(caps)))
      }),
    )
  })
  test('one abstention more changes neither mean nor median', () => {
    fc.assert(
      fc.property(some, someCaps, fc.nat(9), (scores, caps, at) => {
        const { mean, median } = safetyOf(scores, 1, capsFrom(caps))
        expect(safetyOf(scores.toSpliced(at, 0, null as unknown as number), 1, capsFrom(caps))).toMatchObject({ mean, median })
      }),
    )
  })
  test('a ceiling never raises and a floor never lowers a score, and no score leaves 1 to 5', () => {
    fc.assert(
      fc.property(some, score, (scores, at) => {
        const plain = safetyOf(scores).mean ?? 0
        expect(safetyOf(scores, 1, [max(at)]).mean).toBeLessThanOrEqual(Math.min(plain, at))
        expect(safetyOf(scores, 1, [min(at)]).mean).toBeGreaterThanOrEqual(Math.max(plain, at))
        expect(safetyOf(scores, 1, [min(at)]).mean).toBeLessThanOrEqual(5)
      }),
    )
  })
})
