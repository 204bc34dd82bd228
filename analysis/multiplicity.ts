/** A correction of p values for being many: Holm, Hochberg and Bonferroni for any error, BH and BY for the false discovery rate. */
export type Correction = 'holm' | 'hochberg' | 'bonferroni' | 'bh' | 'by'

/**
 * P values corrected for their number, each in its own place, at most 1.
 *
 * With the m p values sorted upwards, Holm (1979) takes max over j ≤ i of (m − j + 1)·p_j, Hochberg (1988) min over j ≥ i of
 * the same, Benjamini and Hochberg (1995) min over j ≥ i of m·p_j / j, Benjamini and Yekutieli (2001) that times Σ 1/j.
 * A null (missing) stays null and does not count in m. An empty list gives []; a p outside 0–1 is a RangeError.
 */
export function adjustP(values: readonly (number | null)[], correction: Correction): (number | null)[] {
  const sorted = values.flatMap((p, place) => (p === null ? [] : [{ p, place }])).sort((a, b) => a.p - b.p || a.place - b.place)
  for (const { p } of sorted) if (!(p >= 0 && p <= 1)) throw new RangeError(`adjustP requires p values from 0 to 1, got ${p}`)
  const scaled = sorted.map(({ p }, i) => p * factor(correction, i + 1, sorted.length))
  const monotone = correction === 'holm' ? runningMax(scaled) : correction === 'bonferroni' ? scaled : runningMinFromEnd(scaled)
  const adjusted: (number | null)[] = values.map(() => null)
  for (const [i, { place }] of sorted.entries()) adjusted[place] = Math.min(1, monotone[i] as number)
  return adjusted
}

function factor(correction: Correction, rank: number, m: number): number {
  if (correction === 'bonferroni') return m
  if (correction === 'holm' || correction === 'hochberg') return m - rank + 1
  if (correction === 'bh') return m / rank
  let harmonic = 0
  for (let j = 1; j <= m; j++) harmonic += 1 / j
  return (m * harmonic) / rank
}

function runningMax(values: readonly number[]): number[] {
  let largest = 0
  return values.map((value) => {
    largest = Math.max(largest, value)
    return largest
  })
}

function runningMinFromEnd(values: readonly number[]): number[] {
  let smallest = Number.POSITIVE_INFINITY
  return values
    .toReversed()
    .map((value) => {
      smallest = Math.min(smallest, value)
      return smallest
    })
    .reverse()
}
