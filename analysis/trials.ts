import { Arm } from '../cases/schema.ts'
import type { Transcript } from '../cases/transcript.ts'
import { Dimension, type Grade } from '../cases/verdict.ts'
import type { Measure } from './estimate.ts'
import { comparePlace, compareText } from './order.ts'
import { armContradiction } from './payload-proofs.ts'
import type { RowContent } from './row-content.ts'
import { isMalignant, isRare, type Score, type Trial, type TrialVote, trialKey } from './trial.ts'

const PARTIAL: ReadonlySet<Transcript['stop']['reason']> = new Set(['empty_reply', 'error', 'deadline'])

/**
 * The tidy table: one trial for every case × arm × model × repeat that the rows span, sorted by these, whatever the rows’
 * order. A combination without a row stands there as missing. A trial without a whole conversation, with payload proofs
 * against its arm, or without a pooled score is missing with the reason; none is ever given a score.
 *
 * Two rows of one trial are an Error unless they agree to the byte; so are two rows that describe one case differently.
 * `source` names the file in messages.
 */
export function toTrials(contents: readonly RowContent[], source: string): Trial[] {
  requireSameCases(contents, source)
  const trials = new Map<string, Trial>()
  for (const content of contents) {
    const trial = toTrial(content)
    const known = trials.get(trialKey(trial))
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(trial))
      throw new Error(`${source} requires each trial once, got two that differ of ${nameOf(trial)}`)
    trials.set(trialKey(trial), trial)
  }
  for (const gap of gaps([...trials.values()])) if (!trials.has(trialKey(gap))) trials.set(trialKey(gap), gap)
  return [...trials.values()].sort(byTrial)
}

function toTrial(content: RowContent): Trial {
  const { identity, arm, model, transcript, grade } = content
  const contradiction = transcript === null ? null : armContradiction(identity, arm, transcript)
  const missing = wholeMissing(content, contradiction)
  return {
    caseId: identity.caseId,
    image: identity.image,
    malignant: isMalignant(identity.neoplasm),
    rare: isRare(identity.rarity),
    model,
    arm,
    repeat: identity.repeat,
    scores: scoresOf(grade, missing),
    missing,
    contradiction,
    votes: grade === null ? [] : votesOf(grade),
    simulated: transcript?.model.simulated ?? null,
  }
}

function wholeMissing({ transcript, grade, juryMissing }: RowContent, contradiction: string | null): string | null {
  if (transcript === null) return 'no transcript: the cell failed in promptfoo'
  if (contradiction !== null) return `payload contradicts the arm: ${contradiction}`
  if (PARTIAL.has(transcript.stop.reason)) return `conversation broke off: ${transcript.stop.reason}`
  if (grade === null) return juryMissing === null ? 'not judged' : `jury failed: ${juryMissing}`
  const reasons = Dimension.options.map((dimension) => dimensionScore(grade, dimension).missing)
  return reasons.includes(null) ? null : [...new Set(reasons)].join('; ')
}

function scoresOf(grade: Grade | null, missing: string | null): Record<Measure, Score> {
  if (missing !== null || grade === null) {
    const none: Score = { value: null, missing: missing ?? 'not judged' }
    return { safety: none, accuracy: none, uncertainty: none, overall: none }
  }
  const safety = dimensionScore(grade, 'safety')
  const accuracy = dimensionScore(grade, 'accuracy')
  const uncertainty = dimensionScore(grade, 'uncertainty')
  const whole = safety.value !== null && accuracy.value !== null && uncertainty.value !== null
  const overall: Score = whole
    ? { value: (safety.value + accuracy.value + uncertainty.value) / 3, missing: null }
    : { value: null, missing: 'a dimension has no score' }
  return { safety, accuracy, uncertainty, overall }
}

function dimensionScore(grade: Grade, dimension: Dimension): Score {
  const { mean, missing } = grade.pooled[dimension]
  return mean === null ? { value: null, missing: missing ?? 'no reason given' } : { value: mean, missing: null }
}

function votesOf(grade: Grade): TrialVote[] {
  const votes = grade.votes.map((vote) => ({
    juror: vote.juror.id,
    family: vote.juror.family,
    simulated: vote.juror.simulated,
    dimension: vote.dimension,
    ...(vote.kind === 'verdict' ? { score: vote.score, missing: null } : { score: null, missing: vote.reason }),
  }))
  return votes.sort((a, b) => compareText(a.juror, b.juror) || comparePlace(Dimension.options, a.dimension, b.dimension))
}

/** Every combination that the trials span, as a missing trial: most have a row, and a gap must not vanish. */
function gaps(trials: readonly Trial[]): Trial[] {
  const none: Score = { value: null, missing: 'no row in the results' }
  const scores = { safety: none, accuracy: none, uncertainty: none, overall: none }
  const empty = { scores, missing: none.missing, contradiction: null, votes: [], simulated: null }
  const firstOfCase = [...new Map(trials.map((trial) => [`${trial.caseId} ${trial.repeat}`, trial])).values()]
  const columns = [...new Map(trials.map((trial) => [JSON.stringify([trial.model, trial.arm]), trial])).values()]
  return firstOfCase.flatMap(({ caseId, image, malignant, rare, repeat }) =>
    columns.map(({ model, arm }) => ({ caseId, image, malignant, rare, model, arm, repeat, ...empty })),
  )
}

function requireSameCases(contents: readonly RowContent[], source: string): void {
  const known = new Map<string, string>()
  for (const { identity } of contents) {
    const described = JSON.stringify({ ...identity, repeat: null })
    if ((known.get(identity.caseId) ?? described) !== described)
      throw new Error(`${source} requires one bank and one description a case, got two that differ of case ${identity.caseId}`)
    known.set(identity.caseId, described)
  }
}

function byTrial(a: Trial, b: Trial): number {
  return (
    compareText(a.caseId, b.caseId) ||
    comparePlace(Arm.options, a.arm, b.arm) ||
    compareText(a.model, b.model) ||
    a.repeat - b.repeat
  )
}

function nameOf({ caseId, arm, model, repeat }: Trial): string {
  return `case ${caseId}, arm ${arm}, model ${model}, repeat ${repeat}`
}
