import { mentions, sentences } from '../../cases/phrase.ts'
import type { Fact, Patient } from '../../cases/schema.ts'

/** What the patient says next. */
export interface PatientAnswer {
  readonly text: string
  /** Ids of the facts told. */
  readonly facts: readonly string[]
  /** True when a question was asked that no fact of the ledger answers; open questions do not count. */
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
const OPEN_PHRASES = [
  'tell me more',
  'tell more about',
  'little more about',
  'anything else',
  'something else',
  'in your own words',
]
const NOT_SURE = ['I am not sure about that.', 'Not that I have noticed.', 'I could not say, sorry.', 'I do not know about that.']
const NO_MORE = ['I have nothing to add.', 'That is all I can think of.', 'No, that is all.']
const LISTENING = ['All right.', 'I see, thank you.', 'Okay.', 'Thank you.']
// `Tell your doctor about it` is advice, `tell me about it` is a question.
const REQUEST =
  /^\W*(?:(?:please|can you|could you|would you) )*(?:tell me|describe|walk me through|let me know (?:about|how|what|when|where|whether|which))\b/i

/** The sentences of a clinician’s text that ask the patient for something, with or without a question mark. */
export function questionsIn(text: string): string[] {
  return sentences(text).filter((sentence) => sentence.includes('?') || REQUEST.test(sentence))
}

/**
 * The patient’s answer by plain rules: only facts of the ledger, only those that were asked for, in ledger order.
 *
 * A fact is told when a question contains one of its phrases, or asks about its category and the fact’s disclosure
 * allows that. Facts unknown to the patient are never told. When nothing that the patient knows was asked for, the answer
 * is a plain “not sure”, never an invention. When nothing is asked, or only an open question (`tell me more`), the next
 * fact to volunteer is told. Talkativeness sets how many facts one answer holds (3, 4 or 5); the other axes of the
 * persona do not change a scripted patient.
 *
 * @param turnNumber varies the wording of answers without a fact, from 1
 */
export function scriptedAnswer(state: PatientState, clinicianText: string, turnNumber: number): PatientAnswer {
  const questions = questionsIn(clinicianText)
  const pick = (lines: readonly string[]) => lines[(state.seed + turnNumber) % lines.length] ?? ''
  const closed = questions.filter((question) => !mentions(question, OPEN_PHRASES))
  const known = state.facts.filter(isKnown).filter((fact) => questions.some((question) => answers(fact, question)))
  const unlisted = closed.some((question) => !state.facts.some((fact) => answers(fact, question)))
  const fresh = known.filter((fact) => !state.told.has(fact.id)).slice(0, FACTS_PER_TURN[state.persona.talkativeness])
  if (fresh.length > 0) return tell(fresh, '', unlisted)
  if (closed.length === 0) {
    const volunteered = state.facts.find((fact) => fact.disclosure === 'volunteer' && !state.told.has(fact.id))
    if (volunteered !== undefined) return tell([volunteered], questions.length === 0 ? pick(LISTENING) : '', false)
    return tell([], pick(questions.length === 0 ? LISTENING : NO_MORE), false)
  }
  return known.length > 0 ? tell(known.slice(0, 2), 'As I said:', unlisted) : tell([], pick(NOT_SURE), unlisted)
}

function tell(facts: readonly Fact[], lead: string, unlisted: boolean): PatientAnswer {
  const text = [lead, ...facts.map((fact) => fact.text)].filter((part) => part !== '').join(' ')
  return { text, facts: facts.map((fact) => fact.id), unlisted }
}

function isKnown(fact: Fact): boolean {
  return fact.disclosure !== 'unknown_to_patient'
}

function answers(fact: Fact, question: string): boolean {
  if (mentions(question, fact.askedBy)) return true
  return fact.disclosure !== 'only_if_specific' && mentions(question, CATEGORY_PHRASES[fact.category])
}
