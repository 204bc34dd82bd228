import { midRanks } from './mid-ranks.ts'

/**
 * Kendall’s coefficient of concordance W of a complete table (rows: subjects, columns: raters), corrected for ties: 1 when
 * all raters rank the subjects alike, 0 when there is no common order. Null when no rater tells any subjects apart. Under two
 * rows or columns, or rows of different length, is a RangeError.
 */
export function kendallW(ratings: readonly (readonly number[])[]): number | null {
  const n = ratings.length
  const k = ratings[0]?.length ?? 0
  if (n < 2 || k < 2 || ratings.some((row) => row.length !== k))
    throw new RangeError(`kendallW requires at least 2 subjects and 2 raters without gaps, got ${n} and ${k}`)
  const columns = Array.from({ length: k }, (_, j) => ratings.map((row) => row[j] as number))
  const ranks = columns.map(midRanks)
  const sums = ratings.map((_, i) => ranks.reduce((sum, column) => sum + (column[i] as number), 0))
  const spread = sums.reduce((sum, rankSum) => sum + (rankSum - (k * (n + 1)) / 2) ** 2, 0)
  const largest = k * k * (n ** 3 - n) - k * columns.reduce((sum, column) => sum + tiesOf(column), 0)
  return largest > 0 ? (12 * spread) / largest : null
}

/**
 * Friedman’s chi-square of the same kind of table, which asks whether raters (columns) differ when each subject (row) is a
 * block: corrected for ties, with columns − 1 degrees of freedom. Null when each row holds equal values.
 */
export function friedman(ratings: readonly (readonly number[])[]): number | null {
  const columns = Array.from({ length: ratings[0]?.length ?? 0 }, (_, j) => ratings.map((row) => row[j] as number))
  const w = kendallW(columns)
  return w === null ? null : w * ratings.length * (columns.length - 1)
}

function tiesOf(values: readonly number[]): number {
  const sizes = [...Map.groupBy(values, (value) => value).values()].map((group) => group.length)
  return sizes.reduce((sum, size) => sum + (size ** 3 - size), 0)
}
