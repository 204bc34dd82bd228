import { requireFinite } from './finite.ts'
import { midRanks } from './mid-ranks.ts'
import { normalQuantile } from './normal.ts'

/**
 * Pearson’s correlation, or null when one side has no spread. Fewer than two pairs, lists of different lengths or a value
 * that is not finite is a RangeError.
 */
export function pearson(x: readonly number[], y: readonly number[]): number | null {
  requirePairs('pearson', x, y)
  const mx = mean(x)
  const my = mean(y)
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] as number) - mx
    const dy = (y[i] as number) - my
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  const rounding = 1e-24 * x.length
  if (!(xx > rounding * mx * mx && yy > rounding * my * my)) return null
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
}

/** Spearman’s correlation: Pearson’s of the ranks, equal values sharing their mean rank. Bad input as for `pearson`. */
export function spearman(x: readonly number[], y: readonly number[]): number | null {
  requirePairs('spearman', x, y)
  return pearson(midRanks(x), midRanks(y))
}

/**
 * Kendall’s tau-b: concordant less discordant pairs, over the pairs not tied on either side. Null when one side has no
 * spread. Counts distinct pairs of values, so its time grows with their number squared, not with the list’s. Bad input as
 * for `pearson`.
 */
export function kendall(x: readonly number[], y: readonly number[]): number | null {
  requirePairs('kendall', x, y)
  const rankX = midRanks(x)
  const rankY = midRanks(y)
  const cells = [...Map.groupBy(x.keys(), (i) => `${rankX[i]} ${rankY[i]}`).values()].map((members) => {
    const first = members[0] as number
    return { x: rankX[first] as number, y: rankY[first] as number, n: members.length }
  })
  let difference = 0
  let untiedX = 0
  let untiedY = 0
  for (const [i, a] of cells.entries())
    for (const b of cells.slice(0, i)) {
      const pairs = a.n * b.n
      difference += pairs * Math.sign(a.x - b.x) * Math.sign(a.y - b.y)
      if (a.x !== b.x) untiedX += pairs
      if (a.y !== b.y) untiedY += pairs
    }
  return untiedX > 0 && untiedY > 0 ? difference / Math.sqrt(untiedX * untiedY) : null
}

/**
 * Fisher’s interval of a Pearson correlation `r` of `n` independent pairs: tanh(atanh r ± z/√(n − 3)). `r` within ±1, at
 * least 4 pairs and a level in (0, 1), else a RangeError; ±1 gives that point.
 */
export function fisherInterval(r: number, n: number, level: number): { low: number; high: number } {
  if (!(r >= -1 && r <= 1)) throw new RangeError(`fisherInterval requires a correlation from -1 to 1, got ${r}`)
  if (!(n >= 4)) throw new RangeError(`fisherInterval requires at least 4 pairs, got ${n}`)
  const half = normalQuantile((1 + level) / 2) / Math.sqrt(n - 3)
  return { low: Math.tanh(Math.atanh(r) - half), high: Math.tanh(Math.atanh(r) + half) }
}

function requirePairs(name: string, x: readonly number[], y: readonly number[]): void {
  if (x.length !== y.length) throw new RangeError(`${name} requires lists of one length, got ${x.length} and ${y.length}`)
  requireFinite(name, x, 2)
  requireFinite(name, y, 2)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
