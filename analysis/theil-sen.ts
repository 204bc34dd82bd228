import { requireFinite } from './finite.ts'
import { median } from './hodges-lehmann.ts'

/** The median slope over all pairs of points with different x (Theil 1950, Sen 1968). No such pair is a RangeError. */
export function theilSen(x: readonly number[], y: readonly number[]): number {
  requireFinite('theilSen', x, 2)
  requireFinite('theilSen', y, 2)
  if (x.length !== y.length) throw new RangeError(`theilSen requires as many y as x, got ${y.length} and ${x.length}`)
  const slopes = x.flatMap((xi, i) =>
    x.slice(i + 1).flatMap((xj, k) => (xj === xi ? [] : [((y[i + 1 + k] as number) - (y[i] as number)) / (xj - xi)])),
  )
  if (slopes.length === 0) throw new RangeError('theilSen requires two different x, got one')
  return median(slopes)
}
