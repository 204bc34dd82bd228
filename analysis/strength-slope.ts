import { requireFinite } from './finite.ts'

/**
 * The weights that turn one benefit per model into the least-squares slope of benefit on strength: (xₘ − x̄) / Σ(x − x̄)², 0 for
 * the model `left` out. They sum to 0. Null when fewer than two models differ in strength. A strength that is not finite is a
 * RangeError.
 */
export function slopeWeights(strengths: readonly number[], left: number | null = null): number[] | null {
  requireFinite('slopeWeights', strengths, 0)
  const kept = strengths.filter((_, m) => m !== left)
  const mean = kept.reduce((sum, x) => sum + x, 0) / kept.length
  const squares = kept.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  return squares > 1e-18 ? strengths.map((x, m) => (m === left ? 0 : (x - mean) / squares)) : null
}

/** The slope of the benefits, one for each weight, by the weights of `slopeWeights`. */
export function slopeOf(weights: readonly number[], benefits: readonly number[]): number {
  if (weights.length !== benefits.length)
    throw new RangeError(`slopeOf requires ${weights.length} benefits, got ${benefits.length}`)
  let slope = 0
  for (let m = 0; m < weights.length; m++) slope += (weights[m] as number) * (benefits[m] as number)
  return slope
}
