/** How far apart two values count: equal or not, by rank in the data, by difference, or by difference relative to the sum. */
export type AlphaMetric = 'nominal' | 'ordinal' | 'interval' | 'ratio'

/** Pairs of values within units, for values in rising order: `matrix[a * values.length + b]` is o_ab. */
export type Coincidences = { values: readonly number[]; matrix: Float64Array }

/**
 * The coincidence matrix of units, each a list of ratings in which null is missing (Krippendorff 2011).
 *
 * A unit with m ratings adds 1/(m − 1) for every ordered pair of its ratings, so that each rating counts once; a unit with
 * fewer than two adds nothing. A rating that is not finite, or no unit with two, is a RangeError.
 */
export function coincidencesOf(units: readonly (readonly (number | null)[])[]): Coincidences {
  const rated = units.map((unit) => unit.filter((rating) => rating !== null)).filter((unit) => unit.length >= 2)
  if (rated.length === 0) throw new RangeError('coincidencesOf requires a unit with at least 2 ratings, got none')
  const values = [...new Set(rated.flat())].sort((a, b) => a - b)
  if (!values.every(Number.isFinite)) throw new RangeError('coincidencesOf requires finite ratings')
  const place = new Map(values.map((value, index) => [value, index]))
  const matrix = new Float64Array(values.length ** 2)
  for (const unit of rated) {
    const places = unit.map((rating) => place.get(rating) as number)
    addCoincidences(matrix, values.length, places)
  }
  return { values, matrix }
}

/** Adds the pairs of one unit, whose ratings are given by their places from 0; fewer than two add nothing. */
export function addCoincidences(matrix: Float64Array, width: number, places: readonly number[]): void {
  const share = 1 / (places.length - 1)
  for (let i = 0; i < places.length; i++)
    for (let j = 0; j < places.length; j++) {
      const cell = (places[i] as number) * width + (places[j] as number)
      if (i !== j) matrix[cell] = (matrix[cell] as number) + share
    }
}

/**
 * Krippendorff’s alpha, 1 − D_o/D_e: 1 is full agreement, 0 what chance gives, below 0 worse than chance.
 *
 * D_o = Σ o_ab δ²_ab and D_e = Σ n_a n_b δ²_ab / (n − 1). Ordinal: δ is the number of ratings from a to b less half of the
 * two ends. Null when all ratings are equal: then nothing shows whether raters would tell values apart.
 */
export function alphaOf({ values, matrix }: Coincidences, metric: AlphaMetric): number | null {
  const width = values.length
  const marginals = values.map((_, a) => {
    let sum = 0
    for (let b = 0; b < width; b++) sum += matrix[a * width + b] as number
    return sum
  })
  const total = marginals.reduce((sum, n) => sum + n, 0)
  let observed = 0
  let expected = 0
  for (let a = 0; a < width; a++)
    for (let b = a + 1; b < width; b++) {
      const distance = squaredDistance(values, marginals, a, b, metric)
      observed += (matrix[a * width + b] as number) * distance
      expected += (marginals[a] as number) * (marginals[b] as number) * distance
    }
  return expected > 0 ? 1 - (observed * (total - 1)) / expected : null
}

function squaredDistance(
  values: readonly number[],
  marginals: readonly number[],
  a: number,
  b: number,
  metric: AlphaMetric,
): number {
  const low = values[a] as number
  const high = values[b] as number
  if (metric === 'nominal') return 1
  if (metric === 'interval') return (high - low) ** 2
  if (metric === 'ratio') return ((high - low) / (high + low)) ** 2
  let between = ((marginals[a] as number) + (marginals[b] as number)) / 2
  for (let c = a + 1; c < b; c++) between += marginals[c] as number
  return between ** 2
}
