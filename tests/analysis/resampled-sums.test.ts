import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawClusters, type Resamples, resampleChunks } from '../../analysis/resample.ts'
import { resampledSums } from '../../analysis/resampled-sums.ts'

/** The sums by their definition, one resample and column at a time. */
function plainSums(columns: readonly Float64Array[], { indices, width, count }: Resamples, from: number): number[][] {
  return columns.map((column) =>
    Array.from({ length: count }, (_, row) => {
      let sum = 0
      for (let i = 0; i < column.length; i++) sum += column[(indices[row * width + from + i] as number) - from] as number
      return sum
    }),
  )
}

const wholeColumns = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc.array(fc.array(fc.integer({ min: -40, max: 1e9 }), { minLength: size, maxLength: size }), { minLength: 1, maxLength: 20 }),
  )
  .map((columns) => columns.map((column) => Float64Array.from(column)))

describe('sums over drawn clusters', () => {
  test('whole numbers of any size, packed or not, sum exactly', () => {
    fc.assert(
      fc.property(wholeColumns, fc.nat(1000), (columns, seed) => {
        const drawn = drawClusters([columns[0]?.length ?? 0], 40, seed)
        const [sums] = resampledSums([columns], [drawn], 40)
        expect(sums?.map((one) => [...one])).toEqual(plainSums(columns, drawn, 0))
      }),
    )
  })

  test('small whole numbers, numbers with fractions, constants and copies stand side by side', () => {
    const columns = [
      Float64Array.of(1, 5, 3, 3),
      Float64Array.of(0.1, 0.7, 1 / 3, 2),
      Float64Array.of(2, 2, 2, 2),
      Float64Array.of(1, 5, 3, 3),
      Float64Array.of(2 ** 52, 0, 1, 5),
    ]
    const drawn = drawClusters([4], 300, 2)
    expect(resampledSums([columns], [drawn], 300)[0]?.map((one) => [...one])).toEqual(plainSums(columns, drawn, 0))
  })

  test('each stratum sums its own clusters', () => {
    const [first, second] = [[Float64Array.of(1, 2)], [Float64Array.of(10, 20, 40), Float64Array.of(0.5, 0.25, 8)]]
    const drawn = drawClusters([2, 3], 100, 9)
    const [sums1, sums2] = resampledSums([first, second], [drawn], 100)
    expect(sums1?.map((one) => [...one])).toEqual(plainSums(first, drawn, 0))
    expect(sums2?.map((one) => [...one])).toEqual(plainSums(second, drawn, 2))
  })

  test('the bits do not depend on how the resamples are cut into chunks', () => {
    const columns = Array.from({ length: 15 }, (_, c) => Float64Array.from({ length: 30 }, (_, i) => Math.sin(c + i * 7)))
    const whole = resampledSums([columns], [drawClusters([30], 700, 4)], 700)
    expect(resampledSums([columns], resampleChunks([30], 700, 4), 700)).toEqual(whole)
    const { indices } = drawClusters([30], 700, 4)
    const odd = [0, 1, 100, 357].map((from, k, all) => {
      const to = all[k + 1] ?? 700
      return { indices: indices.slice(from * 30, to * 30), width: 30, count: to - from }
    })
    expect(resampledSums([columns], odd, 700)).toEqual(whole)
  })

  test('columns of other lengths, numbers that are not finite and a wrong count are refused', () => {
    const drawn = drawClusters([2], 10, 1)
    const one = Float64Array.of(1, 2)
    expect(() => resampledSums([[one, Float64Array.of(1)]], [drawn], 10)).toThrow(RangeError)
    expect(() => resampledSums([[]], [drawn], 10)).toThrow(RangeError)
    expect(() => resampledSums([[Float64Array.of(1, Number.NaN)]], [drawn], 10)).toThrow('finite')
    for (const count of [9, 11]) expect(() => resampledSums([[one]], [drawn], count)).toThrow(`${count} resamples`)
  })
})
