import { type Isotonic, predictIsotonic } from '../cases/calibration.ts'
import type { CalibrationCandidate } from './estimate-jury-clinicians.ts'
import { isExploratory } from './exploratory.ts'
import { fitIsotonic } from './isotonic.ts'
import { type JuryData, meanScore } from './jury-data.ts'
import { leastSquares } from './least-squares.ts'

/** A conversation with the jury’s score and the clinicians’ mean. */
type Labelled = { image: string; jury: number; target: number }
type Mapping = (score: number) => number
/** Null when the rows do not suffice. */
type Learn = (rows: readonly Labelled[]) => Mapping | null

/** The candidates with their errors on the labelled conversations, in and out of the fit. No clinician gives no row. */
export function calibrationCandidates(data: JuryData): CalibrationCandidate[] {
  if (data.clinicians.length === 0) return []
  const labelled = data.conversations.flatMap(({ image, jury, clinicians }): Labelled[] =>
    jury === null || clinicians.size === 0 ? [] : [{ image, jury, target: meanScore(clinicians.values()) }],
  )
  const nImages = new Set(labelled.map(({ image }) => image)).size
  const common = {
    dimension: data.dimension,
    nConversations: labelled.length,
    nImages,
    exploratory: isExploratory(nImages, nImages - 1),
  }
  const row = (candidate: CalibrationCandidate['candidate'], learn: Learn): CalibrationCandidate => {
    return { ...common, candidate, ...errorsOf(labelled, learn), linear: null, isotonic: null }
  }
  return [
    row('identity', () => (score) => score),
    { ...row('linear', learnLine), linear: lineThrough(labelled) },
    { ...row('isotonic', learnCurve), isotonic: labelled.length > 0 ? curveThrough(labelled) : null },
  ]
}

type Errors = Pick<CalibrationCandidate, 'rootMeanSquareError' | 'leaveOneImageOut' | 'reason'>

function errorsOf(labelled: readonly Labelled[], learn: Learn): Errors {
  const none = { rootMeanSquareError: null, leaveOneImageOut: null }
  if (labelled.length === 0) return { ...none, reason: 'no conversation with a jury’s and a clinician’s score' }
  const inside = learn(labelled)
  if (inside === null) return { ...none, reason: 'the jury’s scores do not differ' }
  const rootMeanSquareError = rootMeanSquare(labelled.map(({ jury, target }) => inside(jury) - target))
  const errors = leftOutErrors(labelled, learn)
  if (errors === null)
    return { rootMeanSquareError, leaveOneImageOut: null, reason: 'without one image the rest is too little to fit' }
  const leaveOneImageOut = { rootMeanSquareError: rootMeanSquare(errors), bias: meanScore(errors) }
  return { rootMeanSquareError, leaveOneImageOut, reason: null }
}

/** Null when some image leaves nothing, or too little, to learn from. */
function leftOutErrors(labelled: readonly Labelled[], learn: Learn): number[] | null {
  const errors: number[] = []
  for (const [image, own] of Map.groupBy(labelled, (one) => one.image)) {
    const others = labelled.filter((one) => one.image !== image)
    const map = others.length === 0 ? null : learn(others)
    if (map === null) return null
    errors.push(...own.map(({ jury, target }) => map(jury) - target))
  }
  return errors
}

function learnLine(rows: readonly Labelled[]): Mapping | null {
  const line = lineThrough(rows)
  return line === null ? null : (score) => line.intercept + line.slope * score
}

function learnCurve(rows: readonly Labelled[]): Mapping {
  const curve = curveThrough(rows)
  return (score) => predictIsotonic(curve, score)
}

function lineThrough(rows: readonly Labelled[]): { intercept: number; slope: number } | null {
  const scores = rows.map(({ jury }) => jury)
  if (!scores.some((score) => Math.abs(score - (scores[0] as number)) > 1e-9)) return null
  const { intercept, slope } = leastSquares(
    scores,
    rows.map(({ target }) => target),
  )
  return { intercept, slope }
}

function curveThrough(rows: readonly Labelled[]): Isotonic {
  return fitIsotonic(
    rows.map(({ jury }) => jury),
    rows.map(({ target }) => target),
  )
}

function rootMeanSquare(errors: readonly number[]): number {
  return Math.sqrt(meanScore(errors.map((error) => error * error)))
}
