import { describe, expect, test } from 'vitest'
import { fillUniform } from '../../analysis/xoshiro.ts'

// xoshiro128++ from the state 1, 2, 3, 4, as the authors' C program and the Rust crate rand_xoshiro print it.
const PUBLISHED = [641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420]

function drawn(count: number, size: number, state = Int32Array.of(1, 2, 3, 4)): number[] {
  const target = new Uint32Array(count)
  fillUniform(target, 0, count, 0, size, state)
  return [...target]
}

describe('numbers drawn evenly', () => {
  test('they are the published numbers of xoshiro128++, cut down by multiplication', () => {
    expect(drawn(10, 2 ** 21)).toEqual(PUBLISHED.map((bits) => Math.floor(bits / 2 ** 11)))
    expect(drawn(20, 2 ** 12)).toEqual(PUBLISHED.flatMap((bits) => [bits >>> 20, (bits & 0xffff) >>> 4]))
  })

  test('halves in the incomplete last part of the range are rejected', () => {
    // 2¹⁶ mod 3 = 1: a half h is rejected when 3h mod 2¹⁶ is 0, that is for h = 0. 641 and 1573767 = 24·2¹⁶ + 903 have upper halves 0 and 24.
    expect(drawn(3, 3)).toEqual([Math.floor((641 * 3) / 65536), 0, 0])
    expect(drawn(1, 3)).toEqual([0])
  })

  test('an odd number of draws stops where it should', () => {
    const target = new Uint32Array(9).fill(77)
    fillUniform(target, 2, 7, 100, 10, Int32Array.of(5, 6, 7, 8))
    expect([...target.subarray(0, 2), ...target.subarray(7)]).toEqual([77, 77, 77, 77])
    for (const value of target.subarray(2, 7)) expect(value >= 100 && value < 110).toBe(true)
  })

  test.each([7, 4096, 4097, 100_000])('every number below %d comes up as often as chance allows', (size) => {
    const draws = 20 * size
    const counts = new Uint32Array(size)
    for (const value of drawn(draws, size)) counts[value] = (counts[value] as number) + 1
    // Pearson's statistic has mean size − 1 and variance 2 (size − 1): 5 standard deviations either way.
    const statistic = counts.reduce((sum, count) => sum + (count - 20) ** 2 / 20, 0)
    expect(Math.abs(statistic - (size - 1))).toBeLessThan(5 * Math.sqrt(2 * (size - 1)))
  })

  test('a size out of range and a state of zeros are refused', () => {
    for (const size of [0, 1.5, 2 ** 21 + 1, Number.NaN]) expect(() => drawn(1, size)).toThrow(RangeError)
    expect(() => drawn(1, 5, new Int32Array(4))).toThrow(RangeError)
  })
})
