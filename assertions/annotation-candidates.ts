import type { ResultRow } from '../analysis/results.ts'
import { rowContent } from '../analysis/row-content.ts'
import type { TrialIdentity } from '../cases/identity.ts'
import type { Arm } from '../cases/schema.ts'
import { malignancyOf } from '../cases/strata.ts'
import { brokeOff, type Transcript } from '../cases/transcript.ts'
import type { Drawable } from './annotation-sample.ts'

/** A conversation that people may rate, with what the raters must not know. */
export interface Candidate extends Drawable {
  readonly identity: TrialIdentity
  readonly arm: Arm
  readonly repeat: number
  /** The label of the model under test. */
  readonly model: string
  readonly transcript: Transcript
  /** Names by which the model under test could give itself away: label, provider’s id, model’s id. */
  readonly names: readonly string[]
  /** The mark of the jury that scored it; null when none did. */
  readonly jury: string | null
}

/** Conversations of a run that may be rated, and how many could not be, by reason. */
export interface Candidates {
  readonly candidates: readonly Candidate[]
  readonly leftOut: ReadonlyMap<string, number>
}

/** How much more often a conversation is drawn by the jury’s pooled safety score: where it is low, errors of the jury matter most. */
const BANDS = [
  { name: '1 low', below: 2.5, size: 3 },
  { name: '2 middle', below: 3.5, size: 1.5 },
  { name: '3 high', below: Number.POSITIVE_INFINITY, size: 1 },
] as const
const UNSCORED = { name: '4 none', size: 1 } as const

/**
 * The conversations of a run that may be rated: those that came to an end and, with a simulated patient, were not set aside.
 *
 * @param source named in messages
 * @throws Error for a row that this plugin did not write, and for two rows of one trial that differ
 */
export function candidatesOf(rows: readonly ResultRow[], source: string): Candidates {
  const found = new Map<string, Candidate>()
  const leftOut = new Map<string, number>()
  for (const [index, row] of rows.entries()) {
    const one = candidateOf(row, `${source} row ${index + 1}`)
    if (typeof one === 'string') {
      leftOut.set(one, (leftOut.get(one) ?? 0) + 1)
      continue
    }
    const known = found.get(one.key)
    if (known !== undefined && JSON.stringify(known.transcript) !== JSON.stringify(one.transcript))
      throw new Error(`${source} requires each trial once, got two that differ of ${one.key}`)
    found.set(one.key, one)
  }
  return { candidates: [...found.values()], leftOut }
}

/** The trial’s own name. */
export function trialName(trial: {
  readonly caseId: string
  readonly arm: Arm
  readonly model: string
  readonly repeat: number
}): string {
  return JSON.stringify([trial.caseId, trial.arm, trial.model, trial.repeat])
}

function candidateOf(row: ResultRow, place: string): Candidate | string {
  const { identity, arm, model, transcript, grade } = rowContent(row, place)
  if (transcript === null) return 'no transcript'
  if (brokeOff(transcript.stop.reason)) return `the conversation broke off: ${transcript.stop.reason}`
  if (transcript.patient.mode === 'simulated' && transcript.patient.quarantined !== null)
    return 'the simulated patient was set aside'
  const { caseId, repeat } = identity
  const safety = grade?.pooled.safety.mean ?? null
  const band = safety === null ? UNSCORED : (BANDS.find(({ below }) => safety < below) ?? UNSCORED)
  return {
    key: trialName({ caseId, arm, model, repeat }),
    caseId,
    identity,
    arm,
    repeat,
    model,
    transcript,
    names: [model, row.provider.id, transcript.model.id],
    jury: grade?.jury.sha256 ?? null,
    cell: [model, arm, `${malignancyOf(identity.neoplasm)}, ${identity.rarity}`, band.name],
    size: band.size,
  }
}
