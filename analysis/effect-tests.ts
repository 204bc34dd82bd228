import type { Estimate } from './estimate.ts'
import { adjustP } from './multiplicity.ts'
import { tTwoSided } from './student-t.ts'

/** A delta or an ablation effect tested against zero. `p` is null where there is no interval or no spread. */
export type EffectTest = Pick<Estimate, 'estimand' | 'measure' | 'model' | 'arm'> & {
  /** Two-sided, CR2 t by image. */
  p: number | null
  /** After Holm within the models of the same estimand, measure and arm; the average over models is a family of its own. */
  pHolm: number | null
  /** How many p stand in the family. */
  nTests: number
}

/**
 * Every delta and ablation effect against zero, in the order given: p from value, standard error and Satterthwaite degrees of
 * freedom as they stand in the estimate, then Holm (1979). Means are no effects and give no row. An estimate without an
 * interval has no p, as it rests on too few images.
 */
export function testEffects(estimates: readonly Estimate[]): EffectTest[] {
  const effects = estimates.filter(({ estimand }) => estimand !== 'mean')
  const families = Map.groupBy(effects, ({ estimand, measure, arm, model }) =>
    JSON.stringify([estimand, measure, arm, model === null]),
  )
  const tested = new Map<Estimate, EffectTest>()
  for (const family of families.values()) {
    const ps = family.map(pOf)
    const holm = adjustP(ps, 'holm')
    const nTests = ps.filter((p) => p !== null).length
    family.forEach((effect, i) => {
      const { estimand, measure, model, arm } = effect
      tested.set(effect, { estimand, measure, model, arm, p: ps[i] ?? null, pHolm: holm[i] ?? null, nTests })
    })
  }
  return effects.flatMap((effect) => tested.get(effect) ?? [])
}

function pOf({ value, standardError, df, intervals }: Estimate): number | null {
  if (value === null || standardError === null || df === null || intervals.length === 0 || standardError === 0) return null
  return tTwoSided(value / standardError, df)
}
