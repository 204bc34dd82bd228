import type { CaseScore } from './case-scores.ts'
import { bca, type ClusterStatistic, differenceOf, meanOf } from './cluster-bootstrap.ts'
import { type Cluster, type Cr2, clusteredDifference, clusteredMean, pooledMean, tInterval } from './cr2.ts'
import type { Estimate, Interval } from './estimate.ts'
import { compareText } from './order.ts'
import type { Resamples } from './resample.ts'

/** How intervals are made: their level, and where the bootstrap's resamples come from. */
export type IntervalRule = { level: number; draw: (strata: readonly number[]) => Resamples }

/** The part of an estimate that follows from case scores alone. */
export type Inference = Omit<Estimate, 'estimand' | 'measure' | 'model' | 'arm' | 'nCasesLeftOut'>

/** The two sides of a delta: which cases are flagged (null: in neither group), and what a message calls each side. */
export type Grouping = { flag: (score: CaseScore) => boolean | null; flagged: string; unflagged: string }

type Counts = Pick<Estimate, 'nCases' | 'nImages' | 'nTrials' | 'nGroups'>

const FEW_IMAGES = 20
const FEW_DF = 4
const NO_COUNTS: Counts = { nCases: 0, nImages: 0, nTrials: 0, nGroups: null }

/** The mean of the case scores, clustered by image. No case gives no value; one image gives a value without interval. */
export function inferMean(scores: readonly CaseScore[], rule: IntervalRule): Inference {
  if (scores.length === 0) return withoutValue('no case has every score that this number needs')
  const clusters = byImage(scores)
  const counts = countsOf(scores, null)
  if (clusters.length < 2) return withoutInterval(pooledMean(clusters).value, counts, 'only one image: no interval')
  return withIntervals(clusteredMean(clusters), counts, meanOf(clusters), [clusters.length], rule)
}

/**
 * Mean of the flagged cases minus mean of the unflagged, clustered by image; cases in neither group do not count. An empty
 * group gives no value. A group on one image, or an image with cases in both groups, gives a value without interval.
 */
export function inferDelta(scores: readonly CaseScore[], grouping: Grouping, rule: IntervalRule): Inference {
  const flagged = scores.filter((score) => grouping.flag(score) === true)
  const unflagged = scores.filter((score) => grouping.flag(score) === false)
  const counts = countsOf([...flagged, ...unflagged], { flagged: flagged.length, unflagged: unflagged.length })
  if (flagged.length === 0) return { ...withoutValue(`no ${grouping.flagged} case has the score`), ...counts }
  if (unflagged.length === 0) return { ...withoutValue(`no ${grouping.unflagged} case has the score`), ...counts }
  const one = byImage(flagged)
  const zero = byImage(unflagged)
  const value = pooledMean(one).value - pooledMean(zero).value
  if (one.length + zero.length > counts.nImages)
    return withoutInterval(value, counts, 'an image has cases in both groups: no closed form, no interval')
  if (one.length < 2) return withoutInterval(value, counts, `only one image with a ${grouping.flagged} case: no interval`)
  if (zero.length < 2) return withoutInterval(value, counts, `only one image with a ${grouping.unflagged} case: no interval`)
  return withIntervals(clusteredDifference(one, zero), counts, differenceOf(one, zero), [one.length, zero.length], rule)
}

/** An estimate that the data do not allow, or that is refused, with the reason. */
export function withoutValue(reason: string): Inference {
  return { ...NO_COUNTS, value: null, standardError: null, df: null, intervals: [], exploratory: true, reason }
}

function withoutInterval(value: number, counts: Counts, reason: string): Inference {
  return { ...counts, value, standardError: null, df: null, intervals: [], exploratory: true, reason }
}

function withIntervals(
  estimate: Cr2,
  counts: Counts,
  statistic: ClusterStatistic,
  strata: readonly number[],
  { level, draw }: IntervalRule,
): Inference {
  const boot = bca(statistic, counts.nImages, draw(strata), level)
  const closed: Interval = { method: 'cr2-t', ...tInterval(estimate, level), level }
  const drawn: Interval[] = boot.kind === 'none' ? [] : [{ method: 'cluster-bca', low: boot.low, high: boot.high, level }]
  const point = estimate.standardError === 0 ? 'no spread between images: the interval is only a point' : null
  return {
    ...counts,
    ...estimate,
    intervals: [closed, ...drawn],
    exploratory: counts.nImages < FEW_IMAGES || estimate.df < FEW_DF,
    reason: boot.kind === 'none' ? boot.reason : point,
  }
}

function countsOf(scores: readonly CaseScore[], nGroups: Counts['nGroups']): Counts {
  return {
    nCases: scores.length,
    nImages: new Set(scores.map((score) => score.image)).size,
    nTrials: scores.reduce((sum, score) => sum + score.trials, 0),
    nGroups,
  }
}

function byImage(scores: readonly CaseScore[]): Cluster[] {
  const images = Map.groupBy(scores, (score) => score.image)
  return [...images].sort(([a], [b]) => compareText(a, b)).map(([, members]) => members.map((score) => score.value))
}
