/** Whole numbers that stand for `value × scale`. */
export type Lattice = { values: Float64Array; scale: number }

const LARGEST_SCALE = 10_000
const NEAR = 1e-9
/** Means of jurors, dimensions, repeats and models divide by small counts, so their common denominators have small factors. */
const SCALES = Array.from({ length: LARGEST_SCALE }, (_, i) => i + 1).filter((n) => withoutFactors(n, [2, 3, 5, 7]) === 1)

/**
 * The values as whole numbers over the smallest common denominator, or null when they have none up to 10,000 with factors
 * 2, 3, 5 and 7 alone. A value within 1e-9, relative, of such a fraction counts as it. Sums of whole numbers are exact in any
 * order, so equal resampled means are equal to the last bit.
 *
 * Mean scores of 1 to 5 over up to three jurors have denominator 6; calibrated scores have none.
 */
export function toLattice(values: ArrayLike<number>): Lattice | null {
  for (const scale of SCALES) {
    const scaled = wholeAt(values, scale)
    if (scaled !== null) return { values: scaled, scale }
  }
  return null
}

function wholeAt(values: ArrayLike<number>, scale: number): Float64Array | null {
  // Most scales fail on an early value, so nothing is allocated before all have passed.
  for (let i = 0; i < values.length; i++) {
    const value = (values[i] as number) * scale
    if (!(Math.abs(value - Math.round(value)) <= NEAR * Math.max(1, Math.abs(value)))) return null
  }
  const whole = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) whole[i] = Math.round((values[i] as number) * scale)
  return whole
}

function withoutFactors(n: number, factors: readonly number[]): number {
  return factors.reduce((rest, factor) => {
    let left = rest
    while (left % factor === 0) left /= factor
    return left
  }, n)
}
