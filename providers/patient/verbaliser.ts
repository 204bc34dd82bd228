import type { Fact, Patient } from '../../cases/schema.ts'
import type { Request } from '../model.ts'
import { MAX_SENTENCES, type Rejection } from './utterance-check.ts'

/** What the patient is about to say. */
export interface Saying {
  /** In ledger order, at least one. */
  readonly facts: readonly Fact[]
  /** The facts were told before. */
  readonly repeated: boolean
  /** Something else was asked that the patient cannot answer. */
  readonly unsure: boolean
}

const SYSTEM = `You put into words what a patient writes to a clinician in a written consultation.
The message is one JSON object. Write all that "tell" lists, as the patient, and nothing else: no other complaint, no guess at what it is, no name of a disease, no advice, no question, no greeting. Keep what is not there, and what is not known, as it is told.
If "repeated" is true, the patient has said it before. If "unsure" is true, add that the patient is not sure about the rest of what was asked.
"manner" says how this person writes. Write in the first person, in everyday words, at most ${MAX_SENTENCES} sentences, plain text without any marks of layout.`

// In words that hold nothing of what was refused: a second request must not learn from the first what the diagnosis is.
const CORRECTIONS: Readonly<Record<Rejection, string>> = {
  empty: 'it was empty',
  markup: 'it was not plain text',
  leak: 'it said something that was not on the list',
  held_back: 'it said something that was not on the list',
  jargon: 'it used words of a doctor',
  outside: 'it was not the patient speaking in the first person',
  length: 'it was too long',
  omitted: 'it left something out that was on the list',
  contradiction: 'it changed what was on the list',
}

/**
 * The request that asks a model for the patient’s words. It holds the facts to tell and how the person writes; not the
 * clinician’s text, and nothing of the truth, the findings or the rubric. Equal sayings give equal requests in every arm and
 * to every model under test, so that they get the same words from the reply store.
 *
 * @param refused why an earlier text was refused; empty for the first try
 */
export function verbaliserRequest(saying: Saying, patient: Patient, repeat: number, refused: readonly Rejection[]): Request {
  const { talkativeness, anxiety, recall, cooperativeness } = patient.persona
  const data = {
    tell: saying.facts.map((fact) => fact.text),
    repeated: saying.repeated,
    unsure: saying.unsure,
    // Not the barrier to care: it is something to tell, not a manner, and stands in the ledger where it is told.
    manner: { talkativeness, anxiety, recall, cooperativeness, healthLiteracy: patient.healthLiteracy },
  }
  const why = [...new Set(refused.map((rejection) => CORRECTIONS[rejection]))]
  return {
    system: why.length === 0 ? SYSTEM : `${SYSTEM}\nAn earlier text could not be used: ${why.join('; ')}.`,
    messages: [{ role: 'user', content: [{ type: 'text', text: JSON.stringify(data) }] }],
    repeat,
  }
}

/** The facts read out in the ledger’s own words, for when no text of a model can be used. */
export function readOut({ facts, repeated, unsure }: Saying): string {
  const texts = facts.map((fact) => fact.text)
  return [...(repeated ? ['As I said:'] : []), ...texts, ...(unsure ? ['About the rest I am not sure.'] : [])].join(' ')
}
