import type { Estimates } from '../analysis/estimate.ts'

/**
 * A model's or juror's name made safe to show in a figure or a sentence. Names come from outside: control characters,
 * line breaks and marks that turn the direction of text are shown as their code point, as in `‹U+202E›`, and a lone
 * surrogate as `�`; everything else stays. The empty name gives `(no name)`.
 */
export function plainName(name: string): string {
  const shown = name
    .toWellFormed()
    .replace(
      /[\p{Cc}\p{Bidi_Control}\u2028\u2029\uFEFF\uFFFE\uFFFF]/gu,
      (character) => `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
    )
  return shown === '' ? '(no name)' : shown
}

/** A plain name for use inside a sentence: one in a right-to-left script is isolated, so that it cannot reorder its neighbours. */
export function nameInSentence(name: string): string {
  const shown = plainName(name)
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(shown)
    ? `\u2068${shown}\u2069`
    : shown
}

/**
 * The order of models in every figure and table: by mean overall score in arm full, best first; models without that
 * score last; ties by name in code-unit order. Holds every model that is listed or has an estimate, once.
 */
export function modelOrder(estimates: Estimates): string[] {
  const named = estimates.estimates.flatMap(({ model }) => (model === null ? [] : [model]))
  const overall = new Map(
    estimates.estimates
      .filter(({ estimand, measure, arm }) => estimand === 'mean' && measure === 'overall' && arm === 'full')
      .map(({ model, value }) => [model, value ?? Number.NEGATIVE_INFINITY]),
  )
  const strength = (model: string) => overall.get(model) ?? Number.NEGATIVE_INFINITY
  return [...new Set([...estimates.models, ...named])].sort((a, b) => {
    if (strength(a) !== strength(b)) return strength(a) > strength(b) ? -1 : 1
    return a < b ? -1 : 1
  })
}
