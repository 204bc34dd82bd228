import { bcaOf } from './cluster-bootstrap.ts'
import type { Quantity } from './estimate-quantity.ts'
import type { IntervalRule } from './inference.ts'
import { compareText } from './order.ts'
import { bareQuantity, noQuantity, refusalOf } from './quantity.ts'
import { resampledSums } from './resampled-sums.ts'

/** What one conversation adds to the sums of its image. */
export type Addend = { image: string; sums: readonly number[] }

/** A number made from sums over images, null where the sums allow none; `reason` says why then. */
export type SumStatistic = { of: (sums: Float64Array) => number | null; reason: string }

/**
 * Quantities that are functions of sums over conversations, each with a BCa interval that resamples images; they share the
 * resamples and the sums. No addend gives quantities without value.
 */
export function sumQuantities(addends: readonly Addend[], statistics: readonly SumStatistic[], rule: IntervalRule): Quantity[] {
  const [first] = addends
  if (first === undefined) return statistics.map(() => noQuantity('no conversation has what this number needs'))
  const columns = columnsOf(addends, first.sums.length)
  const totals = Float64Array.from(columns, (column) => column.reduce((sum, value) => sum + value, 0))
  const values = statistics.map(({ of }) => of(totals))
  const refusal = refusalOf([...Map.groupBy(addends, ({ image }) => image).values()])
  if (refusal !== null) return values.map((value, s) => bareQuantity(value, value === null ? reasonOf(statistics, s) : refusal))
  const replicates = replicatesOf(columns, statistics, rule)
  const leftOut = leftOutOf(columns, totals, statistics)
  return values.map((value, s) => {
    if (value === null) return noQuantity(reasonOf(statistics, s))
    const interval = bcaOf(value, replicates[s] as Float64Array, leftOut[s] as Float64Array, rule.level)
    if (interval.kind === 'none') return bareQuantity(value, interval.reason)
    const reason = interval.point ? 'no spread between images: the interval is only a point' : null
    return { value, low: interval.low, high: interval.high, method: 'cluster-bca', reason }
  })
}

/** One column for each sum, one place for each image in the order of names. */
function columnsOf(addends: readonly Addend[], width: number): Float64Array[] {
  const images = [...new Set(addends.map(({ image }) => image))].sort(compareText)
  const place = new Map(images.map((image, index) => [image, index]))
  const columns = Array.from({ length: width }, () => new Float64Array(images.length))
  for (const { image, sums } of addends) {
    const at = place.get(image) as number
    for (const [k, column] of columns.entries()) column[at] = (column[at] as number) + (sums[k] as number)
  }
  return columns
}

function replicatesOf(columns: Float64Array[], statistics: readonly SumStatistic[], rule: IntervalRule): Float64Array[] {
  const drawn = rule.draw([columns[0]?.length ?? 0])
  const [sums = []] = resampledSums([columns], [drawn], drawn.count)
  return valuesOf(statistics, columns.length, drawn.count, (k, row) => sums[k]?.[row] as number)
}

function leftOutOf(columns: Float64Array[], totals: Float64Array, statistics: readonly SumStatistic[]): Float64Array[] {
  const images = columns[0]?.length ?? 0
  return valuesOf(statistics, columns.length, images, (k, image) => (totals[k] as number) - (columns[k]?.[image] as number))
}

/** Every statistic in every row, NaN where it has none: the bootstrap then refuses the interval. */
function valuesOf(
  statistics: readonly SumStatistic[],
  width: number,
  rows: number,
  at: (k: number, row: number) => number,
): Float64Array[] {
  const values = statistics.map(() => new Float64Array(rows))
  const sums = new Float64Array(width)
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) sums[k] = at(k, row)
    for (const [s, { of }] of statistics.entries()) (values[s] as Float64Array)[row] = of(sums) ?? Number.NaN
  }
  return values
}

function reasonOf(statistics: readonly SumStatistic[], s: number): string {
  return (statistics[s] as SumStatistic).reason
}
