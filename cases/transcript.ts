import { z } from 'zod'
import { Arm } from './schema.ts'
import { sha256Of } from './sha256.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** One utterance. Ids run t1, t2, … in order, patient first. */
export const Turn = z.strictObject({
  id: z.string().regex(/^t[1-9]\d*$/),
  role: z.enum(['patient', 'clinician']),
  text: z.string(),
  facts: z.array(z.string()).optional().describe('ledger facts that this patient turn told'),
  unlisted: z.boolean().optional().describe('true when the patient was asked something that the ledger does not answer'),
  closing: z.boolean().optional().describe('true for the fixed closing question'),
})
export type Turn = z.infer<typeof Turn>

/** What one request to the clinician really carried, read off the payload itself and not off the arm. */
export const PayloadProof = z.strictObject({
  turn: Turn.shape.id.describe('the clinician turn that the request asked for'),
  images: z.array(sha256).describe('sha256 of each image’s bytes as sent'),
  ehr: sha256.nullable().describe('sha256 of the record’s text when it stood in the payload, else null'),
  instructions: sha256.describe('sha256 of the system prompt without the record'),
  key: sha256.describe('the request’s key in the reply store'),
})
export type PayloadProof = z.infer<typeof PayloadProof>

/** Why a conversation ended. `empty_reply`, `error`, `deadline` and `budget` leave a partial transcript, which is not judged. */
export const StopReason = z.enum([
  ...(['plan_given', 'max_turns', 'patient_done', 'refusal'] as const),
  ...(['empty_reply', 'error', 'deadline', 'budget'] as const),
])
export type StopReason = z.infer<typeof StopReason>

/** Whether a conversation ended before its end, so that there is nothing to judge. A refusal is an end: it is what the patient got. */
export function brokeOff(reason: StopReason): boolean {
  return reason === 'empty_reply' || reason === 'error' || reason === 'deadline' || reason === 'budget'
}

/** Tokens of one or more model calls; null where the model does not report them. */
export const Usage = z.strictObject({
  inputTokens: z.int().min(0).nullable().describe('billed in full: neither read from nor written to a prompt cache'),
  cacheReadTokens: z.int().min(0).nullable(),
  cacheWriteTokens: z.int().min(0).nullable(),
  outputTokens: z.int().min(0).nullable().describe('reasoning included'),
  reasoningTokens: z.int().min(0).nullable(),
})
export type Usage = z.infer<typeof Usage>

/** The usage of a model that counts no tokens. */
export const NO_USAGE: Usage = {
  inputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  outputTokens: null,
  reasoningTokens: null,
}

/** How many calls a conversation took. */
export const Calls = z.strictObject({
  made: z.int().min(0).describe('calls that were made, those that failed included'),
  stored: z.int().min(0).describe('replies that came from the store instead'),
  retried: z.int().min(0).describe('calls made because one before had failed'),
  failed: z.int().min(0).describe('calls made that gave no reply; what they cost, if anything, is not known'),
})
export type Calls = z.infer<typeof Calls>

/** What the calls to one model took. */
export const Spent = z.strictObject({
  usage: Usage,
  costUsd: z
    .number()
    .min(0)
    .nullable()
    .describe('of all replies, stored ones at what they once cost; null when a price is unknown; 0 for embedded models'),
  incurredUsd: z.number().min(0).nullable().describe('of the replies that were not stored; null when a price is unknown'),
  calls: Calls,
  notSent: z.array(z.string()).describe('settings that the model does not take, and that were therefore not sent'),
})
export type Spent = z.infer<typeof Spent>

const count = z.int().min(0)

/** How faithfully a model spoke for the patient in one conversation. What is caught here never reached the clinician. */
export const Fidelity = z.strictObject({
  answers: count.describe('answers of the patient'),
  malformed: count.describe('choices of facts that were not of the agreed form'),
  disallowed: count.describe('facts chosen that the ledger does not hold or that disclosure holds back; not told'),
  overLimit: count.describe('facts chosen beyond what one answer holds; not told'),
  overshared: count.describe('facts told beyond one that no question asked for, by plain rules; paraphrases count too'),
  unlisted: count.describe('answers to a question that the ledger does not answer'),
  leaks: count.describe('texts that named the diagnosis or spoke of a fact held back; not said'),
  rejected: count.describe('texts that the output check refused for any reason; not said'),
  regenerations: count.describe('texts asked for again'),
  fallbacks: count.describe('answers that read the facts out because no text passed the check'),
  done: z.boolean().describe('the patient ended the conversation'),
})
export type Fidelity = z.infer<typeof Fidelity>

const seed = z.int().min(0)

/** Who spoke for the patient: rules, or a model whose every answer was held to the ledger. */
export const PatientRecord = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('scripted'), seed }),
  z.strictObject({
    mode: z.literal('simulated'),
    seed,
    model: z.strictObject({ id: z.string(), family: z.string(), simulated: z.boolean() }),
    spent: Spent,
    fidelity: Fidelity,
    quarantined: z.string().nullable().describe('why the conversation does not count, or null'),
  }),
])

/** One whole conversation, as it was held; the record from which everything later is derived. */
export const Transcript = z.strictObject({
  version: z.literal(1),
  caseId: z.string(),
  arm: Arm,
  repeat: z.int().min(0),
  model: z.strictObject({ id: z.string(), family: z.string(), simulated: z.boolean() }),
  patient: PatientRecord,
  turns: z.array(Turn).min(1),
  proofs: z.array(PayloadProof),
  stop: z.strictObject({ reason: StopReason, detail: z.string() }),
  ...Spent.shape,
})
export type Transcript = z.infer<typeof Transcript>

/** What tells one conversation from another: a hash of who said what, in order. */
export function conversationSha256({ turns }: Pick<Transcript, 'turns'>): string {
  return sha256Of(JSON.stringify(turns.map(({ role, text }) => [role, text])))
}
