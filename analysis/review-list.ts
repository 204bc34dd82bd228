import { jurorScores } from '../cases/calibration.ts'
import { REVIEW_RANGE } from '../cases/pool.ts'
import { Dimension } from '../cases/verdict.ts'
import type { Review } from './estimate-calibration.ts'
import type { Trial } from './trial.ts'

/**
 * The conversations for human review: those whose jurors lie `REVIEW_RANGE` or more apart on a dimension, each juror with the
 * mean of its repeats before the caps. The farthest apart first, then in the order of the trials and dimensions.
 */
export function reviewList(trials: readonly Trial[]): Review[] {
  const found = trials.flatMap((trial) => Dimension.options.flatMap((dimension) => reviewOf(trial, dimension) ?? []))
  return found.sort((a, b) => b.range - a.range)
}

function reviewOf({ caseId, arm, model, repeat, votes }: Trial, dimension: Dimension): Review | null {
  const own = votes.filter((vote) => vote.dimension === dimension)
  const scores = [...jurorScores(own, [], dimension, null)].map(([juror, score]) => ({ juror, score }))
  if (scores.length < 2) return null
  const range = Math.max(...scores.map(({ score }) => score)) - Math.min(...scores.map(({ score }) => score))
  return range < REVIEW_RANGE ? null : { caseId, arm, model, repeat, dimension, range, scores }
}
