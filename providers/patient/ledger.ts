import { mentions, sentences } from '../../cases/phrase.ts'
import type { Fact, Patient } from '../../cases/schema.ts'

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

/** How many facts one answer holds at most, by the persona’s talkativeness. */
export const FACTS_PER_TURN = { low: 3, medium: 4, high: 5 } as const

// What a plain question about a whole category sounds like; an `if_asked` fact is told when its category is asked about.
const CATEGORY_PHRASES: Readonly<Record<Fact['category'], readonly string[]>> = {
  symptom: ['other symptom*', 'any symptom*', 'anything else'],
  onset: ['how long', 'when did start', 'when did begin', 'first notice*'],
  change: ['chang*', 'grow*', 'grew', 'bigger', 'getting worse'],
  history: ['medical history', 'health problem*', 'medical condition*', 'past illness*', 'had before'],
  medication: ['medicine*', 'medication*', 'tablet*', 'pill', 'pills', 'drugs'],
  allergy: ['allerg*'],
  family: ['family'],
  social: ['live with', 'smok*', 'alcohol', 'drink', 'work as', 'job', 'occupation'],
  exposure: ['contact with', 'exposed to', 'exposure', 'bitten', 'bite', 'bites'],
  travel: ['travel*', 'abroad', 'trip*'],
  sun: ['sun', 'sunburn*', 'sunbed*', 'tanning'],
  pregnancy: ['pregnan*'],
  preference: ['worried about', 'concern*', 'hope for', 'expect*'],
  access: ['get to', 'reach a', 'come in', 'able to attend', 'travel to a clinic'],
}

const LINES = {
  notSure: ['I am not sure about that.', 'Not that I have noticed.', 'I could not say, sorry.', 'I do not know about that.'],
  noMore: ['I have nothing to add.', 'That is all I can think of.', 'No, that is all.'],
  listening: ['All right.', 'I see, thank you.', 'Okay.', 'Thank you.'],
} as const

// `Tell your doctor about it` is advice, `tell me about it` is a question.
const REQUEST =
  /^\W*(?:(?:please|can you|could you|would you) )*(?:tell me|describe|walk me through|let me know (?:about|how|what|when|where|whether|which))\b/i

const OPEN_PHRASES = [
  'tell me more',
  'tell more about',
  'little more about',
  'anything else',
  'something else',
  'in your own words',
]

// Questions after advice that ask for no history: the advice stands whatever the patient answers.
const COURTESY =
  /(any|any other|any more|any further) questions|make sense|(is|are) (that|this|you) (clear|all right|ok(ay)?|comfortable)|sounds? (good|all right|ok(ay)?|reasonable)|would you like (me|to)|anything else (that )?(you(’|')?d|you would|you) (like|want|wish) (me )?to (ask|know|discuss|explain|go over)/i

/** The sentences of a clinician’s text that ask the patient for something, with or without a question mark. */
export function questionsIn(text: string): string[] {
  return sentences(text).filter((sentence) => sentence.includes('?') || REQUEST.test(sentence))
}

/** Whether a question asks for nothing in particular (`Tell me more.`). */
export function isOpen(question: string): boolean {
  return mentions(question, OPEN_PHRASES)
}

/** Whether a clinician’s text asks the patient for nothing but courtesies (`Does that make sense?`). */
export function asksNothing(text: string): boolean {
  return questionsIn(text).every((question) => COURTESY.test(question))
}

/** Whether a question asks for a fact: by one of its phrases or, unless it needs a specific question, by its category. */
export function answers(fact: Fact, question: string): boolean {
  if (mentions(question, fact.askedBy)) return true
  return fact.disclosure !== 'only_if_specific' && mentions(question, CATEGORY_PHRASES[fact.category])
}

/**
 * The facts that disclosure lets the patient tell after a clinician’s text, in ledger order: what the patient does not know
 * never; what needs a specific question only when a question holds one of its phrases; what is to be volunteered always;
 * everything else when anything is asked. Who answers, rules or a model, chooses among these.
 */
export function tellable(facts: readonly Fact[], clinicianText: string): Fact[] {
  const questions = questionsIn(clinicianText)
  return facts.filter((fact) => {
    if (fact.disclosure === 'unknown_to_patient') return false
    if (fact.disclosure === 'volunteer') return true
    if (fact.disclosure === 'only_if_specific') return questions.some((question) => mentions(question, fact.askedBy))
    return questions.length > 0
  })
}

/**
 * A plain line for an answer that tells no fact; which of its kind depends on seed and turn only.
 *
 * @param turnNumber from 1
 */
export function plainLine(kind: keyof typeof LINES, seed: number, turnNumber: number): string {
  const lines = LINES[kind]
  return lines[(seed + turnNumber) % lines.length] ?? ''
}
