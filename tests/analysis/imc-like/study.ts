import type { CaseScore } from '../../../analysis/case-scores.ts'
import type { Estimates } from '../../../analysis/estimate.ts'
import type { Trial } from '../../../analysis/trial.ts'
import type { ReferenceFile } from '../reference/reference-file.ts'
import type { Expected, Input } from './shape.ts'

/** A whole study: what outside software found, and what `analyze` made of its tables. */
export type WholeStudy = {
  file: ReferenceFile
  input: Input
  expected: Expected
  trials: readonly Trial[]
  estimates: Estimates
}

/** The one row that fits; none or several is an Error. */
export function only<Row>(rows: readonly Row[], fits: (row: Row) => boolean, what: string): Row {
  const found = rows.filter(fits)
  if (found[0] === undefined || found.length > 1) throw new Error(`only requires one row of ${what}, got ${found.length}`)
  return found[0]
}

/** Case scores by image, in the order of the images' names; images without one are empty. */
export function clustersOf(scores: readonly Pick<CaseScore, 'image' | 'value'>[], images: readonly string[]): number[][] {
  return images.map((image) => scores.filter((score) => score.image === image).map((score) => score.value))
}
