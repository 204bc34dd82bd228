/** A column inside a word: its whole numbers less their minimum, in steps of the fields before it. */
type Field = { column: number; base: number; minimum: number }

/** One double a cluster that carries several columns, the first field in the lowest bits. */
export type Word = { values: Float64Array; fields: readonly Field[] }

/** Columns ready to be summed: the words, and columns that need no sum of their own. */
export type Packing = {
  words: readonly Word[]
  /** Columns equal to an earlier one, as [column, the earlier one]. */
  copies: readonly (readonly [number, number])[]
  /** Columns of one value throughout, as [column, value]. */
  constants: readonly (readonly [number, number])[]
}

const EXACT_BITS = 53

/**
 * Packs columns of one stratum of `size` clusters into as few doubles as hold every possible sum of `size` drawn clusters.
 *
 * A column of whole numbers from a to b needs the bits of (b − a) × size; doubles carry 53 exactly. Other columns, such as
 * those of calibrated scores, get a word of their own. Any column may be unpacked exactly as if it had been summed alone.
 */
export function packColumns(columns: readonly Float64Array[], size: number): Packing {
  const copies: [number, number][] = []
  const constants: [number, number][] = []
  const raw: Word[] = []
  const whole: (Field & { bits: number })[] = []
  const seen = new Map<number, number[]>()
  for (const [column, values] of columns.entries()) {
    const { sum, minimum, maximum, integer } = summaryOf(values)
    const earlier = seen.get(sum)?.find((one) => same(columns[one] as Float64Array, values))
    if (earlier === undefined) seen.set(sum, [...(seen.get(sum) ?? []), column])
    const bits = integer ? Math.ceil(Math.log2((maximum - minimum) * size + 1)) : Number.POSITIVE_INFINITY
    if (earlier !== undefined) copies.push([column, earlier])
    else if (minimum === maximum) constants.push([column, minimum])
    else if (bits > EXACT_BITS) raw.push({ values, fields: [{ column, base: 1, minimum: 0 }] })
    else whole.push({ column, base: 2 ** bits, minimum, bits })
  }
  return { words: [...wordsOf(whole, columns), ...raw], copies, constants }
}

/**
 * Splits the sums of one word over `size` drawn clusters into its columns: `sums[from]`, `sums[from + step]` … stand for
 * `count` resamples and land in `results[column][row]` onwards. The sums are used up.
 */
export function unpackSums(
  { fields }: Word,
  size: number,
  sums: Float64Array,
  { from, step, count }: { from: number; step: number; count: number },
  results: readonly Float64Array[],
  row: number,
): void {
  fields.forEach(({ column, base, minimum }, f) => {
    const result = results[column] as Float64Array
    const least = minimum * size
    const last = f === fields.length - 1
    const inverse = 1 / base
    for (let r = 0, place = from; r < count; r++, place += step) {
      const sum = sums[place] as number
      if (last) result[row + r] = sum + least
      else {
        // A power of two: the quotient and the rest are exact.
        const higher = Math.floor(sum * inverse)
        result[row + r] = sum - higher * base + least
        sums[place] = higher
      }
    }
  })
}

function wordsOf(whole: readonly (Field & { bits: number })[], columns: readonly Float64Array[]): Word[] {
  const groups: { bits: number; fields: (Field & { bits: number })[] }[] = []
  for (const field of whole.toSorted((a, b) => b.bits - a.bits || a.column - b.column)) {
    const group = groups.find(({ bits }) => bits + field.bits <= EXACT_BITS)
    if (group === undefined) groups.push({ bits: field.bits, fields: [field] })
    else {
      group.bits += field.bits
      group.fields.push(field)
    }
  }
  return groups.map(({ fields }) => {
    const values = new Float64Array(columns[0]?.length ?? 0)
    let place = 1
    for (const { column, base, minimum } of fields) {
      const column0 = columns[column] as Float64Array
      for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + ((column0[i] as number) - minimum) * place
      place *= base
    }
    return { values, fields }
  })
}

function summaryOf(values: Float64Array): { sum: number; minimum: number; maximum: number; integer: boolean } {
  let sum = 0
  let minimum = Number.POSITIVE_INFINITY
  let maximum = Number.NEGATIVE_INFINITY
  let integer = true
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    sum += value
    if (value < minimum) minimum = value
    if (value > maximum) maximum = value
    if (integer && !Number.isInteger(value)) integer = false
  }
  return { sum, minimum, maximum, integer }
}

function same(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
