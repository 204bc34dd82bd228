import { normalQuantile } from './normal.ts'

/**
 * What a judge said and how well it judges: `p` the share judged positive among `n`; `sensitivity` the share judged positive
 * among `positives` true positives, `specificity` the share judged negative among `negatives` true negatives.
 */
export type JudgedShare = {
  p: number
  n: number
  specificity: number
  negatives: number
  sensitivity: number
  positives: number
}

/**
 * The share of true positives behind a judge’s share, corrected for the judge’s errors (Rogan and Gladen 1978), with the
 * interval of arXiv 2511.21140: both errors are estimates, and smoothed shares keep it sane at 0 and 1. Value and ends are
 * clipped to 0–1. Judged things are taken as independent.
 *
 * Null when specificity + sensitivity ≤ 1, smoothed or not: such a judge tells nothing. A share outside 0–1, or no thing
 * behind one, is a RangeError.
 */
export function judgeCorrectedProportion(
  judged: JudgedShare,
  level: number,
): { value: number; low: number; high: number } | null {
  for (const share of [judged.p, judged.specificity, judged.sensitivity])
    if (!(share >= 0 && share <= 1)) throw new RangeError(`judgeCorrectedProportion requires shares from 0 to 1, got ${share}`)
  for (const count of [judged.n, judged.negatives, judged.positives])
    if (!(count >= 1)) throw new RangeError(`judgeCorrectedProportion requires at least 1 thing behind each share, got ${count}`)
  const z = normalQuantile((1 + level) / 2)
  const n = judged.n + z * z
  const p = (judged.n * judged.p + (z * z) / 2) / n
  const m0 = judged.negatives + 2
  const q0 = (judged.negatives * judged.specificity + 1) / m0
  const m1 = judged.positives + 2
  const q1 = (judged.positives * judged.sensitivity + 1) / m1
  const raw = judged.specificity + judged.sensitivity - 1
  const slope = q0 + q1 - 1
  if (raw <= 1e-12 || slope <= 1e-12) return null
  const theta = (p + q0 - 1) / slope
  const error0 = (q0 * (1 - q0)) / m0
  const error1 = (q1 * (1 - q1)) / m1
  const half = (z * Math.sqrt((p * (1 - p)) / n + (1 - theta) ** 2 * error0 + theta ** 2 * error1)) / slope
  const centre = theta + 2 * z * z * (theta * error1 - (1 - theta) * error0)
  return { value: clip((judged.p + judged.specificity - 1) / raw), low: clip(centre - half), high: clip(centre + half) }
}

function clip(share: number): number {
  return Math.min(1, Math.max(0, share))
}
