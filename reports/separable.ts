import type { Estimates, Measure } from '../analysis/estimate.ts'

/** A p after Holm below this separates two models, or an effect from zero. */
export const SIGNIFICANCE = 0.05

/** How a model stands among the others on one measure in arm full, by pairs of models after Holm. */
export type Standing = {
  /** Best and separated from every other model: the only case for bold type. */
  best: boolean
  /** Worse than the model with the highest mean, and separated from it. */
  worse: boolean
}

/**
 * How each model stands on a measure: models with a mean in arm full only. Two equal best means leave nobody best. With one
 * model, or without tested pairs, nobody is best or worse.
 */
export function standings(estimates: Estimates, measure: Measure): Map<string, Standing> {
  const means = estimates.estimates.flatMap((one) =>
    one.estimand === 'mean' && one.measure === measure && one.arm === 'full' && one.model !== null && one.value !== null
      ? [{ model: one.model, value: one.value }]
      : [],
  )
  const top = Math.max(...means.map(({ value }) => value))
  const leaders = means.filter(({ value }) => value === top)
  const leader = leaders.length === 1 ? leaders[0]?.model : undefined
  const separated = (other: string) => leader !== undefined && higher(estimates, measure, leader, other)
  const others = means.filter(({ model }) => model !== leader)
  const clear = others.length > 0 && others.every(({ model }) => separated(model))
  return new Map(
    means.map(({ model }) => [model, { best: model === leader && clear, worse: model !== leader && separated(model) }]),
  )
}

/** Whether `first` is above `second` on a measure with p after Holm below {@link SIGNIFICANCE}. An untested pair is not. */
export function higher({ comparisons }: Estimates, measure: Measure, first: string, second: string): boolean {
  return comparisons.pairs.some((pair) => {
    if (pair.measure !== measure || pair.pHolm === null || pair.pHolm >= SIGNIFICANCE || pair.value === null) return false
    if (pair.first === first && pair.second === second) return pair.value > 0
    return pair.first === second && pair.second === first && pair.value < 0
  })
}
