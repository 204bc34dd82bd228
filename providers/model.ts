import { z } from 'zod'
import { Usage } from '../cases/transcript.ts'

/**
 * A piece of a message: text, or the very bytes of an image. `cache` marks the end of a beginning that later requests
 * share (record, image, the talk so far), where a vendor's prompt cache is to be set.
 */
export type Part =
  | { readonly type: 'text'; readonly text: string; readonly cache?: true }
  | { readonly type: 'image'; readonly mime: 'image/jpeg'; readonly bytes: Uint8Array; readonly cache?: true }

/** One message of a dialogue; `user` is whoever talks to the model. */
export interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: readonly Part[]
}

/** Everything that shapes a reply, apart from the model and its settings. */
export interface Request {
  readonly system: string
  readonly messages: readonly Message[]
  /** 0 for the first; equal requests with another repeat are asked anew. */
  readonly repeat: number
  /** The form that a reply of JSON must have; undefined for plain text. */
  readonly schema?: { readonly name: string; readonly json: Readonly<Record<string, unknown>> } | undefined
}

/** What a model answered. */
export const Reply = z.strictObject({
  text: z.string().describe('without reasoning; for a request with a schema the JSON object as text'),
  stop: z.enum(['end', 'length', 'refusal']),
  usage: Usage,
  costUsd: z.number().min(0).nullable().describe('null when the price is unknown; 0 for embedded models'),
  notSent: z.array(z.string()).describe('settings that this model does not take, and that were therefore not sent'),
})
export type Reply = z.infer<typeof Reply>

/** A language model with its settings, or rules that stand in for one. */
export interface Model {
  readonly id: string
  /** The vendor’s line of models, such as `claude`; `embedded` for rules. */
  readonly family: string
  /** True for rules that only stand in for a model. */
  readonly simulated: boolean
  /** Changes whenever the same request could get another reply for a reason that the request does not show, settings included. */
  readonly revision: string
  /** Requests and tokens a minute that may be sent, or undefined for no limit. */
  readonly limits?: { readonly requestsPerMinute?: number | undefined; readonly tokensPerMinute?: number | undefined } | undefined
  /** True for a model whose calls cannot cost money; its replies may still have a cost that is not known. */
  readonly free?: boolean | undefined
  /** Tokens from which the vendor keeps a marked beginning in its prompt cache; undefined when it keeps none. */
  readonly smallestCache?: number | undefined
  /**
   * Makes one call, without retrying. Rejects with a `ModelFault` for what the vendor or the wire did wrong; anything
   * else that it rejects with counts as a fault that is not worth another try.
   */
  readonly reply: (request: Request, signal: AbortSignal) => Promise<Reply>
}

/** What went wrong with one call. */
export interface ModelFault {
  /** Whether the same call may succeed a moment later. */
  readonly retry: boolean
  /** How long the vendor asked to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  readonly status?: number | undefined
  /** Calls at most when it is met, the first included, where more would be in vain; undefined for the usual number. */
  readonly maxTries?: number | undefined
}

const FAULT = Symbol('model fault')

/** An error that carries a model fault. The message holds no key and no header. */
export function modelFault(message: string, fault: ModelFault, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { [FAULT]: fault })
}

/** The model fault that an error carries, or undefined. */
export function faultOf(error: unknown): ModelFault | undefined {
  return error instanceof Error ? (error as Error & { [FAULT]?: ModelFault })[FAULT] : undefined
}
