import type { PlotRow } from './figure.ts'
import type { ScaleUnit } from './scale-unit.ts'

/** What a forest’s scale is like; `limits` are the smallest and largest value possible. */
export type ScaleKind = { unit: ScaleUnit; limits: readonly [number, number]; zeroLine: boolean; axisTitle: string }

/** What decides the stretch of the scale that a forest shows. */
export type Scale = ScaleKind & { rows: readonly PlotRow[] }

/**
 * The stretch of a scale that holds all numbers: rounded outwards to the unit’s grain, at least its shortest stretch long,
 * never past `limits`. Throws when there is no number.
 */
export function stretch(
  numbers: readonly number[],
  { limits, unit: { grain, shortest } }: Pick<ScaleKind, 'limits' | 'unit'>,
): [number, number] {
  if (numbers.length === 0) throw new RangeError('stretch requires at least one number, got none')
  const low = Math.max(limits[0], exact(Math.floor(Math.min(...numbers) / grain + 1e-9) * grain))
  const high = Math.min(limits[1], exact(Math.ceil(Math.max(...numbers) / grain - 1e-9) * grain))
  if (high - low >= shortest - 1e-9) return [low, high]
  return low + shortest <= limits[1] ? [low, exact(low + shortest)] : [exact(high - shortest), high]
}

/**
 * The stretch of the scale that a forest shows: all values and interval ends, rounded outwards to the unit’s grain, at least
 * its shortest stretch long, never past `limits`. With `zeroLine` it holds 0. Throws when no row has a value.
 */
export function forestDomain(scale: Scale): [number, number] {
  const numbers = scale.rows.flatMap(({ value, low, high }) => (value === null ? [] : [value, low ?? value, high ?? value]))
  if (numbers.length === 0) throw new RangeError('forestDomain requires at least one value, got none')
  return stretch(scale.zeroLine ? [...numbers, 0] : numbers, scale)
}

/** Whether the interval of any row goes on past the stretch that is drawn. */
export function isCut(scale: Scale): boolean {
  const [low, high] = forestDomain(scale)
  return scale.rows.some((row) => row.value !== null && ((row.low ?? low) < low || (row.high ?? high) > high))
}

/**
 * Ticks inside a stretch, counted from `origin` in the smallest of the unit’s steps that leaves its spacing between ticks on
 * an axis `room` points long; else in the largest.
 */
export function ticks(
  [low, high]: readonly [number, number],
  room: number,
  origin: number,
  { steps, spacing }: ScaleUnit,
): number[] {
  const step = steps.find((size) => ((high - low) / size) * spacing <= room) ?? steps.at(-1) ?? 1
  const first = origin + Math.ceil((low - origin) / step - 1e-9) * step
  return Array.from({ length: Math.floor((high - first) / step + 1e-9) + 1 }, (_, index) => exact(first + index * step))
}

// Multiples of 0.1 without the noise of binary fractions.
function exact(value: number): number {
  return Number(value.toFixed(9))
}
