import { namesOfDiagnosis } from '../../cases/leaks.ts'
import type { Case, Fact } from '../../cases/schema.ts'
import type { Answer, Ask } from '../ask.ts'
import type { Model, Request } from '../model.ts'
import { spentOn } from '../spent.ts'
import { fidelityOf, type Quarantine, quarantineReason } from './fidelity.ts'
import { answers, asksNothing, FACTS_PER_TURN, isOpen, type PatientState, plainLine, questionsIn, tellable } from './ledger.ts'
import { NO_NOTES, type Patient, type PatientNotes, type PatientStep } from './patient.ts'
import { type Choice, readChoice, selectorRequest } from './selector.ts'
import { type Rejection, rejections } from './utterance-check.ts'
import { readOut, type Saying, verbaliserRequest } from './verbaliser.ts'

/** What a simulated patient needs. */
export interface SimulatedPatientSetup {
  readonly one: Case
  /** The model that chooses facts and puts them into words, in separate requests. */
  readonly model: Model
  readonly ask: Ask
  readonly repeat: number
  readonly quarantine: Quarantine
}

interface Draft {
  readonly calls: readonly Answer[]
  readonly notes: PatientNotes
}

type AskOnce = (request: Request) => Promise<Answer>
type Failed = { readonly kind: 'failure'; readonly draft: Draft; readonly outcome: PatientStep['outcome'] }

/**
 * The patient that a model speaks for. In one request the model chooses among the facts that disclosure allows; code drops
 * every other id. In a second request it puts those facts, and only those, into words; a text that the output check refuses
 * is asked for once more, and then the facts are read out as they stand. The diagnosis is in neither request. An answer
 * without a fact is a plain line and asks no model for words.
 */
export function simulatedPatient(setup: SimulatedPatientSetup): Patient {
  const { id, family, simulated } = setup.model
  return {
    answer: (state, clinicianText, turnNumber, patience) => {
      const started = performance.now()
      const askOnce: AskOnce = (request) =>
        setup.ask(setup.model, request, {
          ...patience,
          deadlineMs: Math.floor(patience.deadlineMs - (performance.now() - started)),
        })
      return answer(setup, askOnce, state, clinicianText, turnNumber)
    },
    record: (seed, steps) => {
      const fidelity = fidelityOf(steps)
      return {
        ...{ mode: 'simulated', seed, model: { id, family, simulated } },
        spent: spentOn(steps.flatMap(({ calls }) => calls)),
        fidelity,
        quarantined: quarantineReason(fidelity, setup.quarantine),
      }
    },
  }
}

async function answer(
  setup: SimulatedPatientSetup,
  askOnce: AskOnce,
  state: PatientState,
  clinicianText: string,
  turnNumber: number,
): Promise<PatientStep> {
  const allowed = tellable(state.facts, clinicianText)
  const chosen = await choose(setup, askOnce, state, clinicianText, allowed)
  if (chosen.kind === 'failure') return { ...chosen.draft, outcome: chosen.outcome }
  // A patient who is asked something stays to answer it, whatever the model says.
  if (chosen.choice.done && asksNothing(clinicianText)) return { ...chosen.draft, outcome: { kind: 'done' } }
  const questions = questionsIn(clinicianText)
  const picked = pick(chosen.choice, state, allowed, questions)
  const draft = noted(chosen.draft, picked.notes)
  // What some fact answers by plain rules was not unlisted, also when the patient may not or cannot tell that fact.
  const closed = questions.filter((question) => !isOpen(question))
  const unlisted = chosen.choice.unlisted && closed.some((question) => !state.facts.some((fact) => answers(fact, question)))
  if (picked.facts.length === 0) {
    const kind = questions.length === 0 ? 'listening' : closed.length === 0 ? 'noMore' : 'notSure'
    const text = plainLine(kind, state.seed, turnNumber)
    return { ...draft, outcome: { kind: 'answer', text, facts: [], unlisted } }
  }
  const said = await verbalise(setup, askOnce, state, { ...picked, unsure: unlisted }, draft)
  if (said.kind === 'failure') return { ...said.draft, outcome: said.outcome }
  const facts = picked.facts.map((fact) => fact.id)
  return { ...said.draft, outcome: { kind: 'answer', text: said.text, facts, unlisted } }
}

/** Asks which facts to tell; once more when the reply is not of the agreed form, then it is a failure. */
async function choose(
  { model, repeat }: SimulatedPatientSetup,
  askOnce: AskOnce,
  state: PatientState,
  clinicianText: string,
  allowed: readonly Fact[],
): Promise<{ readonly kind: 'chosen'; readonly choice: Choice; readonly draft: Draft } | Failed> {
  let draft: Draft = { calls: [], notes: NO_NOTES }
  for (const again of [false, true]) {
    const reply = await askOnce(selectorRequest(clinicianText, allowed, state.told, repeat, again))
    draft = { ...draft, calls: [...draft.calls, reply] }
    if (reply.kind === 'failure') return failed(model, draft, reply)
    const choice = readChoice(reply.reply.text)
    if (choice !== undefined) return { kind: 'chosen', choice, draft }
    draft = noted(draft, { malformed: 1 })
  }
  return failed(model, draft, {
    reason: 'error',
    detail: 'requires a choice of facts of the agreed form, got another reply twice',
  })
}

/** What of a choice is told: what disclosure allows, in ledger order, as much as one answer holds; new things before old ones. */
function pick(choice: Choice, { told, persona }: PatientState, allowed: readonly Fact[], questions: readonly string[]) {
  const ids = new Set(choice.facts)
  const may = allowed.filter((fact) => ids.has(fact.id))
  const fresh = may.filter((fact) => !told.has(fact.id))
  const repeated = fresh.length === 0 && questions.length > 0
  const limit = questions.length === 0 ? 1 : repeated ? 2 : FACTS_PER_TURN[persona.talkativeness]
  const facts = (repeated ? may : fresh).slice(0, limit)
  const unasked = facts.filter((fact) => !questions.some((question) => answers(fact, question)))
  return {
    facts,
    repeated: repeated && facts.length > 0,
    notes: {
      disallowed: ids.size - may.length,
      overLimit: Math.max(0, fresh.length - limit),
      overshared: Math.max(0, unasked.length - 1),
    },
  }
}

async function verbalise(
  { model, repeat, one }: SimulatedPatientSetup,
  askOnce: AskOnce,
  state: PatientState,
  saying: Saying,
  before: Draft,
): Promise<{ readonly kind: 'said'; readonly text: string; readonly draft: Draft } | Failed> {
  const rule = {
    told: saying.facts,
    // Also the facts of other arms: what this arm leaves out must not be said either.
    others: one.facts.filter((fact) => !saying.facts.includes(fact) && !state.told.has(fact.id)),
    names: namesOfDiagnosis(one),
    codes: one.truth.primary.codes,
  }
  let draft = before
  let refused: readonly Rejection[] = []
  for (const regenerations of [0, 1]) {
    const reply = await askOnce(verbaliserRequest(saying, one.patient, repeat, refused))
    draft = noted({ ...draft, calls: [...draft.calls, reply] }, { regenerations })
    if (reply.kind === 'failure') return failed(model, draft, reply)
    const text = reply.reply.text.trim()
    refused = reply.reply.stop === 'refusal' ? ['empty'] : rejections(text, rule)
    if (refused.length === 0) return { kind: 'said', text, draft }
    draft = noted(draft, { rejected: 1, leaks: refused.includes('leak') || refused.includes('held_back') ? 1 : 0 })
  }
  return { kind: 'said', text: readOut(saying), draft: noted(draft, { fallbacks: 1 }) }
}

function failed(model: Model, draft: Draft, { reason, detail }: Pick<Answer & { kind: 'failure' }, 'reason' | 'detail'>): Failed {
  return { kind: 'failure', draft, outcome: { kind: 'failure', reason, detail: `patient ${model.id}: ${detail}` } }
}

function noted(draft: Draft, more: Partial<PatientNotes>): Draft {
  const add = (field: keyof PatientNotes) => [field, draft.notes[field] + (more[field] ?? 0)]
  return { ...draft, notes: Object.fromEntries((Object.keys(NO_NOTES) as (keyof PatientNotes)[]).map(add)) as PatientNotes }
}
