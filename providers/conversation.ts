import type { Presentation } from '../cases/arms.ts'
import type { PreparedImage } from '../cases/images.ts'
import type { Arm, Case } from '../cases/schema.ts'
import { sha256Of } from '../cases/sha256.ts'
import type { PayloadProof, StopReason, Transcript, Turn } from '../cases/transcript.ts'
import { readTriage } from '../cases/triage.ts'
import type { Answer, Ask } from './ask.ts'
import type { Message, Model, Request } from './model.ts'
import { asksNothing } from './patient/ledger.ts'
import type { Patient, PatientStep } from './patient/patient.ts'
import { proveRequest } from './payload-proof.ts'
import { spentOn } from './spent.ts'

/** The fixed last question, so that every conversation ends in advice that can be judged. */
export const CLOSING_QUESTION =
  'Thank you. Before we finish: what do you think this is, how sure are you, what should I do now and how soon, and what should make me get help sooner?'

/** Everything that a conversation needs; nothing else shapes it. */
export interface ConversationSetup {
  readonly one: Case
  readonly arm: Arm
  readonly repeat: number
  readonly presentation: Presentation
  /** The prepared images of the presentation, in its order. */
  readonly images: readonly PreparedImage[]
  /** The case's rendered record, for the proof; it is looked for in every payload whatever the arm. */
  readonly ehr: string
  readonly system: string
  readonly model: Model
  readonly patient: Patient
  readonly ask: Ask
  /** Clinician replies before the closing question, at least 1. */
  readonly maxTurns: number
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

interface Talk {
  readonly turns: readonly Turn[]
  readonly messages: readonly Message[]
  readonly proofs: readonly PayloadProof[]
  readonly answers: readonly Answer[]
  readonly patientSteps: readonly PatientStep[]
}

type Step = {
  readonly talk: Talk
  readonly stop?: { readonly reason: StopReason; readonly detail: string }
  readonly text: string
}

/**
 * Holds one conversation: the patient opens, clinician and patient take turns until the clinician gives a plan or has
 * had its turns, or the patient wants no more, then the fixed closing question is asked.
 *
 * @returns the transcript, always; a fault of the model under test or of the patient's ends it early and is its stop reason
 * @throws only when the caller's signal is aborted
 */
export async function converse(setup: ConversationSetup): Promise<Transcript> {
  const started = performance.now()
  const seed = patientSeed(setup.one.id, setup.repeat)
  let talk = opened(setup)
  for (let reply = 1; ; reply++) {
    const step = await clinicianTurn(setup, talk, started)
    talk = step.talk
    if (step.stop !== undefined) return transcript(setup, seed, talk, step.stop)
    const ended = givesPlan(step.text) ? 'plan_given' : reply >= setup.maxTurns ? 'max_turns' : undefined
    if (ended !== undefined) return closed(setup, seed, talk, started, ended, reply)
    const said = await patientTurn(setup, seed, talk, started, step.text, reply)
    talk = said.talk
    if (said.outcome.kind === 'done') return closed(setup, seed, talk, started, 'patient_done', reply)
    if (said.outcome.kind === 'failure')
      return transcript(setup, seed, talk, { reason: said.outcome.reason, detail: said.outcome.detail })
  }
}

async function closed(
  setup: ConversationSetup,
  seed: number,
  talk: Talk,
  started: number,
  reason: StopReason,
  reply: number,
): Promise<Transcript> {
  const last = await clinicianTurn(setup, patientSays(talk, { text: CLOSING_QUESTION, closing: true }), started)
  const detail = `after ${reply} of at most ${setup.maxTurns} replies`
  return transcript(setup, seed, last.talk, last.stop ?? { reason, detail })
}

async function patientTurn(
  setup: ConversationSetup,
  seed: number,
  talk: Talk,
  started: number,
  clinicianText: string,
  reply: number,
): Promise<{ readonly talk: Talk; readonly outcome: PatientStep['outcome'] }> {
  const { persona } = setup.one.patient
  const told = new Set(talk.turns.flatMap((turn) => turn.facts ?? []))
  const state = { persona, facts: setup.presentation.facts, told, seed }
  const step = await setup.patient.answer(state, clinicianText, reply, patienceOf(setup, started))
  const next = { ...talk, patientSteps: [...talk.patientSteps, step] }
  const { outcome } = step
  if (outcome.kind !== 'answer') return { talk: next, outcome }
  const { text, facts, unlisted } = outcome
  return { talk: patientSays(next, { text, facts: [...facts], unlisted }), outcome }
}

function patienceOf({ deadlineMs, signal }: ConversationSetup, started: number): Parameters<Ask>[2] {
  return { deadlineMs: Math.floor(deadlineMs - (performance.now() - started)), signal }
}

/** Whether a clinician’s text advises how soon to be seen and asks nothing more, apart from courtesies. */
export function givesPlan(text: string): boolean {
  return asksNothing(text) && readTriage(text).level !== null
}

/** A whole number from 0 to 2³²−1 that depends on case and repeat only. */
export function patientSeed(caseId: string, repeat: number): number {
  return Number.parseInt(sha256Of(`${caseId}#${repeat}`).slice(0, 8), 16)
}

function opened(setup: ConversationSetup): Talk {
  const { opening, facts } = setup.presentation
  const told = facts.filter((fact) => fact.disclosure === 'opening').map((fact) => fact.id)
  const turn: Turn = { id: 't1', role: 'patient', text: opening, facts: told }
  const images = setup.images.map(({ mime, bytes }) => ({ type: 'image' as const, mime, bytes }))
  return {
    turns: [turn],
    messages: [{ role: 'user', content: [{ type: 'text', text: opening }, ...images] }],
    proofs: [],
    answers: [],
    patientSteps: [],
  }
}

function patientSays(talk: Talk, turn: Omit<Turn, 'id' | 'role'>): Talk {
  return {
    ...talk,
    turns: [...talk.turns, { id: `t${talk.turns.length + 1}`, role: 'patient', ...turn }],
    messages: [...talk.messages, { role: 'user', content: [{ type: 'text', text: turn.text }] }],
  }
}

// The next request begins with all of this one, and every conversation of this case and arm with the first message.
function withCacheMarks(messages: readonly Message[]): Message[] {
  return messages.map((message, i) =>
    i === 0 || i === messages.length - 1
      ? {
          ...message,
          content: message.content.map((part, j) => (j === message.content.length - 1 ? { ...part, cache: true } : part)),
        }
      : message,
  )
}

async function clinicianTurn(setup: ConversationSetup, talk: Talk, started: number): Promise<Step> {
  const request: Request = { system: setup.system, messages: withCacheMarks(talk.messages), repeat: setup.repeat }
  const id = `t${talk.turns.length + 1}`
  const answer = await setup.ask(setup.model, request, patienceOf(setup, started))
  const proofs = [...talk.proofs, proveRequest(request, id, setup.ehr, answer.key)]
  const answers = [...talk.answers, answer]
  if (answer.kind === 'failure')
    return { talk: { ...talk, proofs, answers }, stop: { reason: answer.reason, detail: answer.detail }, text: '' }
  const { text, stop } = answer.reply
  if (text.trim() === '' && stop !== 'refusal') {
    const detail = `turn ${id} has no text${stop === 'length' ? ': it was cut off at its longest' : ''}`
    return { talk: { ...talk, proofs, answers }, stop: { reason: 'empty_reply', detail }, text }
  }
  const next: Talk = {
    turns: [...talk.turns, { id, role: 'clinician', text }],
    messages: [...talk.messages, { role: 'assistant', content: [{ type: 'text', text }] }],
    proofs,
    answers,
    patientSteps: talk.patientSteps,
  }
  return stop === 'refusal'
    ? { talk: next, stop: { reason: 'refusal', detail: `turn ${id} is a refusal` }, text }
    : { talk: next, text }
}

function transcript(setup: ConversationSetup, seed: number, talk: Talk, stop: Transcript['stop']): Transcript {
  const { id, family, simulated } = setup.model
  return {
    version: 1,
    caseId: setup.one.id,
    arm: setup.arm,
    repeat: setup.repeat,
    model: { id, family, simulated },
    patient: setup.patient.record(seed, talk.patientSteps),
    turns: [...talk.turns],
    proofs: [...talk.proofs],
    stop,
    ...spentOn(talk.answers),
  }
}
