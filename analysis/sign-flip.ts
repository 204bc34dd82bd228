import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { requireFinite } from './finite.ts'

/** The result of a permutation test: `exact` counts every arrangement, `monte-carlo` draws some, one being added to both counts. */
export type Permutation = { p: number; kind: 'exact'; draws: null } | { p: number; kind: 'monte-carlo'; draws: number }

/** How a sign-flip test draws when it cannot be exact, and how many different sums it keeps apart to be exact (65,536). */
export type FlipRule = { draws: number; seed: number; states?: number }

/**
 * The two-sided sign-flip test that values are symmetric around 0: the share of the 2ⁿ sign patterns whose sum is at least as
 * far from 0 as the one seen, equal sums counting (Fisher 1935). For clusters, the values are the clusters' sums.
 *
 * Exact when there are at most `states` different sums, hence by default always up to 16 values; else `draws` patterns of the
 * stream of `seed`, p = (1 + hits) / (1 + draws). No value, or one that is not finite, is a RangeError.
 */
export function signFlip(values: readonly number[], { draws, seed, states = 2 ** 16 }: FlipRule): Permutation {
  requireFinite('signFlip', values, 1)
  const scale = values.reduce((sum, value) => sum + Math.abs(value), 0)
  if (scale === 0) return { p: 1, kind: 'exact', draws: null }
  const observed = Math.abs(values.reduce((sum, value) => sum + value, 0))
  const least = observed - 1e-9 * scale
  const sums = sumsOf(values, 1e-10 * scale, states)
  if (sums === null) return drawn(values, least, draws, seed)
  let p = 0
  for (let i = 0; i < sums.count; i++) if (Math.abs(sums.sums[i] as number) >= least) p += sums.shares[i] as number
  return { p: Math.min(1, p), kind: 'exact', draws: null }
}

type Sums = { sums: Float64Array; shares: Float64Array; count: number }

/** Every sum of ±values, upwards, with its share; sums within `unit` are one. Null when there are more than `most`. */
function sumsOf(values: readonly number[], unit: number, most: number): Sums | null {
  let known: Sums = { sums: Float64Array.of(0), shares: Float64Array.of(1), count: 1 }
  for (const value of values) {
    known = flipped(known, Math.abs(value), unit)
    if (known.count > most) return null
  }
  return known
}

/** The sums moved down and up by `by`: two rising lists, merged. */
function flipped({ sums, shares, count }: Sums, by: number, unit: number): Sums {
  const next = { sums: new Float64Array(2 * count), shares: new Float64Array(2 * count), count: 0 }
  let [down, up] = [0, 0]
  while (down < count || up < count) {
    const lower = down < count ? (sums[down] as number) - by : Number.POSITIVE_INFINITY
    const upper = up < count ? (sums[up] as number) + by : Number.POSITIVE_INFINITY
    const share = (shares[lower <= upper ? down++ : up++] as number) / 2
    const sum = Math.min(lower, upper)
    if (next.count > 0 && sum - (next.sums[next.count - 1] as number) <= unit) {
      next.shares[next.count - 1] = (next.shares[next.count - 1] as number) + share
    } else {
      next.sums[next.count] = sum
      next.shares[next.count++] = share
    }
  }
  return next
}

function drawn(values: readonly number[], least: number, draws: number, seed: number): Permutation {
  if (!(Number.isInteger(draws) && draws > 0)) throw new RangeError(`signFlip requires at least 1 draw, got ${draws}`)
  const stream = xoroshiro128plus(seed)
  let hits = 0
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0
    for (const value of values) sum += uniformInt(stream, 0, 1) === 0 ? value : -value
    if (Math.abs(sum) >= least) hits++
  }
  return { p: (1 + hits) / (1 + draws), kind: 'monte-carlo', draws }
}
