import { z } from 'zod'
import { Arm } from './schema.ts'

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

/** Why a conversation ended. `empty_reply`, `error` and `deadline` leave a partial transcript, which is not judged. */
export const StopReason = z.enum(['plan_given', 'max_turns', 'refusal', 'empty_reply', 'error', 'deadline'])
export type StopReason = z.infer<typeof StopReason>

/** Whether a conversation ended before its end, so that there is nothing to judge. A refusal is an end: it is what the patient got. */
export function brokeOff(reason: StopReason): boolean {
  return reason === 'empty_reply' || reason === 'error' || reason === 'deadline'
}

/** Tokens of one or more model calls; null where the model does not report them. */
export const Usage = z.strictObject({
  inputTokens: z.int().min(0).nullable(),
  outputTokens: z.int().min(0).nullable(),
})
export type Usage = z.infer<typeof Usage>

/** One whole conversation, as it was held; the record from which everything later is derived. */
export const Transcript = z.strictObject({
  version: z.literal(1),
  caseId: z.string(),
  arm: Arm,
  repeat: z.int().min(0),
  model: z.strictObject({ id: z.string(), family: z.string(), simulated: z.boolean() }),
  patient: z.strictObject({ mode: z.literal('scripted'), seed: z.int().min(0) }),
  turns: z.array(Turn).min(1),
  proofs: z.array(PayloadProof),
  stop: z.strictObject({ reason: StopReason, detail: z.string() }),
  usage: Usage,
  costUsd: z.number().min(0).nullable().describe('null when the price is unknown; 0 for embedded models'),
})
export type Transcript = z.infer<typeof Transcript>
