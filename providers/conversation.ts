import type { Presentation } from '../cases/arms.ts'
import type { PreparedImage } from '../cases/images.ts'
import type { Arm, Case } from '../cases/schema.ts'
import { sha256Of } from '../cases/sha256.ts'
import type { PayloadProof, StopReason, Transcript, Turn } from '../cases/transcript.ts'
import { readTriage } from '../cases/triage.ts'
import type { Ask, Message, Model, Reply, Request } from './ask.ts'
import { questionsIn, scriptedAnswer } from './patient/scripted.ts'
import { proveRequest } from './payload-proof.ts'

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
  readonly replies: readonly Reply[]
}

type Step = {
  readonly talk: Talk
  readonly stop?: { readonly reason: StopReason; readonly detail: string }
  readonly text: string
}

/**
 * Holds one conversation: the patient opens, clinician and patient take turns until the clinician gives a plan or has
 * had its turns, then the fixed closing question is asked.
 *
 * @returns the transcript, always; a model's fault ends it early and is its stop reason
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
    if (ended !== undefined) {
      const last = await clinicianTurn(setup, patientSays(talk, { text: CLOSING_QUESTION, closing: true }), started)
      return transcript(
        setup,
        seed,
        last.talk,
        last.stop ?? { reason: ended, detail: `after ${reply} of at most ${setup.maxTurns} replies` },
      )
    }
    const { persona } = setup.one.patient
    const told = new Set(talk.turns.flatMap((turn) => turn.facts ?? []))
    const answer = scriptedAnswer({ persona, facts: setup.presentation.facts, told, seed }, step.text, reply)
    talk = patientSays(talk, { text: answer.text, facts: [...answer.facts], unlisted: answer.unlisted })
  }
}

// Questions after a plan that ask for no history: the plan stands whatever the patient answers.
const COURTESY =
  /(any|any other|any more|any further) questions|make sense|(is|are) (that|this|you) (clear|all right|ok(ay)?|comfortable)|sounds? (good|all right|ok(ay)?|reasonable)|would you like (me|to)|anything else (that )?(you(’|')?d|you would|you) (like|want|wish) (me )?to (ask|know|discuss|explain|go over)/i

/** Whether a clinician’s text advises how soon to be seen and asks nothing more, apart from courtesies. */
export function givesPlan(text: string): boolean {
  return questionsIn(text).every((question) => COURTESY.test(question)) && readTriage(text).level !== null
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
    replies: [],
  }
}

function patientSays(talk: Talk, turn: Omit<Turn, 'id' | 'role'>): Talk {
  return {
    ...talk,
    turns: [...talk.turns, { id: `t${talk.turns.length + 1}`, role: 'patient', ...turn }],
    messages: [...talk.messages, { role: 'user', content: [{ type: 'text', text: turn.text }] }],
  }
}

async function clinicianTurn(setup: ConversationSetup, talk: Talk, started: number): Promise<Step> {
  const request: Request = { system: setup.system, messages: talk.messages, repeat: setup.repeat }
  const id = `t${talk.turns.length + 1}`
  const deadlineMs = Math.floor(setup.deadlineMs - (performance.now() - started))
  const answer = await setup.ask(setup.model, request, { deadlineMs, signal: setup.signal })
  const proofs = [...talk.proofs, proveRequest(request, id, setup.ehr, answer.key)]
  if (answer.kind === 'failure')
    return { talk: { ...talk, proofs }, stop: { reason: answer.reason, detail: answer.detail }, text: '' }
  const { text, stop } = answer.reply
  const replies = [...talk.replies, answer.reply]
  if (text.trim() === '')
    return { talk: { ...talk, proofs, replies }, stop: { reason: 'empty_reply', detail: `turn ${id} has no text` }, text }
  const next: Talk = {
    turns: [...talk.turns, { id, role: 'clinician', text }],
    messages: [...talk.messages, { role: 'assistant', content: [{ type: 'text', text }] }],
    proofs,
    replies,
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
    patient: { mode: 'scripted', seed },
    turns: [...talk.turns],
    proofs: [...talk.proofs],
    stop,
    usage: {
      inputTokens: total(talk.replies.map((reply) => reply.usage.inputTokens)),
      outputTokens: total(talk.replies.map((reply) => reply.usage.outputTokens)),
    },
    costUsd: total(talk.replies.map((reply) => reply.costUsd)),
  }
}

function total(values: readonly (number | null)[]): number | null {
  return values.some((value) => value === null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
}
