import { type Cap, Dimension, type PooledScore, type Vote } from './verdict.ts'

/** How many jurors with a verdict a score needs when the configuration does not say: more than half of those asked. */
export function majority(asked: number): number {
  return Math.floor(asked / 2) + 1
}

/** A verdict's score after the caps on its dimension: raised to the floor first, then lowered to the ceiling. */
export function cappedScore(score: number, caps: readonly Cap[], dimension: Dimension): number {
  const of = (kind: Cap['kind']) => caps.filter((cap) => cap.dimension === dimension && cap.kind === kind).map((cap) => cap.score)
  return Math.min(Math.max(score, ...of('min')), ...of('max'), 5)
}

/**
 * The jury’s score of each dimension: mean and median over jurors, each juror with the mean of its repeats, after the caps.
 *
 * A cap acts on each verdict before pooling, so mean and median stay comparable. With fewer jurors than the quorum there
 * is no score, only the reason; nothing is put in its place.
 *
 * @param quorum jurors with a verdict needed for a score, at least 1
 * @throws RangeError when no juror was asked about a dimension, or when the quorum is below 1
 */
export function pool(votes: readonly Vote[], caps: readonly Cap[], quorum: number): Record<Dimension, PooledScore> {
  if (!(quorum >= 1)) throw new RangeError(`pool requires a quorum of at least 1, got ${quorum}`)
  const scored = (dimension: Dimension) => [dimension, poolOne(votes, caps, quorum, dimension)] as const
  return Object.fromEntries(Dimension.options.map(scored)) as Record<Dimension, PooledScore>
}

/** Jurors that differ by this much on a dimension call for a person to look at the conversation. */
export const REVIEW_RANGE = 2

/** How far the jurors’ scores of one dimension lie apart, each juror with the mean of its repeats, before caps; 0 for fewer than two jurors. */
export function scoreRange(votes: readonly Vote[], dimension: Dimension): number {
  const own = Map.groupBy(
    votes.filter((vote) => vote.kind === 'verdict' && vote.dimension === dimension),
    (vote) => vote.juror.id,
  )
  const scores = [...own.values()].map((given) => meanOf(given.flatMap((vote) => (vote.kind === 'verdict' ? vote.score : []))))
  return scores.length < 2 ? 0 : Math.max(...scores) - Math.min(...scores)
}

function poolOne(votes: readonly Vote[], caps: readonly Cap[], quorum: number, dimension: Dimension): PooledScore {
  const asked = Map.groupBy(
    votes.filter((vote) => vote.dimension === dimension),
    (vote) => vote.juror.id,
  )
  if (asked.size === 0) throw new RangeError(`pool requires at least one vote on ${dimension}, got 0`)
  const scores = [...asked.values()].flatMap((own) => {
    const given = own.flatMap((vote) => (vote.kind === 'verdict' ? cappedScore(vote.score, caps, dimension) : []))
    return given.length === 0 ? [] : meanOf(given)
  })
  const counts = { valid: scores.length, asked: asked.size }
  if (scores.length < quorum) {
    const abstained = [...asked].flatMap(([juror, own]) => {
      const reasons = own.flatMap((vote) => (vote.kind === 'abstention' ? vote.reason : []))
      return reasons.length < own.length ? [] : `${juror}: ${[...new Set(reasons)].join(', ')}`
    })
    const missing = `${scores.length} of ${asked.size} jurors, ${quorum} needed (${abstained.join('; ')})`
    return { mean: null, median: null, ...counts, missing }
  }
  return { mean: meanOf(scores), median: median(scores), ...counts, missing: null }
}

function meanOf(scores: readonly number[]): number {
  return scores.reduce((sum, score) => sum + score, 0) / scores.length
}

function median(scores: readonly number[]): number {
  const sorted = scores.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0
  return (lower + upper) / 2
}
