import { expect, test } from 'vitest'
import { tQuantile } from '../../analysis/student-t.ts'

test('the 97.5 % point of t agrees with printed and computed tables within 1e-7', () => {
  // scipy.stats.t.ppf(0.975, df)
  const table: [number, number][] = [
    [1, 12.706204736432095],
    [2, 4.302652729911275],
    [17, 2.1098155778331806],
    [18.7176811662058, 2.0951627903679215],
    [120, 1.979930405052777],
    [1000, 1.9623390808264078],
  ]
  for (const [df, wanted] of table) expect(Math.abs(tQuantile(0.975, df) - wanted)).toBeLessThan(1e-7)
})

test('t is symmetric', () => {
  for (const df of [1.5, 4, 40]) expect(tQuantile(0.1, df)).toBeCloseTo(-tQuantile(0.9, df), 7)
})

test('probabilities of 0 and 1 and degrees of freedom of 0 are refused', () => {
  for (const p of [0, 1, Number.NaN]) expect(() => tQuantile(p, 5)).toThrow(RangeError)
  for (const df of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => tQuantile(0.9, df)).toThrow(RangeError)
})
