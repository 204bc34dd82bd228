import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { fillUniform } from './xoshiro.ts'

/** Resamples drawn from one stream; the next 256 come from another. */
export const CHUNK = 256

/** The clusters drawn for every resample: `count` rows of `width` indices, one after the other. */
export type Resamples = { indices: Uint32Array; width: number; count: number }

/**
 * Draws clusters with replacement, stratum by stratum, so that every resample keeps the size of each stratum.
 *
 * `strata` are cluster counts, such as [12] or [5, 7]. Clusters are numbered through the strata: with [5, 7] the first
 * five places of a row hold 0–4 and the other seven hold 5–11. The rows are those of `resampleChunks`. An empty stratum or
 * fewer than one resample is a RangeError.
 */
export function drawClusters(strata: readonly number[], count: number, seed: number): Resamples {
  const width = strata.reduce((sum, size) => sum + size, 0)
  requireStrata(strata)
  requireCount(count)
  const indices = new Uint32Array(width * count)
  let row = 0
  for (const chunk of resampleChunks(strata, count, seed)) {
    indices.set(chunk.indices.subarray(0, chunk.count * width), row * width)
    row += chunk.count
  }
  return { indices, width, count }
}

/**
 * The same resamples in chunks of up to 256 rows, so that many rows need little memory. The buffer of indices is reused:
 * a chunk must be used up before the next is asked for.
 *
 * Chunk c uses its own stream of xoshiro128++, whose four words are the first numbers of xoroshiro128+ seeded with `seed`
 * after c + 1 jumps of 2⁶⁴ steps. So the first resamples stay the same when more are asked for, and any division of the
 * chunks among workers gives the same bits.
 */
export function* resampleChunks(strata: readonly number[], count: number, seed: number): Generator<Resamples> {
  requireStrata(strata)
  requireCount(count)
  const width = strata.reduce((sum, size) => sum + size, 0)
  const indices = new Uint32Array(width * Math.min(CHUNK, count))
  const jumping = xoroshiro128plus(seed)
  for (let first = 0; first < count; first += CHUNK) {
    jumping.jump()
    const stream = jumping.clone()
    const state = Int32Array.from({ length: 4 }, () => stream.next())
    const rows = Math.min(CHUNK, count - first)
    for (let row = 0; row < rows; row++) {
      let offset = 0
      for (const size of strata) {
        const from = row * width + offset
        fillUniform(indices, from, from + size, offset, size, state)
        offset += size
      }
    }
    yield { indices, width, count: rows }
  }
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

function requireStrata(strata: readonly number[]): void {
  if (strata.length === 0 || strata.some((size) => !(Number.isInteger(size) && size > 0)))
    throw new RangeError(`resampleChunks requires strata with at least one cluster each, got [${strata.join(', ')}]`)
}

function requireCount(count: number): void {
  if (!(Number.isInteger(count) && count > 0)) throw new RangeError(`resampleChunks requires at least 1 resample, got ${count}`)
}
