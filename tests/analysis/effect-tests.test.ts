import { expect, test } from 'vitest'
import { testEffects } from '../../analysis/effect-tests.ts'
import type { Estimate } from '../../analysis/estimate.ts'
import { madeUp } from '../reports/estimates.ts'

const [base] = madeUp({ models: ['m'] }).estimates.filter(({ estimand }) => estimand === 'rare-delta')
if (base === undefined) throw new Error('expected a rare delta')

function delta(model: string | null, value: number | null, standardError: number | null, df: number | null): Estimate {
  return { ...(base as Estimate), model, value, standardError, df }
}

test('p is two-sided Student t of value over standard error: 2 * pt(-2, 10) in R is 0.07338803', () => {
  const [one] = testEffects([delta('a', -0.4, 0.2, 10)])
  expect(one?.p).toBeCloseTo(0.07338803, 8)
  expect(one?.pHolm).toBeCloseTo(0.07338803, 8)
  expect(one?.nTests).toBe(1)
})

test('Holm counts the models of a family and not their average', () => {
  // 2 * pt(-3, 20) in R is 0.007076; twice that is the first step of Holm among two.
  const rows = testEffects([delta('a', -0.6, 0.2, 20), delta('b', 0, 0.2, 20), delta(null, -0.6, 0.2, 20)])
  expect(rows.map(({ nTests }) => nTests)).toEqual([2, 2, 1])
  expect(rows[0]?.pHolm).toBeCloseTo(2 * 0.007076, 5)
  expect(rows[1]?.pHolm).toBe(1)
  expect(rows[2]?.pHolm).toBeCloseTo(0.007076, 5)
})

test('no value, no interval and no spread have no p and do not count in the family', () => {
  const few = { ...delta('c', -0.6, 0.2, 20), intervals: [] }
  const rows = testEffects([delta('a', -0.6, 0.2, 20), delta('b', null, null, null), few, delta('d', -0.6, 0, 20)])
  expect(rows.map(({ p }) => p === null)).toEqual([false, true, true, true])
  expect(rows[0]?.nTests).toBe(1)
})

test('means are no effects, and measures are families of their own', () => {
  const { estimates } = madeUp()
  const rows = testEffects(estimates)
  expect(rows).toHaveLength(estimates.filter(({ estimand }) => estimand !== 'mean').length)
  expect(new Set(rows.map(({ nTests }) => nTests))).toEqual(new Set([3, 1]))
})
