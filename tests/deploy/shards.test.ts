import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shardsOf } from '../../deploy/shards.ts'

const plan = fc
  .array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 80 })
  .chain((costs) => fc.tuple(fc.constant(costs), fc.integer({ min: 1, max: costs.length }), fc.integer({ min: 0, max: 1e9 })))

describe('shards', () => {
  test('hold every test once and are never empty', () => {
    fc.assert(
      fc.property(plan, ([costs, shards, seed]) => {
        const made = shardsOf(costs, shards, seed)
        expect(made).toHaveLength(shards)
        expect(made.every((places) => places.length > 0)).toBe(true)
        expect(made.flat().toSorted((a, b) => a - b)).toEqual(costs.map((_, i) => i))
        expect(made).toEqual(made.map((places) => places.toSorted((a, b) => a - b)))
      }),
    )
  })
  // Graham's bound for list scheduling: a shard got its last test when it was the lightest, so it is heavier than the lightest
  // by that test at most. Costs of 0 are left out: their tests are handed to shards that would be empty.
  test('differ in cost by no more than the dearest test', () => {
    const positive = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 80 })
    fc.assert(
      fc.property(positive, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 1e9 }), (costs, wanted, seed) => {
        const sums = shardsOf(costs, Math.min(wanted, costs.length), seed).map((places) =>
          places.reduce((sum, place) => sum + (costs[place] ?? 0), 0),
        )
        expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(Math.max(...costs))
      }),
    )
  })
  test('are the same for the same seed, and mixed by it', () => {
    const costs = Array.from({ length: 40 }, () => 1)
    expect(shardsOf(costs, 4, 7)).toEqual(shardsOf(costs, 4, 7))
    expect(shardsOf(costs, 4, 7)).not.toEqual(shardsOf(costs, 4, 8))
    expect(shardsOf(costs, 4, 7)).not.toEqual([0, 1, 2, 3].map((i) => costs.slice(0, 10).map((_, j) => 10 * i + j)))
  })
  test.each([0, 3, 1.5, Number.NaN])('are refused in the number of %s for two tests', (shards) => {
    expect(() => shardsOf([1, 2], shards, 1)).toThrow(
      `shards requires a whole number from 1 to the number of tests (2), got ${shards}`,
    )
  })
  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('are refused for a cost of %s', (cost) => {
    expect(() => shardsOf([1, cost], 1, 1)).toThrow(`shards requires costs from 0, got ${cost}`)
  })
})
