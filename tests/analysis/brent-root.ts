/**
 * Where Brent's method (1973, ch. 4, “zeroin”) stops between `low` and `high` for a tolerance on the root, as R's `uniroot`
 * does with its default of ε^¼. R's printed roots are these stopping places and not exact roots, so that a comparison with
 * more digits than the tolerance must stop at the same place. A function without a change of sign is an Error.
 */
export function brentRoot(f: (x: number) => number, low: number, high: number, tolerance = Number.EPSILON ** 0.25): number {
  let [previous, best, other] = [
    { x: low, y: f(low) },
    { x: high, y: f(high) },
    { x: low, y: f(low) },
  ]
  if (previous.y * best.y > 0) throw new Error(`brentRoot requires a change of sign, got ${previous.y} and ${best.y}`)
  for (let step = 0; step < 1000; step++) {
    const last = best.x - previous.x
    if (Math.abs(other.y) < Math.abs(best.y)) [previous, best, other] = [best, other, best]
    const smallest = 2 * Number.EPSILON * Math.abs(best.x) + tolerance / 2
    let move = (other.x - best.x) / 2
    if (Math.abs(move) <= smallest || best.y === 0) return best.x
    if (Math.abs(last) >= smallest && Math.abs(previous.y) > Math.abs(best.y)) {
      const proposed = interpolated(previous, best, other)
      const limit = Math.min(1.5 * move * proposed.q - Math.abs(smallest * proposed.q) / 2, Math.abs((last * proposed.q) / 2))
      if (proposed.p < limit) move = proposed.p / proposed.q
    }
    if (Math.abs(move) < smallest) move = move > 0 ? smallest : -smallest
    previous = best
    best = { x: best.x + move, y: f(best.x + move) }
    if (Math.sign(best.y) === Math.sign(other.y)) other = previous
  }
  throw new Error('brentRoot requires a function whose root it finds in 1000 steps')
}

type Point = { x: number; y: number }

/** The step from the best point as a fraction p/q with p ≥ 0: by a line through two points, or by inverse parabola through three. */
function interpolated(previous: Point, best: Point, other: Point): { p: number; q: number } {
  const width = other.x - best.x
  const ratio = best.y / previous.y
  if (previous.x === other.x) return positive(width * ratio, 1 - ratio)
  const q = previous.y / other.y
  const r = best.y / other.y
  return positive(ratio * (width * q * (q - r) - (best.x - previous.x) * (r - 1)), (q - 1) * (r - 1) * (ratio - 1))
}

function positive(p: number, q: number): { p: number; q: number } {
  return p > 0 ? { p, q: -q } : { p: -p, q }
}
