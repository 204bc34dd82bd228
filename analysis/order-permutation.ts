import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { midRanks } from './mid-ranks.ts'
import type { Permutation } from './sign-flip.ts'

/** Up to this many items every order is counted: 9! is 362,880. */
const ALL_ORDERS = 9

/**
 * The two-sided permutation test of Spearman's correlation: the share of all orders of y whose correlation with x is at least as
 * far from 0 as the one seen, equal ones counting (Hotelling and Pabst 1936).
 *
 * Exact up to 9 pairs; else `draws` orders of the stream of `seed`, p = (1 + hits) / (1 + draws). Fewer than 2 pairs, unequal
 * lengths or a value that is not finite is a RangeError.
 */
export function orderPermutation(
  x: readonly number[],
  y: readonly number[],
  { draws, seed }: { draws: number; seed: number },
): Permutation {
  if (x.length < 2 || x.length !== y.length)
    throw new RangeError(`orderPermutation requires as many y as x, at least 2, got ${x.length} and ${y.length}`)
  // Ranks around their mean: halves, whose products are exact, so that equal correlations are equal numbers.
  const middle = (x.length + 1) / 2
  const a = midRanks(x).map((rank) => rank - middle)
  const b = midRanks(y).map((rank) => rank - middle)
  const product = (order: readonly number[]) => Math.abs(a.reduce((sum, rank, i) => sum + rank * (order[i] as number), 0))
  const observed = product(b)
  if (x.length <= ALL_ORDERS) {
    let [hits, total] = [0, 0]
    for (const order of orders(b)) {
      total++
      if (product(order) >= observed) hits++
    }
    return { p: hits / total, kind: 'exact', draws: null }
  }
  if (!(Number.isInteger(draws) && draws > 0)) throw new RangeError(`orderPermutation requires at least 1 draw, got ${draws}`)
  const stream = xoroshiro128plus(seed)
  let hits = 0
  for (let draw = 0; draw < draws; draw++) {
    for (let i = b.length - 1; i > 0; i--) swap(b, i, uniformInt(stream, 0, i))
    if (product(b) >= observed) hits++
  }
  return { p: (1 + hits) / (1 + draws), kind: 'monte-carlo', draws }
}

/** Every order of the values, one array that changes in place (Heap 1963). */
function* orders(values: readonly number[]): Generator<readonly number[]> {
  const order = [...values]
  const turns = order.map(() => 0)
  yield order
  for (let i = 1; i < order.length; ) {
    const turn = turns[i] as number
    if (turn < i) {
      swap(order, i % 2 === 0 ? 0 : turn, i)
      yield order
      turns[i] = turn + 1
      i = 1
    } else {
      turns[i] = 0
      i++
    }
  }
}

function swap(values: number[], i: number, j: number): void {
  const kept = values[i] as number
  values[i] = values[j] as number
  values[j] = kept
}
