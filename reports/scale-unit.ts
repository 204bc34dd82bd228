import { points } from './format.ts'

/** The kind of numbers on a scale: how its ends are rounded, which ticks it may have, and how a number is written. */
export type ScaleUnit = {
  /** Ends are rounded outwards to multiples of this. */
  grain: number
  /** The shortest stretch that is drawn. */
  shortest: number
  /** Steps between ticks, smallest first. */
  steps: readonly number[]
  /** Points needed between two ticks. */
  spacing: number
  /** Points left and right of the outermost values, so that marks and tick labels at the ends stay inside the panel. */
  margin: number
  /** A number in words. */
  text: (value: number) => string
  /** The format of ticks in Vega’s notation. */
  format: (ticks: readonly number[]) => string
}

/** Scores from 1 to 5 and their differences. */
export const pointUnit: ScaleUnit = {
  grain: 0.5,
  shortest: 1,
  steps: [0.5, 1, 2, 4],
  spacing: 18,
  margin: 7,
  text: points,
  format: (ticks) => (ticks.every(Number.isInteger) ? 'd' : '.1f'),
}

// What is not quite none or all must not look like it.
function shareText(value: number): string {
  if (value > 0 && value < 0.005) return '<1%'
  if (value < 1 && value >= 0.995) return '>99%'
  return `${(value * 100).toFixed(0)}%`
}

/** Shares from 0 to 1, written in percent. */
export const shareUnit: ScaleUnit = {
  grain: 0.1,
  shortest: 0.2,
  steps: [0.1, 0.2, 0.25, 0.5, 1],
  spacing: 26,
  margin: 11,
  text: shareText,
  format: () => '.0%',
}

/** Ranks, 1 the best. */
export const rankUnit: ScaleUnit = {
  grain: 1,
  shortest: 1,
  steps: [1, 2, 5, 10, 20],
  spacing: 12,
  margin: 7,
  text: (value) => String(Number(value.toFixed(1))),
  format: () => 'd',
}
