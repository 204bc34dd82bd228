import { mentions, sentences } from '../../cases/phrase.ts'
import type { Fact, Patient } from '../../cases/schema.ts'

/** What the patient says next. */
export interface PatientAnswer {
  readonly text: string
  /** Ids of the facts told. */
  readonly facts: readonly string[]
  /** True when something was asked that the ledger does not answer. */
  readonly unlisted: boolean
}

/** A patient in the middle of a conversation. */
export interface PatientState {
  readonly persona: Patient['persona']
  /** The facts that the arm lets the patient speak of, in ledger order. */
  readonly facts: readonly Fact[]
  /** Ids of the facts told so far. */
  readonly told: ReadonlySet<string>
  /** The same over arms and models, so that their differences are not the patient’s. */
  readonly seed: number
}

// What a plain question about a whole category sounds like; an `if_asked` fact is told when its category is asked about.
const CATEGORY_PHRASES: Readonly<Record<Fact['category'], readonly string[]>> = {
  symptom: ['other symptom*', 'any symptom*', 'anything else'],
  onset: ['how long', 'when did start', 'when did begin', 'first notice*'],
  change: ['chang*', 'grow*', 'grew', 'bigger', 'getting worse'],
  history: ['medical history', 'health problem*', 'medical condition*', 'past illness*', 'had before'],
  medication: ['medicine*', 'medication*', 'tablet*', 'pill*', 'drugs'],
  allergy: ['allerg*'],
  family: ['family'],
  social: ['live with', 'smok*', 'alcohol', 'drink', 'work as', 'job', 'occupation'],
  exposure: ['contact with', 'exposed to', 'exposure', 'bitten', 'bite*'],
  travel: ['travel*', 'abroad', 'trip*'],
  sun: ['sun', 'sunburn*', 'sunbed*', 'tanning'],
  pregnancy: ['pregnan*'],
  preference: ['worried about', 'concern*', 'hope for', 'expect*'],
  access: ['get to', 'reach a', 'come in', 'able to attend', 'travel to a clinic'],
}

const FACTS_PER_TURN = { low: 3, medium: 4, high: 5 } as const
const NOT_SURE = ['I am not sure about that.', 'Not that I have noticed.', 'I could not say, sorry.', 'I do not know about that.']
const LISTENING = ['All right.', 'I see, thank you.', 'Okay.', 'Thank you.']
const REQUEST = /^(please )?(tell|describe|explain|let me know|say)\b/i

/**
 * The patient’s answer by plain rules: only facts of the ledger, only those that were asked for, in ledger order.
 *
 * A fact is told when a question contains one of its phrases, or asks about its category and the fact’s disclosure
 * allows that. Facts unknown to the patient are never told. A question that the ledger does not answer gets a plain
 * “not sure”, never an invention. When nothing is asked, the next fact to volunteer is told. Talkativeness sets how
 * many facts one answer holds (3, 4 or 5); the other axes of the persona do not change a scripted patient.
 */
export function scriptedAnswer(state: PatientState, clinicianText: string, turnNumber: number): PatientAnswer {
  const questions = sentences(clinicianText).filter((sentence) => sentence.endsWith('?') || REQUEST.test(sentence))
  const pick = (lines: readonly string[]) => lines[(state.seed + turnNumber) % lines.length] ?? ''
  if (questions.length === 0) return tell(state.facts.filter(isVolunteered(state)).slice(0, 1), pick(LISTENING), false)
  const answering = state.facts.filter((fact) => questions.some((question) => answers(fact, question)))
  const unanswered = questions.some((question) => !state.facts.some((fact) => answers(fact, question)))
  const known = answering.filter((fact) => fact.disclosure !== 'unknown_to_patient')
  const fresh = known.filter((fact) => !state.told.has(fact.id)).slice(0, FACTS_PER_TURN[state.persona.talkativeness])
  if (fresh.length > 0) return tell(fresh, '', unanswered)
  if (known.length > 0) return tell(known.slice(0, 2), 'As I said:', unanswered)
  return { text: pick(NOT_SURE), facts: [], unlisted: true }
}

function tell(facts: readonly Fact[], lead: string, unlisted: boolean): PatientAnswer {
  const text = [lead, ...facts.map((fact) => fact.text)].filter((part) => part !== '').join(' ')
  return { text, facts: facts.map((fact) => fact.id), unlisted }
}

function isVolunteered(state: PatientState): (fact: Fact) => boolean {
  return (fact) => fact.disclosure === 'volunteer' && !state.told.has(fact.id)
}

function answers(fact: Fact, question: string): boolean {
  if (mentions(question, fact.askedBy)) return true
  return fact.disclosure !== 'only_if_specific' && mentions(question, CATEGORY_PHRASES[fact.category])
}
