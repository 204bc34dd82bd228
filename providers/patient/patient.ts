import type { Transcript } from '../../cases/transcript.ts'
import type { Answer, Ask } from '../ask.ts'
import type { PatientState } from './ledger.ts'

/** What the patient says next. */
export interface PatientAnswer {
  readonly text: string
  /** Ids of the facts told. */
  readonly facts: readonly string[]
  /** True when a question was asked that no fact of the ledger answers; open questions do not count. */
  readonly unlisted: boolean
}

/** What the output checks and the disclosure rules found while a model made one answer; zeros for rules. */
export type PatientNotes = Readonly<
  Record<'malformed' | 'disallowed' | 'overLimit' | 'overshared' | 'leaks' | 'rejected' | 'regenerations' | 'fallbacks', number>
>

/** The notes of an answer in which nothing was found. */
export const NO_NOTES: PatientNotes = {
  ...{ malformed: 0, disallowed: 0, overLimit: 0, overshared: 0 },
  ...{ leaks: 0, rejected: 0, regenerations: 0, fallbacks: 0 },
}

/** One answer of the patient, the wish to end, or the reason why there is neither; and how it came about. */
export interface PatientStep {
  readonly outcome:
    | ({ readonly kind: 'answer' } & PatientAnswer)
    | { readonly kind: 'done' }
    | { readonly kind: 'failure'; readonly reason: 'error' | 'deadline' | 'budget'; readonly detail: string }
  /** What the models behind the patient answered; empty for rules. */
  readonly calls: readonly Answer[]
  readonly notes: PatientNotes
}

/** Who speaks for the patient in one conversation. */
export interface Patient {
  /**
   * Answers a clinician’s text. A model’s fault is a `failure`, never an utterance.
   *
   * @param turnNumber the clinician’s reply that is answered, from 1
   * @throws only when the caller’s signal is aborted
   */
  readonly answer: (
    state: PatientState,
    clinicianText: string,
    turnNumber: number,
    patience: Parameters<Ask>[2],
  ) => Promise<PatientStep>
  /** What the transcript says of the patient, from all its steps. */
  readonly record: (seed: number, steps: readonly PatientStep[]) => Transcript['patient']
}
