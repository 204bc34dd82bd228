import type { Juror } from '../../assertions/juror.ts'
import { present } from '../../cases/arms.ts'
import { renderEhr } from '../../cases/ehr.ts'
import { prepareImage } from '../../cases/images.ts'
import type { Bank } from '../../cases/load.ts'
import type { Arm, Case } from '../../cases/schema.ts'
import type { Transcript } from '../../cases/transcript.ts'
import type { Ask } from '../../providers/ask.ts'
import { converse } from '../../providers/conversation.ts'
import type { Model } from '../../providers/model.ts'
import { modelOf } from '../../providers/models/registry.ts'
import { scriptedPatient } from '../../providers/patient/scripted.ts'
import prompt from '../../providers/prompt.ts'
import type { Asked } from './vendor-peer.ts'

/** Replies before the closing question; with it a conversation has six. */
export const REPLIES = 5

/** The eight hosted models of promptfooconfig.yaml. */
export const HOSTED = [
  'anthropic:claude-opus-4-6',
  'anthropic:claude-sonnet-4-6',
  'anthropic:claude-haiku-4-5',
  'openai:gpt-5.2',
  'openai:gpt-5-mini',
  'bedrock:us.amazon.nova-pro-v1:0',
  'bedrock:us.amazon.nova-2-lite-v1:0',
  'bedrock:us.meta.llama4-maverick-17b-instruct-v1:0',
]

const QUESTIONS = [
  'Thank you for writing. When did this begin, and has it changed in size, shape or colour since then? Does it bleed, itch or hurt?',
  'That helps. Which medicines do you take, also those without a prescription? Do you have any allergies or illnesses that I should know of?',
  'Has anyone in your family had something like this? How much time have you spent in the sun over the years, and have you travelled?',
  'How have you felt in general? Any fever, weight loss, night sweats, or anything else that is new to you since it began?',
  'Is there anything that keeps you from seeing someone in person soon? And has anything that you have tried made it better or worse?',
]
const ADVICE =
  'I cannot be sure from here, and more than one thing is possible. I am about half sure that it is harmless, and it could also be something that needs treatment. Please see a doctor in person within two weeks, who can look at it with a lens and take a sample if needed. Keep on with your medicines. Get help sooner if it bleeds, grows fast, or if you get a fever.'

const FILLER = 'Each of these things can make one cause more likely and another one less likely, so please take your time.'
const CHARACTERS = 800

/**
 * What the peer says as a clinician: five times questions, then advice, each of about 200 tokens as `npm run plan` assumes. It
 * stands for no model.
 */
export function clinicianReply({ replies }: Pick<Asked, 'replies'>): string {
  const text = QUESTIONS[replies] ?? ADVICE
  return `${text} ${FILLER} `.padEnd(CHARACTERS, `${FILLER} `).trim()
}

/** A fixed verdict with the code of the conversation’s marks; undefined for a request that asks for none. */
export function verdictReply({ texts }: Pick<Asked, 'texts'>): string | undefined {
  const [, code] = /<<<conversation ([0-9a-f]+)>>>/.exec(texts.join('\n')) ?? []
  if (code === undefined) return undefined
  const rationale = 'A fixed reply of the bench.'
  return JSON.stringify({ code, checklist: [], evidence: [], rationale, score: 3, direction: 'none' })
}

/** Seats for models as jurors of the benches, which all see the picture. */
export function seats(models: readonly Model[]): Juror[] {
  return models.map((model) => ({ id: model.id, model, sees: 'image', thirdParty: false }))
}

/** A model whose calls go to a peer on this machine. Sets the keys that the SDKs insist on to values that are none. */
export function atPeer(id: string, url: string): Model {
  for (const name of ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    process.env[name] = 'no-key-of-anyone'
  const path = /^(openai|compatible):/.test(id) ? '/v1' : ''
  return modelOf(id, { baseUrl: `${url}${path}`, ...(id.startsWith('bedrock:') ? { region: 'us-east-1' } : {}) })
}

/** One conversation of the benches. */
export interface HeldTrial {
  readonly one: Case
  readonly arm: Arm
  readonly repeat: number
  readonly bank: Bank
  readonly model: Model
  readonly ask: Ask
  /** How many times the record is sent one after the other, to see what a longer one does. */
  readonly records?: number
}

/** Holds a conversation of six replies as the provider would, with the scripted patient. */
export async function held({ bank, records = 1, ...trial }: HeldTrial): Promise<Transcript> {
  const { one, arm } = trial
  const presentation = present(one, arm)
  const { ehr } = presentation
  const transcript = await converse({
    ...trial,
    presentation,
    images: await Promise.all(presentation.images.map((image) => prepareImage(image, bank.dir))),
    ehr: renderEhr(one.ehr),
    system: [prompt(), ...Array.from({ length: ehr === null ? 0 : records }, () => ehr)].join('\n\n'),
    patient: scriptedPatient,
    maxTurns: REPLIES,
    deadlineMs: 600_000,
  })
  if (transcript.proofs.length !== REPLIES + 1)
    throw new Error(`bench requires conversations of six replies, got ${transcript.proofs.length}: ${transcript.stop.detail}`)
  return transcript
}
