import fc from 'fast-check'
import { expect, test } from 'vitest'
import { adjustP } from '../../analysis/multiplicity.ts'

const p = fc.double({ min: 0, max: 1, noNaN: true })
const list = fc.array(p, { maxLength: 12 })

/** Holm by its procedure: the smallest level at which step-down rejects, found for each hypothesis by its definition. */
function holmRejects(ps: readonly number[], alpha: number): Set<number> {
  const order = ps.map((_, i) => i).sort((a, b) => (ps[a] as number) - (ps[b] as number))
  const rejected = new Set<number>()
  for (const [step, i] of order.entries()) {
    if ((ps[i] as number) * (ps.length - step) > alpha) break
    rejected.add(i)
  }
  return rejected
}

/** Benjamini and Hochberg by its procedure: all up to the largest i with p₍ᵢ₎ ≤ i·α/m. */
function bhRejects(ps: readonly number[], alpha: number): Set<number> {
  const order = ps.map((_, i) => i).sort((a, b) => (ps[a] as number) - (ps[b] as number))
  const last = order.findLastIndex((i, step) => ((ps[i] as number) * ps.length) / (step + 1) <= alpha)
  return new Set(order.slice(0, last + 1))
}

test('a corrected p is at or below α exactly where the step-down or step-up procedure rejects', () => {
  fc.assert(
    fc.property(list, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (ps, alpha) => {
      const rejected = (adjusted: (number | null)[]) =>
        new Set(adjusted.flatMap((value, i) => (value !== null && value <= alpha ? [i] : [])))
      expect(rejected(adjustP(ps, 'holm'))).toEqual(holmRejects(ps, alpha))
      expect(rejected(adjustP(ps, 'bh'))).toEqual(bhRejects(ps, alpha))
    }),
  )
})

test('corrected p values never fall below the raw ones nor rise above Bonferroni’s, and BH is the mildest of the first four', () => {
  fc.assert(
    fc.property(list, (ps) => {
      const of = (correction: Parameters<typeof adjustP>[1]) => adjustP(ps, correction) as number[]
      const [holm, hochberg, bonferroni, bh] = [of('holm'), of('hochberg'), of('bonferroni'), of('bh')]
      for (const [i, raw] of ps.entries()) {
        expect(bh[i]).toBeGreaterThanOrEqual(raw)
        expect(hochberg[i]).toBeGreaterThanOrEqual((bh[i] as number) * (1 - 1e-12))
        expect(holm[i]).toBeGreaterThanOrEqual((hochberg[i] as number) * (1 - 1e-12))
        expect(bonferroni[i]).toBeGreaterThanOrEqual((holm[i] as number) * (1 - 1e-12))
      }
    }),
  )
})

test('missing p values stay missing and do not count', () => {
  expect(adjustP([0.01, null, 0.04], 'holm')).toEqual([0.02, null, 0.04])
  expect(adjustP([], 'bh')).toEqual([])
})

test('a p outside 0 to 1 is refused', () => {
  for (const wrong of [-0.1, 1.1, Number.NaN]) expect(() => adjustP([wrong], 'bh')).toThrow(RangeError)
})
