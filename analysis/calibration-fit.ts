import { type CalibrationMap, type CandidateFit, mapScore } from '../cases/calibration.ts'
import { fitIsotonic } from './isotonic.ts'

/** A kind of map that can be learned from labels. */
export type FitKind = CandidateFit['kind']

/** A labelled conversation: the jury’s pooled score, the raters’ mean, and how many conversations it stands for. */
export type LabelledScore = { image: string; score: number; target: number; weight: number }

/** The error of a kind of map on images that it was not fitted to, in points. */
type LeftOutError = { rootMeanSquareError: number; standardError: number }

/**
 * The weighted least-squares map of a kind; a line never falls, so its slope is 0 where it would. Null when the rows do not
 * allow it: none, or for a line only one and the same score.
 */
export function fitMap(kind: FitKind, rows: readonly LabelledScore[]): CalibrationMap | null {
  if (rows.length === 0) return null
  if (kind === 'identity') return { kind }
  if (kind === 'isotonic') {
    const { knots, fitted } = fitIsotonic(
      rows.map(({ score }) => score),
      rows.map(({ target }) => target),
      rows.map(({ weight }) => weight),
    )
    return { kind, knots, fitted }
  }
  const weight = sum(rows, (row) => row.weight)
  const meanScore = sum(rows, (row) => row.weight * row.score) / weight
  const meanTarget = sum(rows, (row) => row.weight * row.target) / weight
  if (kind === 'shift') return { kind, by: meanTarget - meanScore }
  const spread = sum(rows, (row) => row.weight * (row.score - meanScore) ** 2)
  if (!(spread > 1e-12 * weight)) return null
  const slope = Math.max(0, sum(rows, (row) => row.weight * (row.score - meanScore) * (row.target - meanTarget)) / spread)
  return { kind, intercept: meanTarget - slope * meanScore, slope }
}

/** Each row’s score mapped by what all other images teach, in the order of the rows; null when some image leaves too little. */
export function leftOutScores(kind: FitKind, rows: readonly LabelledScore[]): number[] | null {
  const maps = new Map<string, CalibrationMap>()
  for (const image of new Set(rows.map((row) => row.image))) {
    const map = fitMap(
      kind,
      rows.filter((row) => row.image !== image),
    )
    if (map === null) return null
    maps.set(image, map)
  }
  return rows.map(({ image, score }) => mapScore(maps.get(image) as CalibrationMap, score))
}

/**
 * The weighted root mean square error of a kind of map on images left out, with its standard error by linearisation over
 * images: that of the mean square divided by twice its root. Null when some image leaves too little, or there is only one.
 */
export function leftOutError(kind: FitKind, rows: readonly LabelledScore[]): LeftOutError | null {
  const predicted = leftOutScores(kind, rows)
  const images = [...Map.groupBy(rows.keys(), (i) => (rows[i] as LabelledScore).image).values()]
  if (predicted === null || images.length < 2) return null
  const squared = (i: number) => ((predicted[i] as number) - (rows[i] as LabelledScore).target) ** 2
  const weightOf = (i: number) => (rows[i] as LabelledScore).weight
  const weight = sum(rows, (row) => row.weight)
  const meanSquare = sum([...rows.keys()], (i) => weightOf(i) * squared(i)) / weight
  const spread = sum(images, (members) => sum(members, (i) => weightOf(i) * (squared(i) - meanSquare)) ** 2)
  const error = Math.sqrt((images.length / (images.length - 1)) * spread) / weight
  const rootMeanSquareError = Math.sqrt(meanSquare)
  return { rootMeanSquareError, standardError: meanSquare === 0 ? 0 : error / (2 * rootMeanSquareError) }
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
