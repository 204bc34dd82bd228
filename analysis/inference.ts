import { byImage } from './by-image.ts'
import type { CaseScore } from './case-scores.ts'
import { type Cluster, type Cr2, clusteredDifference, clusteredMean, pooledMean, tInterval } from './cr2.ts'
import type { Estimate, Interval } from './estimate.ts'
import { effectiveClusters, intervalRefusal, isExploratory } from './exploratory.ts'
import { bootstrapMeans, type MeanIntervals } from './mean-bootstrap.ts'
import { type Resamples, resampleChunks } from './resample.ts'

/**
 * How intervals are made: their level, how many resamples from which seed, and `draw`, which gives the same resamples for
 * strata of clusters to estimators that want them all at once.
 */
export type IntervalRule = {
  level: number
  resamples: number
  seed: number
  draw: (strata: readonly number[]) => Resamples
}

/** The part of an estimate that follows from case scores alone. */
export type Inference = Omit<Estimate, 'estimand' | 'measure' | 'model' | 'arm' | 'nCasesLeftOut'>

/** The two sides of a delta: which cases are flagged (null: in neither group), and what a message calls each side. */
export type Grouping = { flag: (score: CaseScore) => boolean | null; flagged: string; unflagged: string }

/**
 * What to infer from case scores: their mean, or the difference between two groups of them. `studentise` adds the
 * studentised bootstrap, which only a mean can have. A reason instead of scores refuses.
 */
export type Question =
  | { kind: 'mean'; scores: readonly CaseScore[]; studentise: boolean }
  | { kind: 'delta'; scores: readonly CaseScore[]; grouping: Grouping }
  | { kind: 'refused'; reason: string }

type Counts = Pick<Estimate, 'nCases' | 'nImages' | 'effectiveImages' | 'nTrials' | 'nGroups'>
type Open = { counts: Counts; estimate: Cr2; metric: readonly (readonly Cluster[])[]; studentise: boolean }

const NO_COUNTS: Counts = { nCases: 0, nImages: 0, effectiveImages: null, nTrials: 0, nGroups: null }
/** From the notes of the first study of these intervals: a closer look is due where two 95 % intervals differ by more. */
const WIDTHS_DIFFER = 0.15

/**
 * Answers in the order of the questions. All questions on equally many clusters share their resamples and one pass over
 * them, so a hundred answers cost little more than a few.
 *
 * No case gives no value. One image, a group on one image, fewer than 15 effective images, or a delta for which an image has
 * cases in both groups give a value without interval. The reason says which.
 */
export function inferAll(questions: readonly Question[], rule: IntervalRule): Inference[] {
  const prepared = questions.map(prepare)
  const answers = prepared.map((one) => ('metric' in one ? null : one))
  const open = prepared.flatMap((one, index) => ('metric' in one ? [{ ...one, index }] : []))
  const shared = Map.groupBy(open, ({ metric, studentise }) => JSON.stringify([studentise, metric.map((g) => g.length)]))
  for (const batch of shared.values()) {
    const [{ metric, studentise }] = batch as [(typeof batch)[0]]
    const chunks = resampleChunks(
      metric.map((group) => group.length),
      rule.resamples,
      rule.seed,
    )
    const metrics = batch.map((one) => one.metric)
    const drawn = bootstrapMeans(metrics, chunks, rule.resamples, { level: rule.level, studentise })
    batch.forEach((one, i) => {
      answers[one.index] = withIntervals(one, drawn[i] as MeanIntervals, rule.level)
    })
  }
  return answers as Inference[]
}

function prepare(question: Question): Inference | Open {
  if (question.kind === 'refused') return withoutValue(question.reason, NO_COUNTS)
  if (question.kind === 'delta') return prepareDelta(question.scores, question.grouping)
  const { scores, studentise } = question
  if (scores.length === 0) return withoutValue('no case has every score that this number needs', NO_COUNTS)
  const clusters = byImage(scores)
  const counts = countsOf(scores, [clusters], null)
  if (clusters.length < 2) return withoutInterval(pooledMean(clusters).value, counts, 'only one image: no interval')
  return openOrFew(clusteredMean(clusters), counts, [clusters], studentise)
}

function prepareDelta(scores: readonly CaseScore[], grouping: Grouping): Inference | Open {
  const flagged = scores.filter((score) => grouping.flag(score) === true)
  const unflagged = scores.filter((score) => grouping.flag(score) === false)
  const [one, zero] = [byImage(flagged), byImage(unflagged)]
  const groups = [one, zero].filter((group) => group.length > 0)
  const counts = countsOf([...flagged, ...unflagged], groups, { flagged: flagged.length, unflagged: unflagged.length })
  if (flagged.length === 0) return withoutValue(`no ${grouping.flagged} case has the score`, counts)
  if (unflagged.length === 0) return withoutValue(`no ${grouping.unflagged} case has the score`, counts)
  const value = pooledMean(one).value - pooledMean(zero).value
  if (one.length + zero.length > counts.nImages)
    return withoutInterval(value, counts, 'an image has cases in both groups: no closed form, no interval')
  if (one.length < 2) return withoutInterval(value, counts, `only one image with a ${grouping.flagged} case: no interval`)
  if (zero.length < 2) return withoutInterval(value, counts, `only one image with a ${grouping.unflagged} case: no interval`)
  return openOrFew(clusteredDifference(one, zero), counts, [one, zero], false)
}

function openOrFew(estimate: Cr2, counts: Counts, metric: Open['metric'], studentise: boolean): Inference | Open {
  const refusal = intervalRefusal(counts.effectiveImages ?? 0)
  if (refusal === null) return { counts, estimate, metric, studentise }
  // The standard error stays: with it the run can be used to plan a larger one.
  return { ...counts, ...estimate, intervals: [], widthsDiffer: null, exploratory: true, reason: refusal }
}

function withIntervals({ counts, estimate, studentise }: Open, { bca, studentised }: MeanIntervals, level: number): Inference {
  const closed: Interval = { method: 'cr2-t', ...tInterval(estimate, level), level }
  const drawn: Interval[] = bca.kind === 'none' ? [] : [{ method: 'cluster-bca', low: bca.low, high: bca.high, level }]
  const scaled: Interval[] =
    studentise && studentised?.kind === 'interval'
      ? [{ method: 'cluster-boot-t', low: studentised.low, high: studentised.high, level }]
      : []
  const reasons = [
    ...(bca.kind === 'none' ? [bca.reason] : []),
    ...(studentised?.kind === 'none' ? [studentised.reason] : []),
    ...(estimate.standardError === 0 ? ['no spread between images: the interval is only a point'] : []),
  ]
  return {
    ...counts,
    ...estimate,
    intervals: [closed, ...drawn, ...scaled],
    widthsDiffer: drawn[0] === undefined ? null : differ(widthOf(closed), widthOf(drawn[0])),
    exploratory: isExploratory(counts.effectiveImages ?? 0, estimate.df),
    reason: reasons.length === 0 ? null : reasons.join('; '),
  }
}

function differ(closed: number, drawn: number): boolean {
  return Math.abs(drawn - closed) > WIDTHS_DIFFER * closed
}

function widthOf({ low, high }: Interval): number {
  return high - low
}

function withoutValue(reason: string, counts: Counts): Inference {
  return { ...withoutInterval(0, counts, reason), value: null }
}

function withoutInterval(value: number, counts: Counts, reason: string): Inference {
  const none = { standardError: null, df: null, intervals: [], widthsDiffer: null, exploratory: true }
  return { ...counts, ...none, value, reason }
}

function countsOf(scores: readonly CaseScore[], groups: readonly (readonly Cluster[])[], nGroups: Counts['nGroups']): Counts {
  return {
    nCases: scores.length,
    nImages: new Set(scores.map((score) => score.image)).size,
    effectiveImages: groups.length === 0 ? null : groups.reduce((sum, group) => sum + effectiveClusters(group), 0),
    nTrials: scores.reduce((sum, score) => sum + score.trials, 0),
    nGroups,
  }
}
