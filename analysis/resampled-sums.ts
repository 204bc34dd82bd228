import { type Packing, packColumns, unpackSums, type Word } from './packed-columns.ts'
import { CHUNK, type Resamples } from './resample.ts'

/** Doubles that one pass over the drawn indices sums up: more would not stay in registers. */
const WIDE = 6
/** Indices that stay in the second-level cache while every block goes through them, beside the block's table. */
const CACHED = 2 ** 16

type Block = { words: readonly Word[]; table: Float64Array; sums: Float64Array }
type Stratum = { size: number; offset: number; packing: Packing; blocks: readonly Block[]; results: Float64Array[] }

/**
 * The sum of every column over the drawn clusters, for every resample: `result[stratum][column][resample]`.
 *
 * `strata` hold columns: numbers of the stratum's clusters, one column a quantity. All columns share the indices of `chunks`,
 * whose rows number the clusters through the strata, as `resampleChunks` draws them. Columns of small whole numbers are
 * packed several to a double, equal columns are summed once (their results are one array) and constant ones not at all. Sums
 * run in the order drawn and within one resample only, so the bits do not depend on the chunks; those of whole numbers are
 * exact. `count` is the number of rows of all chunks together, and all columns of a stratum are equally long and finite;
 * else a RangeError.
 */
export function resampledSums(
  strata: readonly (readonly Float64Array[])[],
  chunks: Iterable<Resamples>,
  count: number,
): Float64Array[][] {
  const prepared = prepare(strata, count)
  let row = 0
  for (const chunk of chunks) {
    if (row + chunk.count > count)
      throw new RangeError(`resampledSums requires chunks of ${count} resamples, got at least ${row + chunk.count}`)
    const step = Math.min(CHUNK, Math.ceil(CACHED / chunk.width))
    for (let done = 0; done < chunk.count; done += step) {
      const rows = Math.min(step, chunk.count - done)
      for (const stratum of prepared) sumChunk(stratum, chunk, done, rows, row + done)
    }
    row += chunk.count
  }
  if (row !== count) throw new RangeError(`resampledSums requires chunks of ${count} resamples, got ${row}`)
  for (const { packing, results } of prepared)
    for (const [column, earlier] of packing.copies) results[column] = results[earlier] as Float64Array
  return prepared.map(({ results }) => results)
}

function prepare(strata: readonly (readonly Float64Array[])[], count: number): Stratum[] {
  let offset = 0
  return strata.map((columns) => {
    const size = columns[0]?.length ?? 0
    if (size === 0 || columns.some((column) => column.length !== size))
      throw new RangeError(
        `resampledSums requires columns of one length above 0, got [${columns.map((c) => c.length).join(', ')}]`,
      )
    if (columns.some((column) => !column.every(Number.isFinite)))
      throw new RangeError('resampledSums requires columns of finite numbers, got one that is not')
    const packing = packColumns(columns, size)
    const copied = new Set(packing.copies.map(([column]) => column))
    const results = columns.map((_, column) => new Float64Array(copied.has(column) ? 0 : count))
    for (const [column, value] of packing.constants) results[column]?.fill(value * size)
    offset += size
    return { size, offset: offset - size, packing, blocks: blocksOf(packing.words, size), results }
  })
}

function blocksOf(words: readonly Word[], size: number): Block[] {
  return Array.from({ length: Math.ceil(words.length / WIDE) }, (_, b) => {
    const own = words.slice(b * WIDE, (b + 1) * WIDE)
    const table = new Float64Array(size * WIDE)
    own.forEach(({ values }, w) => {
      for (let i = 0; i < size; i++) table[i * WIDE + w] = values[i] as number
    })
    return { words: own, table, sums: new Float64Array(CHUNK * WIDE) }
  })
}

function sumChunk({ size, offset, blocks, results }: Stratum, chunk: Resamples, first: number, count: number, row: number): void {
  for (const { words, table, sums } of blocks) {
    for (let r = 0; r < count; r++) {
      const from = (first + r) * chunk.width + offset
      sumRow(table, chunk.indices, from, from + size, offset, sums, r * WIDE)
    }
    words.forEach((word, w) => {
      unpackSums(word, size, sums, { from: w, step: WIDE, count }, results, row)
    })
  }
}

function sumRow(
  table: Float64Array,
  indices: Uint32Array,
  from: number,
  to: number,
  offset: number,
  sums: Float64Array,
  place: number,
): void {
  let [s0, s1, s2, s3, s4, s5] = [0, 0, 0, 0, 0, 0]
  // Whole-number arithmetic of 32 bits (`| 0`, imul) spares the engine checks that cost a tenth of this loop.
  for (let i = from | 0; i < to; i = (i + 1) | 0) {
    const at = Math.imul(((indices[i] as number) | 0) - offset, WIDE)
    s0 += table[at] as number
    s1 += table[(at + 1) | 0] as number
    s2 += table[(at + 2) | 0] as number
    s3 += table[(at + 3) | 0] as number
    s4 += table[(at + 4) | 0] as number
    s5 += table[(at + 5) | 0] as number
  }
  sums[place] = s0
  sums[place + 1] = s1
  sums[place + 2] = s2
  sums[place + 3] = s3
  sums[place + 4] = s4
  sums[place + 5] = s5
}
