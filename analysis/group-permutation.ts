import { requireFinite } from './finite.ts'

/** Different sums that are kept apart, over all group sizes. */
const STATES = 2 ** 22

/**
 * The exact two-sided p of a permutation test of two groups: the share of all ways to choose as many values as `x` has whose
 * sum is at least as far from its mean as that of `x`, equal sums counting. Of ranks it is the Wilcoxon–Mann–Whitney test with
 * ties, of the values themselves Fisher and Pitman's. Null when there are more than 4 million different sums. An empty group
 * or a value that is not finite is a RangeError.
 */
export function groupPermutation(x: readonly number[], y: readonly number[]): number | null {
  requireFinite('groupPermutation', x, 1)
  requireFinite('groupPermutation', y, 1)
  const all = [...x, ...y]
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length
  const centred = all.map((value) => value - mean)
  const scale = centred.reduce((sum, value) => sum + Math.abs(value), 0)
  if (scale === 0) return 1
  const sums = subsetSums(centred, x.length, 1e-10 * scale)
  if (sums === null) return null
  const least = Math.abs(centred.slice(0, x.length).reduce((sum, value) => sum + value, 0)) - 1e-9 * scale
  let [hits, total] = [0, 0]
  for (const { sum, count } of sums) {
    total += count
    if (Math.abs(sum) >= least) hits += count
  }
  return hits / total
}

type Sums = Map<number, { sum: number; count: number }>

/** Every sum of `size` of the values with the number of ways to reach it; sums within about `unit` are one. */
function subsetSums(values: readonly number[], size: number, unit: number): Iterable<{ sum: number; count: number }> | null {
  const bySize: Sums[] = Array.from({ length: size + 1 }, () => new Map())
  bySize[0]?.set(0, { sum: 0, count: 1 })
  for (const value of values) {
    for (let taken = size; taken > 0; taken--) {
      const target = bySize[taken] as Sums
      for (const { sum, count } of (bySize[taken - 1] as Sums).values()) {
        const key = Math.round((sum + value) / unit)
        const known = target.get(key)
        if (known === undefined) target.set(key, { sum: sum + value, count })
        else known.count += count
      }
    }
    if (bySize.reduce((states, sums) => states + sums.size, 0) > STATES) return null
  }
  return (bySize[size] as Sums).values()
}
