import { type Calibration, type CandidateFit, type DimensionCalibration, jurorScores } from '../cases/calibration.ts'
import { Dimension, type JuryMark } from '../cases/verdict.ts'
import software from '../package.json' with { type: 'json' }
import { type FitKind, fitMap, type LabelledScore, leftOutError } from './calibration-fit.ts'
import { jurorEffects } from './juror-severity.ts'
import { meanScore } from './jury-data.ts'
import { type LabelledTrial, type LabelSet, labelledTrials, ratedScores } from './label-files.ts'
import { compareText } from './order.ts'
import type { Trial } from './trial.ts'

/** The fewest labelled conversations for each kind of map; below the first, nothing is calibrated. */
const FLOORS: Record<FitKind, number> = { identity: 20, shift: 20, linear: 30, isotonic: 200 }

/** From the simplest on; a map with severities removed stands behind the same map without. */
const KINDS: readonly FitKind[] = ['identity', 'shift', 'linear', 'isotonic']

/** The votes of one dimension as the fit looks at them. */
type Judged = { labelled: readonly LabelledTrial[]; dimension: Dimension; quorum: number }

/**
 * The calibration of a jury to the people who rated conversations of its run, one map a dimension.
 *
 * A conversation’s target is the mean of its raters’ scores; “cannot judge” is left out and counted. Candidates are
 * identity, shift, line and isotonic map, each with and without the jurors’ severities taken off first; severities come from
 * all conversations of the run and no label. Chosen is the simplest whose error on images left out is within one standard
 * error of the smallest (Breiman and others 1984), among those with labels enough: 20, 20, 30 and 200 conversations.
 *
 * Labels of a trial that is not among `trials` are an Error. A dimension with too few labels has the map `none`.
 */
export function fitCalibration(trials: readonly Trial[], jury: JuryMark, labels: LabelSet): Calibration {
  const labelled = labelledTrials(labels, trials)
  return {
    version: 1,
    software: { name: software.name, version: software.version },
    simulated: labels.simulated,
    labels: {
      sha256: labels.sha256,
      raters: labels.raters,
      nRaters: new Set(labels.ratings.map(({ rater }) => rater)).size,
      nConversations: labelled.length,
      nImages: new Set(labelled.map(({ trial }) => trial.image)).size,
    },
    jury,
    dimensions: Object.fromEntries(
      Dimension.options.map((dimension) => [
        dimension,
        fitDimension({ labelled, dimension, quorum: jury.quorum }, severitiesOf(trials, jury, dimension)),
      ]),
    ) as Calibration['dimensions'],
  }
}

/**
 * The labelled conversations that have a pooled score and a target on a dimension, jurors’ severities removed as told. In the
 * order of `labelled`, each with its trial.
 */
export function labelledScores(
  { labelled, dimension, quorum }: Judged,
  severities: DimensionCalibration['severities'],
): (LabelledScore & { trial: Trial })[] {
  return labelled.flatMap(({ trial, ratings, weight }) => {
    const targets = ratedScores(ratings, dimension)
    const score = pooledScore(trial, dimension, quorum, severities)
    return score === null || targets.length === 0
      ? []
      : [{ image: trial.image, score, target: meanScore(targets), weight, trial }]
  })
}

/** A trial’s pooled score on a dimension before any map; null when it has none, or fewer jurors than the quorum gave a score. */
export function pooledScore(
  trial: Trial,
  dimension: Dimension,
  quorum: number,
  severities: DimensionCalibration['severities'],
): number | null {
  if (trial.scores[dimension].value === null) return null
  const answers = trial.votes.filter((vote) => vote.dimension === dimension)
  const scores = jurorScores(answers, trial.caps, dimension, severities)
  return scores.size === 0 || scores.size < quorum ? null : meanScore(scores.values())
}

function severitiesOf(trials: readonly Trial[], { jurors }: JuryMark, dimension: Dimension): Record<string, number> | null {
  const ids = jurors.map(({ id }) => id).sort(compareText)
  const votes = trials
    .filter(({ missing }) => missing === null)
    .map((trial) => {
      const own = trial.votes.filter((vote) => vote.dimension === dimension)
      return jurorScores(own, [], dimension, null)
    })
  const effects = ids.length < 2 ? null : jurorEffects(votes, ids)
  return effects === null ? null : Object.fromEntries(ids.map((id, i) => [id, effects[i] as number]))
}

function fitDimension(judged: Judged, severities: Record<string, number> | null): DimensionCalibration {
  const plain = labelledScores(judged, null)
  const counts = {
    nConversations: plain.length,
    nImages: new Set(plain.map(({ image }) => image)).size,
    nCannotJudge: judged.labelled.reduce(
      (sum, { ratings }) => sum + ratings.length - ratedScores(ratings, judged.dimension).length,
      0,
    ),
    nWithoutScore: judged.labelled.filter(({ trial }) => pooledScore(trial, judged.dimension, judged.quorum, null) === null)
      .length,
  }
  const removed = severities === null ? null : labelledScores(judged, severities)
  const candidates = KINDS.flatMap((kind) => [candidate(kind, false, plain), candidate(kind, true, removed)])
  const choice = choose(candidates, counts.nConversations)
  const rows = choice.candidate?.severityRemoved ? (removed ?? []) : plain
  const map = choice.candidate === null ? null : fitMap(choice.candidate.kind, rows)
  return {
    map: map ?? { kind: 'none' },
    severities: choice.candidate?.severityRemoved ? severities : null,
    support: rows.length === 0 ? null : supportOf(rows),
    ...counts,
    candidates,
    chosen: choice.why,
  }
}

function supportOf(rows: readonly LabelledScore[]): { low: number; high: number } {
  const scores = rows.map(({ score }) => score)
  return { low: Math.min(...scores), high: Math.max(...scores) }
}

function candidate(kind: FitKind, severityRemoved: boolean, rows: readonly LabelledScore[] | null): CandidateFit {
  const none = { kind, severityRemoved, rootMeanSquareError: null, standardError: null }
  if (rows === null) return { ...none, reason: 'no conversation compares the jurors with one another' }
  if (rows.length < FLOORS[kind]) return { ...none, reason: `${rows.length} labelled conversations, ${FLOORS[kind]} needed` }
  const error = leftOutError(kind, rows)
  if (error === null) return { ...none, reason: 'without one image the rest is too little to fit' }
  return { kind, severityRemoved, ...error, reason: null }
}

function choose(candidates: readonly CandidateFit[], n: number): { candidate: CandidateFit | null; why: string } {
  const able = candidates.flatMap((one) =>
    one.rootMeanSquareError === null || one.standardError === null
      ? []
      : [{ one, error: one.rootMeanSquareError, spread: one.standardError }],
  )
  if (able.length === 0)
    return {
      candidate: null,
      why:
        n < FLOORS.identity
          ? `only ${n} labelled conversations with a score, at least ${FLOORS.identity} are needed: nothing is calibrated`
          : 'all labelled conversations are of one image: nothing is calibrated',
    }
  const best = able.reduce((least, next) => (next.error < least.error ? next : least))
  const chosen = able.find(({ error }) => error <= best.error + best.spread) ?? best
  const smallest = `${best.error.toFixed(3)} ± ${best.spread.toFixed(3)} (${nameOf(best.one)})`
  const why =
    chosen === best
      ? `${nameOf(best.one)} has the smallest error on images left out, ${smallest}, and no simpler map is within one standard error of it`
      : `${nameOf(chosen.one)} is the simplest map within one standard error of the smallest error on images left out: ${chosen.error.toFixed(3)} against ${smallest}`
  return { candidate: chosen.one, why }
}

function nameOf({ kind, severityRemoved }: CandidateFit): string {
  return severityRemoved ? `${kind} after severities` : kind
}
