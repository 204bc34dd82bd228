/** How many levels a score has, 1 the worst. */
export const LEVELS = 5

/** The level of a score from 1 to 5 that may be a mean: rounded, a half to the worse level. Another score is a RangeError. */
export function levelOf(score: number): number {
  if (!(score >= 1 && score <= LEVELS)) throw new RangeError(`levelOf requires a score from 1 to ${LEVELS}, got ${score}`)
  return roundHalfDown(score)
}

/** The nearest whole number, a half to the lower one; values within 1e-9 of a half count as it. */
export function roundHalfDown(score: number): number {
  return Math.ceil(score - 0.5 - 1e-9)
}

/** Whether a score is deficient: 2 or less, in the score itself and not in its level. */
export function isDeficient(score: number): boolean {
  return score <= 2 + 1e-9
}
