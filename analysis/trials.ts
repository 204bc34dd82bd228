import { brokeOff, type Transcript } from '../cases/transcript.ts'
import { Dimension, type Evidence, type Grade } from '../cases/verdict.ts'
import type { Measure } from './measure.ts'
import { comparePlace, compareText } from './order.ts'
import { armContradiction } from './payload-proofs.ts'
import type { RowContent } from './row-content.ts'
import { subgroupsOf } from './subgroups.ts'
import { nameOfTrial, tidyTable } from './tidy-table.ts'
import { isMalignant, isRare, needsEmergency, type Score, type Trial, type TrialVote, trialKey } from './trial.ts'

const LONGEST_DETAIL = 120

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
      throw new Error(`${source} requires each trial once, got two that differ of ${nameOfTrial(trial)}`)
    trials.set(trialKey(trial), trial)
  }
  return tidyTable([...trials.values()])
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
    emergency: needsEmergency(identity.acceptableTriage),
    subgroups: subgroupsOf(identity),
    model,
    family: transcript?.model.family ?? null,
    arm,
    repeat: identity.repeat,
    scores: scoresOf(grade, missing),
    missing,
    contradiction,
    instructions: transcript === null ? null : [...new Set(transcript.proofs.map((proof) => proof.instructions))].sort().join(),
    votes: grade === null ? [] : votesOf(grade),
    spent: (grade?.spent ?? []).map(({ juror, usage, costUsd }) => ({ juror, usage, costUsd })),
    caps: grade?.caps ?? [],
    simulated: transcript?.model.simulated ?? null,
    stop: transcript?.stop.reason ?? null,
    clinicianWords: transcript === null ? null : wordsOfClinician(transcript),
    replies: transcript === null ? null : transcript.turns.filter(({ role }) => role === 'clinician').length,
    costUsd: transcript?.costUsd ?? null,
    juryCostUsd: grade === null ? null : juryCost(grade),
    checklist: grade === null ? null : grade.checklist.map(({ id, group, met, weight }) => ({ id, group, met, weight })),
    triage: grade?.triage ?? null,
  }
}

function wordsOfClinician({ turns }: Transcript): number {
  const words = turns.filter((turn) => turn.role === 'clinician').flatMap((turn) => turn.text.split(/\s+/))
  return words.filter((word) => word !== '').length
}

function juryCost({ spent }: Grade): number | null {
  if (spent.length === 0) return null
  return spent.reduce<number | null>((sum, { costUsd }) => (sum === null || costUsd === null ? null : sum + costUsd), 0)
}

function wholeMissing({ transcript, notHeld, grade, juryMissing }: RowContent, contradiction: string | null): string | null {
  if (transcript === null) return notHeld === null ? 'no transcript: the cell failed in promptfoo' : `not held: ${notHeld}`
  if (contradiction !== null) return `payload contradicts the arm: ${contradiction}`
  if (brokeOff(transcript.stop.reason))
    return ['conversation broke off', transcript.stop.reason, firstLine(transcript.stop.detail)]
      .filter((part) => part !== '')
      .join(': ')
  const quarantined = transcript.patient.mode === 'simulated' ? transcript.patient.quarantined : null
  if (quarantined !== null) return `simulated patient set aside: ${quarantined}`
  if (grade === null) return juryMissing === null ? 'not judged' : `jury failed: ${juryMissing}`
  const reasons = Dimension.options.map((dimension) => dimensionScore(grade, dimension).missing)
  return reasons.includes(null) ? null : [...new Set(reasons)].join('; ')
}

function firstLine(detail: string): string {
  const [line = ''] = detail.split('\n')
  return line.length > LONGEST_DETAIL ? `${line.slice(0, LONGEST_DETAIL)}…` : line
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
    repeat: vote.repeat,
    saw: vote.juror.saw,
    ...(vote.kind === 'verdict'
      ? { score: vote.score, missing: null, quotes: quotesOf(vote.evidence) }
      : { score: null, missing: vote.reason, quotes: null }),
  }))
  return votes.sort(
    (a, b) => compareText(a.juror, b.juror) || comparePlace(Dimension.options, a.dimension, b.dimension) || a.repeat - b.repeat,
  )
}

function quotesOf(evidence: readonly Evidence[]): { given: number; verified: number } {
  return { given: evidence.length, verified: evidence.filter(({ verified }) => verified).length }
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
