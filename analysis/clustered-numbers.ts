import type { CaseScore } from './case-scores.ts'
import { type Cluster, type Cr2, clusteredDifference, clusteredMean, pooledMean, tInterval } from './cr2.ts'
import { effectiveClusters, intervalRefusal, isExploratory } from './exploratory.ts'
import { tTwoSided } from './student-t.ts'

/** What can divide the cases of a delta. */
export type Flag = 'malignant' | 'rare'

/** The numbers of a row with a CR2 interval by image; null where there is none, and then `reason` says why. */
export type ClusteredNumbers = {
  value: number | null
  standardError: number | null
  df: number | null
  interval: { low: number; high: number; level: number } | null
  p: number | null
  exploratory: boolean
  reason: string | null
}

/** The mean of case scores by image. */
export function meanNumbers(scores: readonly CaseScore[], level: number): ClusteredNumbers {
  if (scores.length === 0) return noNumbers('no case has every score that this number needs')
  return numbersOrNone(clustersOf(scores), level)
}

/** The mean of all values in the clusters, of which there is at least one. */
export function numbersOrNone(clusters: readonly Cluster[], level: number): ClusteredNumbers {
  if (clusters.length < 2) return valueOnly(pooledMean(clusters).value, 'only one image: no interval')
  return numbersOf(clusteredMean(clusters), [clusters], level)
}

/** The mean of `flagged` minus the mean of `unflagged`, by image. */
export function deltaNumbers(
  flagged: readonly CaseScore[],
  unflagged: readonly CaseScore[],
  flag: Flag,
  level: number,
): ClusteredNumbers {
  if (flagged.length === 0) return noNumbers(`no ${flag} case has the score`)
  if (unflagged.length === 0) return noNumbers(`no case that is not ${flag} has the score`)
  const [one, zero] = [clustersOf(flagged), clustersOf(unflagged)]
  const value = pooledMean(one).value - pooledMean(zero).value
  const reason = noGroupInterval(flagged, unflagged, flag)
  if (reason !== null) return valueOnly(value, reason)
  return numbersOf(clusteredDifference(one, zero), [one, zero], level)
}

/** Why two groups of cases allow no interval of their difference, or null when they do. */
export function noGroupInterval(flagged: readonly CaseScore[], unflagged: readonly CaseScore[], flag: Flag): string | null {
  const one = new Set(flagged.map(({ image }) => image))
  const zero = new Set(unflagged.map(({ image }) => image))
  if (!one.isDisjointFrom(zero)) return 'an image has cases in both groups: no closed form, no interval'
  if (one.size < 2) return `only one image with a ${flag} case: no interval`
  return zero.size < 2 ? `only one image with a case that is not ${flag}: no interval` : null
}

/**
 * An estimate as the numbers of a row; no interval and no p on fewer than 15 effective images, added up over the `groups` of
 * clusters that are compared.
 */
export function numbersOf(estimate: Cr2, groups: readonly (readonly Cluster[])[], level: number): ClusteredNumbers {
  const { value, standardError, df } = estimate
  const images = groups.reduce((sum, clusters) => sum + effectiveClusters(clusters), 0)
  const refusal = intervalRefusal(images)
  if (refusal !== null) return { ...valueOnly(value, refusal), standardError, df }
  const interval = { ...tInterval(estimate, level), level }
  const p = standardError === 0 ? null : tTwoSided(value / standardError, df)
  const reason = standardError === 0 ? 'no spread between images: the interval is only a point, and there is no p' : null
  return { value, standardError, df, interval, p, exploratory: isExploratory(images, df), reason }
}

/** A value without an interval, with the reason. */
export function valueOnly(value: number, reason: string): ClusteredNumbers {
  return { ...noNumbers(reason), value }
}

/** Numbers that the data do not allow, with the reason. */
export function noNumbers(reason: string): ClusteredNumbers {
  return { value: null, standardError: null, df: null, interval: null, p: null, exploratory: true, reason }
}

/** The values by image, in the order in which the images come: a mean needs no other. */
function clustersOf(scores: readonly CaseScore[]): number[][] {
  const clusters = new Map<string, number[]>()
  for (const { image, value } of scores) {
    const cluster = clusters.get(image)
    if (cluster === undefined) clusters.set(image, [value])
    else cluster.push(value)
  }
  return [...clusters.values()]
}
