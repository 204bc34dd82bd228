import { requireFinite } from './finite.ts'

/** The median of all means of two values, each with itself too (Hodges and Lehmann 1963). No value or one not finite: RangeError. */
export function hodgesLehmann(values: readonly number[]): number {
  requireFinite('hodgesLehmann', values, 1)
  const means = values.flatMap((a, i) => values.slice(i).map((b) => (a + b) / 2))
  return median(means)
}

/** The middle value, or the mean of the two middle ones. No value or one not finite: RangeError. */
export function median(values: readonly number[]): number {
  requireFinite('median', values, 1)
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] as number
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] as number
  return (lower + upper) / 2
}
