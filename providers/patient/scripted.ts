import { isTold } from '../../cases/arms.ts'
import type { Fact } from '../../cases/schema.ts'
import { answers, FACTS_PER_TURN, isOpen, type PatientState, plainLine, questionsIn } from './ledger.ts'
import { NO_NOTES, type Patient, type PatientAnswer } from './patient.ts'

/** The patient that answers by rules, without a model. */
export const scriptedPatient: Patient = {
  answer: async (state, clinicianText, turnNumber) => ({
    outcome: { kind: 'answer', ...scriptedAnswer(state, clinicianText, turnNumber) },
    calls: [],
    notes: NO_NOTES,
  }),
  record: (seed) => ({ mode: 'scripted', seed }),
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
  const line = (kind: Parameters<typeof plainLine>[0]) => plainLine(kind, state.seed, turnNumber)
  const closed = questions.filter((question) => !isOpen(question))
  const known = state.facts.filter(isTold).filter((fact) => questions.some((question) => answers(fact, question)))
  const unlisted = closed.some((question) => !state.facts.some((fact) => answers(fact, question)))
  const fresh = known.filter((fact) => !state.told.has(fact.id)).slice(0, FACTS_PER_TURN[state.persona.talkativeness])
  if (fresh.length > 0) return tell(fresh, '', unlisted)
  if (closed.length === 0) {
    const volunteered = state.facts.find((fact) => fact.disclosure === 'volunteer' && !state.told.has(fact.id))
    if (volunteered !== undefined) return tell([volunteered], questions.length === 0 ? line('listening') : '', false)
    return tell([], line(questions.length === 0 ? 'listening' : 'noMore'), false)
  }
  return known.length > 0 ? tell(known.slice(0, 2), 'As I said:', unlisted) : tell([], line('notSure'), unlisted)
}

function tell(facts: readonly Fact[], lead: string, unlisted: boolean): PatientAnswer {
  const text = [lead, ...facts.map((fact) => fact.text)].filter((part) => part !== '').join(' ')
  return { text, facts: facts.map((fact) => fact.id), unlisted }
}
