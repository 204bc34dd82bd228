import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupPermutation } from '../../analysis/group-permutation.ts'
import { orderPermutation } from '../../analysis/order-permutation.ts'
import { signFlip } from '../../analysis/sign-flip.ts'

const scores = (min: number, max: number) => fc.array(fc.integer({ min: -4, max: 4 }), { minLength: min, maxLength: max })
const rule = { draws: 2000, seed: 7 }

/** All 2ⁿ sign patterns, written out. */
function flipsByHand(values: readonly number[]): number {
  const observed = Math.abs(values.reduce((sum, value) => sum + value, 0))
  let hits = 0
  for (let pattern = 0; pattern < 2 ** values.length; pattern++) {
    const sum = values.reduce((total, value, i) => total + (pattern & (1 << i) ? value : -value), 0)
    if (Math.abs(sum) >= observed) hits++
  }
  return hits / 2 ** values.length
}

function ordersOf<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, i) => ordersOf(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))
}

/** Mid-ranks by counting. */
function ranksByHand(values: readonly number[]): number[] {
  return values.map((v) => values.filter((w) => w < v).length + (values.filter((w) => w === v).length + 1) / 2)
}

describe('sign flips', () => {
  test('the exact p is that of all sign patterns', () => {
    fc.assert(
      fc.property(scores(1, 10), (values) => {
        expect(signFlip(values, rule)).toEqual({ p: flipsByHand(values), kind: 'exact', draws: null })
      }),
    )
  })

  test('scores of a third tie as their whole votes do, whatever the rounding', () => {
    fc.assert(
      fc.property(scores(1, 9), (values) => {
        const thirds = values.map((value) => value / 3)
        expect(signFlip(thirds, rule).p).toBeCloseTo(flipsByHand(values), 12)
      }),
    )
  })

  test('16 values of any kind are enumerated, more of them are drawn, and the draws are near the exact p', () => {
    const values = Array.from({ length: 18 }, (_, i) => Math.sin(i * i + 1) + 0.25)
    expect(signFlip(values.slice(0, 16), rule).kind).toBe('exact')
    const drawn = signFlip(values, { draws: 20_000, seed: 3 })
    expect(drawn).toMatchObject({ kind: 'monte-carlo', draws: 20_000 })
    const exact = flipsByHand(values)
    expect(Math.abs(drawn.p - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 20_000) + 1 / 20_000)
  })

  test('the same seed draws the same p, which is never 0', () => {
    const values = Array.from({ length: 40 }, (_, i) => 1 + Math.sqrt(i))
    expect(signFlip(values, rule)).toEqual(signFlip(values, rule))
    expect(signFlip(values, rule).p).toBe(1 / 2001)
  })

  test('differences that are all 0 give 1, and no or bad values are refused', () => {
    expect(signFlip([0, 0, 0], rule).p).toBe(1)
    expect(() => signFlip([], rule)).toThrow(RangeError)
    expect(() => signFlip([1, Number.NaN], rule)).toThrow(RangeError)
  })
})

describe('orders', () => {
  test('the exact p of Spearman’s correlation is that of all orders', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })), { minLength: 2, maxLength: 6 }),
        (pairs) => {
          const [x, y] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
          const [rx, ry] = [ranksByHand(x), ranksByHand(y)]
          const middle = (x.length + 1) / 2
          const far = (order: readonly number[]) =>
            Math.abs(rx.reduce((sum, rank, i) => sum + (rank - middle) * ((order[i] as number) - middle), 0))
          const all = ordersOf(ry)
          const hits = all.filter((order) => far(order) >= far(ry)).length
          expect(orderPermutation(x, y, rule)).toEqual({ p: hits / all.length, kind: 'exact', draws: null })
        },
      ),
      { numRuns: 40 },
    )
  })

  test('eight models in perfect order have p = 2 / 8!, and ten are drawn', () => {
    const x = [1, 2, 3, 4, 5, 6, 7, 8]
    expect(orderPermutation(x, x, rule).p).toBe(2 / 40_320)
    const ten = [...x, 9, 10]
    expect(orderPermutation(ten, ten, rule)).toEqual({ p: 1 / 2001, kind: 'monte-carlo', draws: 2000 })
  })
})

describe('two groups', () => {
  test('the exact p is that of all ways to choose the first group', () => {
    fc.assert(
      fc.property(scores(1, 5), scores(1, 5), (x, y) => {
        const all = [...x, ...y]
        const mean = all.reduce((sum, value) => sum + value, 0) / all.length
        const far = (group: readonly number[]) => Math.abs(group.reduce((sum, value) => sum + value, 0) - x.length * mean)
        let [hits, total] = [0, 0]
        for (let chosen = 0; chosen < 2 ** all.length; chosen++) {
          const group = all.filter((_, i) => chosen & (1 << i))
          if (group.length !== x.length) continue
          total++
          if (far(group) >= far(x) - 1e-9) hits++
        }
        expect(groupPermutation(x, y)).toBeCloseTo(hits / total, 12)
      }),
    )
  })
})
