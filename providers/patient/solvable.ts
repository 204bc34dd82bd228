import { present } from '../../cases/arms.ts'
import { error, type Finding } from '../../cases/finding.ts'
import type { Case, Fact } from '../../cases/schema.ts'
import { type PatientState, tellable } from './ledger.ts'
import { scriptedAnswer } from './scripted.ts'

// A plain question that a clinician of any field asks. A fact of the category that a category question brings out must be
// told after it; the phrases by which a case's own facts are asked for come on top.
const PLAIN_QUESTIONS: Readonly<Record<Fact['category'], readonly string[]>> = {
  symptom: ['Do you have any other symptoms?'],
  onset: ['How long have you had this?'],
  change: ['Has it changed or is it getting worse?'],
  history: ['Do you have any other health problems?', 'What is your medical history?'],
  medication: ['What medicines or tablets do you take?'],
  allergy: ['Do you have any allergies?'],
  family: ['Does anyone in your family have something like this?'],
  social: ['Do you smoke or drink alcohol?', 'Who do you live with and what is your job?'],
  exposure: ['Have you been in contact with anything unusual, or been bitten?'],
  travel: ['Have you travelled or been abroad?', 'Did you travel?'],
  sun: ['How much sun does your skin get?'],
  pregnancy: ['Could you be pregnant?'],
  preference: ['What are you worried about?'],
  access: ['Would you be able to attend, and can you get to a clinic?'],
}

// One answer holds 3 to 5 facts, so a question may have to be asked again to hear all that it brings out.
const TRIES = 3

/**
 * Finds must-ask facts that no plain question brings out, by asking: the scripted patient answers each question of the
 * fact's category and one for each of its own phrases, up to three times, in arm full; the disclosure rules that hold for a
 * simulated patient must allow the fact too.
 *
 * @returns one error for each fact that was never told, with the questions asked
 */
export function unreachableFacts(one: Case): Finding[] {
  const { facts } = present(one, 'full')
  return one.truth.mustAsk.flatMap(({ fact: id }) => {
    const fact = facts.find((each) => each.id === id)
    const questions = fact === undefined ? [] : plainQuestions(fact)
    if (fact !== undefined && questions.some((question) => isTold(one, facts, fact, question))) return []
    const fault = `requires a fact that a plain question brings out, got none that did: ${questions.join(' ')}`
    return [{ caseId: one.id, ...error(`truth.mustAsk.${id}`, fault) }]
  })
}

/** The plain questions that a fact is to be reached by. */
function plainQuestions({ category, askedBy }: Fact): string[] {
  return [...PLAIN_QUESTIONS[category], ...askedBy.map((phrase) => `Can you tell me about this: ${phrase.replaceAll('*', '')}?`)]
}

function isTold(one: Case, facts: readonly Fact[], fact: Fact, question: string): boolean {
  if (!tellable(facts, question).includes(fact)) return false
  const told = new Set(facts.filter(({ disclosure }) => disclosure === 'opening').map(({ id }) => id))
  if (told.has(fact.id)) return false
  for (let turn = 1; turn <= TRIES; turn++) {
    const state: PatientState = { persona: one.patient.persona, facts, told, seed: 0 }
    for (const id of scriptedAnswer(state, question, turn).facts) told.add(id)
    if (told.has(fact.id)) return true
  }
  return false
}
