import type { PlotRow } from './figure.ts'

/** What decides the stretch of the scale that a forest shows; `limits` are the smallest and largest value possible. */
export type Scale = { rows: readonly PlotRow[]; limits: readonly [number, number]; zeroLine: boolean }

/**
 * The stretch of the scale that a forest shows: all values and interval ends, rounded outwards to halves, at least one
 * point long, never past `limits`. With `zeroLine` it holds 0. Throws when no row has a value.
 */
export function forestDomain({ rows, limits, zeroLine }: Scale): [number, number] {
  const numbers = rows.flatMap(({ value, low, high }) => (value === null ? [] : [value, low ?? value, high ?? value]))
  if (numbers.length === 0) throw new RangeError('forestDomain requires at least one value, got none')
  const all = zeroLine ? [...numbers, 0] : numbers
  const low = Math.max(limits[0], Math.floor(Math.min(...all) * 2) / 2)
  const high = Math.min(limits[1], Math.ceil(Math.max(...all) * 2) / 2)
  if (high - low >= 1) return [low, high]
  return low + 1 <= limits[1] ? [low, low + 1] : [high - 1, high]
}

/** Whether the interval of any row goes on past the stretch that is drawn. */
export function isCut(scale: Scale): boolean {
  const [low, high] = forestDomain(scale)
  return scale.rows.some((row) => row.value !== null && ((row.low ?? low) < low || (row.high ?? high) > high))
}

/**
 * Ticks inside a stretch, counted from `origin` in steps of 0.5, 1, 2 or 4, the smallest step that leaves at least 18
 * points between ticks on an axis `room` points long.
 */
export function ticks([low, high]: readonly [number, number], room: number, origin: number): number[] {
  const step = [0.5, 1, 2].find((size) => ((high - low) / size) * 18 <= room) ?? 4
  const first = origin + Math.ceil((low - origin) / step) * step
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, index) => first + index * step)
}
