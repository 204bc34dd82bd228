import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assign, type Drawable, drawSample } from '../../assertions/annotation-sample.ts'

/** 3 models × 4 cases × 10 repeats; every fifth conversation has size 3. */
const RUN: readonly Drawable[] = Array.from({ length: 120 }, (_, i) => ({
  key: `k${i}`,
  caseId: `case-${Math.floor(i / 3) % 4}`,
  cell: [`model-${i % 3}`, i % 5 === 0 ? 'low' : 'high'],
  size: i % 5 === 0 ? 3 : 1,
}))
const keys = (drawn: readonly { readonly one: Drawable }[]) => drawn.map(({ one }) => one.key)

const someRun = fc
  .array(
    fc.record({
      caseId: fc.constantFrom('a', 'b', 'c'),
      cell: fc.array(fc.constantFrom('x', 'y'), { maxLength: 3 }),
      size: fc.constantFrom(1, 1.5, 3),
    }),
    {
      minLength: 1,
      maxLength: 80,
    },
  )
  .map((all) => all.map((one, i): Drawable => ({ ...one, key: `k${i}` })))

describe('drawSample', () => {
  test('draws as many as are asked for, none twice, all when there are not more', () => {
    fc.assert(
      fc.property(someRun, fc.integer({ min: 1, max: 100 }), fc.nat(), (run, count, seed) => {
        const drawn = drawSample(run, count, seed)
        expect(drawn).toHaveLength(Math.min(count, run.length))
        expect(new Set(keys(drawn)).size).toBe(drawn.length)
        if (count >= run.length) expect(drawn.every(({ weight }) => weight === 1)).toBe(true)
      }),
    )
  })
  test('weighs each by one over its probability: 24 of size 3 and 96 of size 1 share 42 draws as 18 and 24', () => {
    // By hand: sizes sum to 24 × 3 + 96 = 168; a quarter of a size is a probability: 3/4 and 1/4, weights 4/3 and 4.
    for (let seed = 0; seed < 20; seed++)
      for (const { one, weight } of drawSample(RUN, 42, seed)) expect(weight).toBeCloseTo(one.size === 3 ? 4 / 3 : 4, 12)
  })
  test('draws each conversation as often as its weight says, over many seeds', () => {
    const seeds = 2000
    const times = new Map<string, number>()
    for (let seed = 0; seed < seeds; seed++)
      for (const key of keys(drawSample(RUN, 42, seed))) times.set(key, (times.get(key) ?? 0) + 1)
    // Five standard errors of a share of 2000: 0.048 for 3/4 and for 1/4; 120 shares are looked at.
    for (const { key, size } of RUN) expect(Math.abs((times.get(key) ?? 0) / seeds - size / 4)).toBeLessThan(0.048)
  })
  test('gives each model and each of its bands its share to within one', () => {
    for (let seed = 0; seed < 50; seed++) {
      const drawn = drawSample(RUN, 42, seed)
      for (const model of ['model-0', 'model-1', 'model-2'])
        for (const [band, expected] of [
          ['low', 6],
          ['high', 8],
        ] as const) {
          const got = drawn.filter(({ one }) => one.cell[0] === model && one.cell[1] === band).length
          expect(Math.abs(got - expected)).toBeLessThanOrEqual(1)
        }
    }
  })
  test('is the same for one seed whatever the order of the run, and another for another seed', () => {
    expect(keys(drawSample(RUN.toReversed(), 42, 7))).toEqual(keys(drawSample(RUN, 42, 7)))
    expect(keys(drawSample(RUN, 42, 8))).not.toEqual(keys(drawSample(RUN, 42, 7)))
  })
  test('refuses no conversation, no count and a size of zero', () => {
    expect(() => drawSample([], 1, 1)).toThrow(RangeError)
    expect(() => drawSample(RUN, 0, 1)).toThrow(RangeError)
    expect(() => drawSample([{ key: 'k', caseId: 'c', cell: [], size: 0 }], 1, 1)).toThrow(/sizes above 0, got 0/)
  })
})

describe('assign', () => {
  test('gives at least 30 to all raters and every other conversation to as many as are asked for', () => {
    fc.assert(
      fc.property(
        someRun,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        (run, raters, each, seed) => {
          const names = ['A', 'B', 'C', 'D'].slice(0, raters)
          const given = assign(run, names, each, seed)
          const counts = run.map(({ key }) => [...given.values()].filter((own) => own.includes(key)).length)
          expect(counts.filter((count) => count === raters).length).toBeGreaterThanOrEqual(Math.min(run.length, 30))
          expect(counts.every((count) => count === raters || count === Math.min(each, raters))).toBe(true)
          for (const own of given.values()) expect(new Set(own).size).toBe(own.length)
        },
      ),
    )
  })
  test('shares a fifth of many conversations, and the rest by whole cases with fair loads', () => {
    const run = Array.from({ length: 400 }, (_, i): Drawable => ({ key: `k${i}`, caseId: `c${i % 40}`, cell: [], size: 1 }))
    const given = assign(run, ['A', 'B'], 1, 1)
    const [a = [], b = []] = [...given.values()]
    expect(a.filter((key) => b.includes(key))).toHaveLength(80)
    expect(Math.abs(a.length - b.length)).toBeLessThanOrEqual(10)
    const only = (own: readonly string[], other: readonly string[]) =>
      own.filter((key) => !other.includes(key)).map((key) => Number(key.slice(1)) % 40)
    expect(only(a, b).filter((one) => only(b, a).includes(one))).toEqual([])
  })
  test('keeps the conversations about a case together, in another order for each rater', () => {
    const given = assign(RUN, ['A', 'B'], 2, 3)
    const cases = [...given.values()].map((own) => own.map((key) => RUN.find((one) => one.key === key)?.caseId))
    for (const order of cases) expect(order.filter((one, i) => one !== order[i - 1])).toHaveLength(4)
    expect(given.get('A')).not.toEqual(given.get('B'))
  })
})
