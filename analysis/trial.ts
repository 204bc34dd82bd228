import type { TrialIdentity } from '../cases/identity.ts'
import type { Arm } from '../cases/schema.ts'
import type { Dimension } from '../cases/verdict.ts'
import type { Measure } from './estimate.ts'

/** One juror's score of one dimension, or null with the reason of the abstention. */
export type TrialVote = {
  juror: string
  family: string
  simulated: boolean
  dimension: Dimension
  score: number | null
  missing: string | null
}

/** What a trial has on one measure: a score from 1 to 5, or null with the reason. */
export type Score = { value: number; missing: null } | { value: null; missing: string }

/** One case × arm × model × repeat: a row of the tidy table, also when it came to nothing. */
export type Trial = {
  caseId: string
  /** The first image’s sha256; cases that share it form one cluster. */
  image: string
  /** Null for in situ and uncertain neoplasms, which belong to neither group. */
  malignant: boolean | null
  /** Null where the rarity is unknown: never “common”. */
  rare: boolean | null
  model: string
  arm: Arm
  repeat: number
  scores: Record<Measure, Score>
  /** Why the whole trial has no score, or null. */
  missing: string | null
  /** How the payload proofs contradict the arm, or null. */
  contradiction: string | null
  votes: TrialVote[]
  /** Whether the model under test is an embedded rule; null when no transcript says so. */
  simulated: boolean | null
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

/** The trial's own name, equal for two rows only when they are the same trial. */
export function trialKey(trial: Pick<Trial, 'caseId' | 'arm' | 'model' | 'repeat'>): string {
  return JSON.stringify([trial.caseId, trial.arm, trial.model, trial.repeat])
}
