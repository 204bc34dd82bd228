import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Resamples drawn from one stream; the next 256 come from the stream one jump further on. */
export const CHUNK = 256

/** The clusters drawn for every resample: `count` rows of `width` indices, one after the other. */
export type Resamples = { indices: Uint32Array; width: number; count: number }

/**
 * Draws clusters with replacement, stratum by stratum, so that every resample keeps the size of each stratum.
 *
 * `strata` are cluster counts, such as [12] or [5, 7]. Clusters are numbered through the strata: with [5, 7] the first
 * five places of a row hold 0–4 and the other seven hold 5–11. Chunk c of 256 resamples uses the stream of `seed` after
 * c + 1 jumps of xoroshiro128+ (2⁶⁴ steps each), so the first resamples stay the same when more are asked for, and a
 * chunk can be drawn alone. An empty stratum or fewer than one resample is a RangeError.
 */
export function drawClusters(strata: readonly number[], count: number, seed: number): Resamples {
  if (strata.length === 0 || strata.some((size) => !(Number.isInteger(size) && size > 0)))
    throw new RangeError(`drawClusters requires strata with at least one cluster each, got [${strata.join(', ')}]`)
  if (!(Number.isInteger(count) && count > 0)) throw new RangeError(`drawClusters requires at least 1 resample, got ${count}`)
  const width = strata.reduce((sum, size) => sum + size, 0)
  const indices = new Uint32Array(width * count)
  const jumping = xoroshiro128plus(seed)
  let place = 0
  for (let chunk = 0; chunk * CHUNK < count; chunk++) {
    jumping.jump()
    const stream = jumping.clone()
    const rows = Math.min(CHUNK, count - chunk * CHUNK)
    for (let row = 0; row < rows; row++) {
      let offset = 0
      for (const size of strata) {
        for (let drawn = 0; drawn < size; drawn++) indices[place++] = offset + uniformInt(stream, 0, size - 1)
        offset += size
      }
    }
  }
  return { indices, width, count }
}

/**
 * A source of resamples that draws each combination of strata once and hands it to every estimate that shares it.
 * Estimates on the same clusters thus rest on the same resamples, and the same seed gives the same bits.
 */
export function resampler(count: number, seed: number): (strata: readonly number[]) => Resamples {
  const drawn = new Map<string, Resamples>()
  return (strata) => {
    const key = strata.join(',')
    const known = drawn.get(key) ?? drawClusters(strata, count, seed)
    drawn.set(key, known)
    return known
  }
}
