const BINS = 1024

/**
 * The type 7 sample quantiles of values in any order; each `p` from 0 to 1. No value, or one that is NaN, is a RangeError.
 *
 * Only the values near a wanted rank are sorted: all are counted into 1024 equal bins between the smallest and the largest,
 * and the bins that hold the rank and the next are put in order. A few quantiles of 10,000 replicates thus cost a tenth of
 * sorting them. Infinite values are sorted in full.
 */
export function quantilesOf(values: ArrayLike<number>, ps: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError('quantilesOf requires at least one value, got none')
  const wrong = ps.find((p) => !(p >= 0 && p <= 1))
  if (wrong !== undefined) throw new RangeError(`quantilesOf requires p from 0 to 1, got ${wrong}`)
  const all = values instanceof Float64Array ? values : Float64Array.from(values)
  const { minimum, maximum } = range(all)
  if (Number.isNaN(minimum)) throw new RangeError('quantilesOf requires numbers, got NaN')
  if (minimum === maximum) return ps.map(() => minimum)
  const valueAt = Number.isFinite(maximum - minimum) ? binned(all, minimum, maximum) : sorted(all)
  return ps.map((p) => {
    const place = (values.length - 1) * p
    const rank = Math.floor(place)
    const at = valueAt(rank)
    return place === rank ? at : at + (place - rank) * (valueAt(rank + 1) - at)
  })
}

/** NaN in both where a value is NaN. */
function range(values: Float64Array): { minimum: number; maximum: number } {
  let minimum = values[0] as number
  let maximum = minimum
  for (const value of values) {
    minimum = Math.min(minimum, value)
    maximum = Math.max(maximum, value)
  }
  return { minimum, maximum }
}

/** The value of any rank, from 0, by bins. A bin is sorted when first asked for. */
function binned(values: Float64Array, minimum: number, maximum: number): (rank: number) => number {
  const scale = (BINS - 1) / (maximum - minimum)
  const bins = new Uint16Array(values.length)
  const ends = new Uint32Array(BINS)
  for (let i = 0; i < values.length; i++) {
    const bin = (((values[i] as number) - minimum) * scale) | 0
    bins[i] = bin
    ends[bin] = (ends[bin] as number) + 1
  }
  for (let bin = 1; bin < BINS; bin++) ends[bin] = (ends[bin] as number) + (ends[bin - 1] as number)
  const opened = new Map<number, Float64Array>()
  return (rank) => {
    const bin = ends.findIndex((end) => end > rank)
    const start = bin === 0 ? 0 : (ends[bin - 1] as number)
    const own = opened.get(bin) ?? membersOf(bin, bins, values, (ends[bin] as number) - start).sort()
    opened.set(bin, own)
    return own[rank - start] as number
  }
}

function membersOf(bin: number, bins: Uint16Array, values: Float64Array, count: number): Float64Array {
  const own = new Float64Array(count)
  let place = 0
  for (let i = 0; i < bins.length; i++) if (bins[i] === bin) own[place++] = values[i] as number
  return own
}

function sorted(values: Float64Array): (rank: number) => number {
  const inOrder = values.toSorted()
  return (rank) => inOrder[rank] as number
}
