import { type Cap, Dimension, type PooledScore, type Vote } from '../cases/verdict.ts'

/** How many verdicts a score needs when the configuration does not say: more than half of the jurors asked. */
export function majority(asked: number): number {
  return Math.floor(asked / 2) + 1
}

/**
 * The jury’s score of each dimension: mean and median of the valid verdicts, after the caps.
 *
 * A cap acts on each verdict before pooling, so mean and median stay comparable. With fewer verdicts than the quorum
 * there is no score, only the reason; nothing is put in its place.
 *
 * @param quorum verdicts needed for a score, at least 1
 * @throws RangeError when no juror was asked about a dimension, or when the quorum is below 1
 */
export function pool(votes: readonly Vote[], caps: readonly Cap[], quorum: number): Record<Dimension, PooledScore> {
  if (!(quorum >= 1)) throw new RangeError(`pool requires a quorum of at least 1, got ${quorum}`)
  const scored = (dimension: Dimension) => [dimension, poolOne(votes, caps, quorum, dimension)] as const
  return Object.fromEntries(Dimension.options.map(scored)) as Record<Dimension, PooledScore>
}

function poolOne(votes: readonly Vote[], caps: readonly Cap[], quorum: number, dimension: Dimension): PooledScore {
  const asked = votes.filter((vote) => vote.dimension === dimension)
  if (asked.length === 0) throw new RangeError(`pool requires at least one vote on ${dimension}, got 0`)
  const scores = asked.flatMap((vote) => (vote.kind === 'verdict' ? applyCaps(vote.score, caps, dimension) : []))
  const counts = { valid: scores.length, asked: asked.length }
  if (scores.length < quorum) {
    const reasons = asked.flatMap((vote) => (vote.kind === 'abstention' ? `${vote.juror.id}: ${vote.reason}` : []))
    return {
      mean: null,
      median: null,
      ...counts,
      missing: `${scores.length} of ${asked.length} verdicts, ${quorum} needed (${reasons.join('; ')})`,
    }
  }
  return { mean: scores.reduce((sum, score) => sum + score, 0) / scores.length, median: median(scores), ...counts, missing: null }
}

function applyCaps(score: number, caps: readonly Cap[], dimension: Dimension): number {
  const of = (kind: Cap['kind']) => caps.filter((cap) => cap.dimension === dimension && cap.kind === kind).map((cap) => cap.score)
  return Math.min(Math.max(score, ...of('min')), ...of('max'), 5)
}

function median(scores: readonly number[]): number {
  const sorted = scores.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0
  return (lower + upper) / 2
}
