const MOST_STEPS = 200

/**
 * The place between `low` and `high` where a function that rises (or falls) all the way crosses zero, to a relative 1e-13.
 *
 * Regula falsi in the Illinois form (Dowell and Jarratt 1971): the end that stays counts half, so that both ends close in.
 * A function without a change of sign there is a RangeError.
 */
export function rootOf(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high]
  let [atA, atB] = [f(a), f(b)]
  if (atA === 0) return a
  if (atB === 0) return b
  if (!(Math.sign(atA) * Math.sign(atB) === -1))
    throw new RangeError(`rootOf requires a change of sign between ${low} and ${high}, got ${atA} and ${atB}`)
  for (let step = 0; step < MOST_STEPS; step++) {
    const c = (a * atB - b * atA) / (atB - atA)
    const atC = f(c)
    const done = Math.abs(c - b) <= 1e-13 * Math.max(1e-300, Math.abs(c))
    if (atC === 0 || done) return c
    if (Math.sign(atC) === Math.sign(atB)) atA /= 2
    else [a, atA] = [b, atB]
    ;[b, atB] = [c, atC]
  }
  return b
}
