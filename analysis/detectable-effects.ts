import type { Estimate } from './estimate.ts'
import type { ModelPair } from './estimate-models.ts'
import type { DetectableEffect } from './estimate-power.ts'
import { detectableNcp } from './power.ts'

const POWER = 0.8
/** No two scores from 1 to 5 lie further apart. */
const WIDEST = 4

/** A difference with its standard error, or without one and the reason. */
export type Contrast = Omit<DetectableEffect, 'power' | 'significance' | 'value' | 'comparisons' | 'valueHolm'> & {
  standardError: number | null
  df: number | null
}

/** The differences among the estimates (deltas and effects, not means) and the pairs of models, as contrasts. */
export function contrastsOf(estimates: readonly Estimate[], pairs: readonly ModelPair[]): Contrast[] {
  const differences = estimates.filter((estimate) => estimate.estimand !== 'mean')
  return [
    ...differences.map(({ estimand, ...rest }) => contrast({ ...rest, contrast: estimand, versus: null })),
    ...pairs.map(({ first, second, ...rest }) =>
      contrast({ ...rest, contrast: 'model-pair', model: first, versus: second, arm: 'full' }),
    ),
  ]
}

/**
 * The minimum detectable effect of every contrast at power 0.8 and two-sided significance 1 − `level`: the noncentrality at
 * which the contrast's own t test has that power, times its standard error. `valueHolm` is the same at significance/m, for
 * the m models (or pairs) of the same contrast, measure and arm that have a standard error. A contrast without one, or with
 * one of 0, has no value and the reason; so has an effect of more than 4 points, which scores from 1 to 5 cannot have.
 */
export function detectableEffects(contrasts: readonly Contrast[], level: number): DetectableEffect[] {
  if (!(level > 0.2 && level < 1)) throw new RangeError(`detectableEffects requires a level between 0.2 and 1, got ${level}`)
  const families = Map.groupBy(contrasts.filter(isTested), familyOf)
  const known = new Map<string, number>()
  const ncp = (df: number, significance: number) => {
    const key = `${df} ${significance}`
    const found = known.get(key) ?? detectableNcp(POWER, { df, significance, alternative: 'two-sided' })
    known.set(key, found)
    return found
  }
  return contrasts.map(({ standardError, df, ...name }) => {
    const comparisons = name.model === null ? 1 : Math.max(1, families.get(familyOf(name))?.length ?? 0)
    const row = { ...name, power: POWER, significance: 1 - level, comparisons, value: null, valueHolm: null }
    if (standardError === null || df === null) return { ...row, reason: name.reason ?? 'no standard error' }
    if (standardError === 0) return { ...row, reason: 'no spread between images: nothing to measure power by' }
    const [value, valueHolm] = [1, comparisons].map((tests) => onScale(ncp(df, (1 - level) / tests) * standardError)) as [
      number | null,
      number | null,
    ]
    return { ...row, value, valueHolm, reason: valueHolm === null ? tooLarge(value) : null }
  })
}

function contrast(row: Contrast): Contrast {
  const { contrast: name, measure, model, versus, arm, standardError, df, nCases, nImages, exploratory, reason } = row
  return { contrast: name, measure, model, versus, arm, standardError, df, nCases, nImages, exploratory, reason }
}

function isTested({ standardError, df, model }: Contrast): boolean {
  return model !== null && df !== null && standardError !== null && standardError > 0
}

function familyOf({ contrast: name, measure, arm }: Pick<Contrast, 'contrast' | 'measure' | 'arm'>): string {
  return JSON.stringify([name, measure, arm])
}

function onScale(effect: number): number | null {
  return effect > WIDEST ? null : effect
}

function tooLarge(value: number | null): string {
  const which = value === null ? 'it' : 'Holm’s'
  return `${which} would be more than ${WIDEST} points, which scores from 1 to 5 cannot differ by`
}
