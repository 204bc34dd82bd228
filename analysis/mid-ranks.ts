import { requireFinite } from './finite.ts'

/** How near two scores lie that count as equal: means of whole votes carry rounding of about 1e-16. */
export const TIE = 1e-9

/** The rank of every value in its place, 1 for the smallest; values within 1e-9 share the mean of their ranks. Not finite: RangeError. */
export function midRanks(values: readonly number[]): number[] {
  requireFinite('midRanks', values, 0)
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number))
  const ranks = new Array<number>(values.length)
  for (let start = 0; start < order.length; ) {
    const least = values[order[start] as number] as number
    let end = start + 1
    while (end < order.length && (values[order[end] as number] as number) - least <= TIE) end++
    for (let i = start; i < end; i++) ranks[order[i] as number] = (start + 1 + end) / 2
    start = end
  }
  return ranks
}
