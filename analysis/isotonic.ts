import type { Isotonic } from '../cases/calibration.ts'

/**
 * Least-squares isotonic regression of y on x by pooling adjacent violators (Barlow and others 1972). Points of equal x are
 * averaged first. Without `weights` every point weighs 1; else weights are above 0. The weighted mean of y is kept. No
 * point, lists of different length or a value that is not finite is a RangeError.
 */
export function fitIsotonic(x: readonly number[], y: readonly number[], weights: readonly number[] = x.map(() => 1)): Isotonic {
  if (x.length === 0 || y.length !== x.length || weights.length !== x.length)
    throw new RangeError(`fitIsotonic requires lists of one length above 0, got ${x.length}, ${y.length} and ${weights.length}`)
  if (![...x, ...y].every(Number.isFinite) || !weights.every((w) => w > 0 && Number.isFinite(w)))
    throw new RangeError('fitIsotonic requires finite values and finite weights above 0')
  const byX = Map.groupBy(x.keys(), (i) => x[i] as number)
  const points = [...byX].sort(([a], [b]) => a - b)
  const blocks: { sum: number; weight: number; points: number }[] = []
  for (const [, members] of points) {
    const weight = members.reduce((sum, i) => sum + (weights[i] as number), 0)
    let block = { sum: members.reduce((sum, i) => sum + (weights[i] as number) * (y[i] as number), 0), weight, points: 1 }
    for (
      let last = blocks.at(-1);
      last !== undefined && last.sum * block.weight >= block.sum * last.weight;
      last = blocks.at(-1)
    ) {
      blocks.pop()
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, points: last.points + block.points }
    }
    blocks.push(block)
  }
  const fitted = blocks.flatMap((block) => new Array<number>(block.points).fill(block.sum / block.weight))
  return { knots: points.map(([at]) => at), fitted }
}
