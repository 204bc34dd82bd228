import type { TrialIdentity } from '../cases/identity.ts'
import type { Arm } from '../cases/schema.ts'
import type { StopReason, Usage } from '../cases/transcript.ts'
import type { Cap, ChecklistItem, Dimension, JurorSight, TriageCheck } from '../cases/verdict.ts'
import type { Measure } from './estimate.ts'
import type { Subgroups } from './subgroups.ts'

/** What one juror said when asked once about one dimension: a score, or null with the reason of the abstention. */
export type TrialVote = {
  juror: string
  family: string
  simulated: boolean
  dimension: Dimension
  /** 0 for the first time that the juror was asked. */
  repeat: number
  /** What the juror knew of the picture; null when not told. */
  saw: JurorSight | null
  score: number | null
  missing: string | null
  /** Quotes that the verdict gives, and how many of them stand in the transcript; null for an abstention or when not told. */
  quotes: { given: number; verified: number } | null
}

/** What one juror’s verdicts on one conversation took, stored replies counted as what they once cost. */
export type JurorSpent = { juror: string; usage: Usage; costUsd: number | null }

/** What a trial has on one measure: a score from 1 to 5, or null with the reason. */
export type Score = { value: number; missing: null } | { value: null; missing: string }

/** What plain rules looked for in a conversation: done, not done, or (null) a question that does not arise. */
export type TrialItem = Pick<ChecklistItem, 'id' | 'group' | 'met' | 'weight'>

/** One case × arm × model × repeat: a row of the tidy table, also when it came to nothing. */
export type Trial = {
  caseId: string
  /** The first image’s sha256; cases that share it form one cluster. */
  image: string
  /** Null for in situ and uncertain neoplasms, which belong to neither group. */
  malignant: boolean | null
  /** Null where the rarity is unknown: never “common”. */
  rare: boolean | null
  /** Whether the case needs an emergency referral and nothing less urgent is acceptable; null when not told. */
  emergency: boolean | null
  /** The groups to which patient and image belong. */
  subgroups: Subgroups
  model: string
  /** Who made the model under test; null when no transcript says so. */
  family: string | null
  arm: Arm
  repeat: number
  scores: Record<Measure, Score>
  /** Why the whole trial has no score, or null. */
  missing: string | null
  /** How the payload proofs contradict the arm, or null. */
  contradiction: string | null
  /** sha256 of the instructions that the clinician got, without the record; null when no transcript says so. */
  instructions: string | null
  votes: TrialVote[]
  /** What the votes took, one a juror; empty when not told. */
  spent: JurorSpent[]
  /** The ceilings and floors that the checklist put on the scores; empty without a grade. */
  caps: Cap[]
  /** Whether the model under test is an embedded rule; null when no transcript says so. */
  simulated: boolean | null
  /** Why the conversation ended; null without a transcript. */
  stop: StopReason | null
  /** Words in the turns of the model under test, split at white space; null without a transcript. */
  clinicianWords: number | null
  /** Turns of the model under test; null without a transcript. */
  replies: number | null
  /** What its replies cost in US dollars, stored ones at what they once cost; null when not known. */
  costUsd: number | null
  /** What all its jurors cost together; null without a grade or when a price is not known. */
  juryCostUsd: number | null
  /** What plain rules found; null when the conversation was not graded. */
  checklist: TrialItem[] | null
  /** The advised urgency as plain rules read it; null when the conversation was not graded. */
  triage: TriageCheck | null
}

/** Whether a case counts as malignant: benign, premalignant and not neoplastic do not; in situ and uncertain are null. */
export function isMalignant(neoplasm: TrialIdentity['neoplasm']): boolean | null {
  if (neoplasm === 'malignant') return true
  return neoplasm === 'in_situ' || neoplasm === 'uncertain' ? null : false
}

/** Whether a case counts as rare; unknown is null. */
export function isRare(rarity: TrialIdentity['rarity']): boolean | null {
  return rarity === 'unknown' ? null : rarity === 'rare'
}

/** Whether only an emergency referral is acceptable. No level at all is a RangeError. */
export function needsEmergency(acceptable: TrialIdentity['acceptableTriage']): boolean {
  if (acceptable.length === 0) throw new RangeError('needsEmergency requires at least one acceptable level, got none')
  return acceptable.every((level) => level === 'emergency')
}

/** The trial's own name, equal for two rows only when they are the same trial. */
export function trialKey(trial: Pick<Trial, 'caseId' | 'arm' | 'model' | 'repeat'>): string {
  return JSON.stringify([trial.caseId, trial.arm, trial.model, trial.repeat])
}
