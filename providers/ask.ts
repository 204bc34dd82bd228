import { join } from 'node:path'
import cacache from 'cacache'
import { z } from 'zod'
import { sha256Of } from '../cases/sha256.ts'
import { Usage } from '../cases/transcript.ts'

/** A piece of a message: text, or the very bytes of an image. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mime: 'image/jpeg'; readonly bytes: Uint8Array }

/** One message of a dialogue; `user` is whoever talks to the model. */
export interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: readonly Part[]
}

/** Everything that shapes a reply, apart from the model. */
export interface Request {
  readonly system: string
  readonly messages: readonly Message[]
  /** 0 for the first; equal requests with another repeat are asked anew. */
  readonly repeat: number
}

/** What a model answered. */
const Reply = z.strictObject({
  text: z.string(),
  stop: z.enum(['end', 'length', 'refusal']),
  usage: Usage,
  costUsd: z.number().min(0).nullable().describe('null when the price is unknown; 0 for embedded models'),
})
export type Reply = z.infer<typeof Reply>

/** A language model, or rules that stand in for one. */
export interface Model {
  readonly id: string
  /** The vendor's line of models, such as `claude`; `embedded` for rules. */
  readonly family: string
  /** True for rules that only stand in for a model. */
  readonly simulated: boolean
  /** Changes whenever the same request could get another reply for a reason that the request does not show. */
  readonly revision: string
  readonly reply: (request: Request, signal: AbortSignal) => Promise<Reply>
}

/** A reply, new or from the store, or the reason why there is none. */
export type Answer =
  | { readonly kind: 'reply'; readonly reply: Reply; readonly stored: boolean; readonly key: string }
  | { readonly kind: 'failure'; readonly reason: 'error' | 'deadline'; readonly detail: string; readonly key: string }

/** How long to wait, in milliseconds, and how the caller calls it off. */
export interface Patience {
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

/** The one door to a model. It rejects only when the caller's own signal is aborted; every other fault is a `failure`. */
export type Ask = (model: Model, request: Request, patience: Patience) => Promise<Answer>

/** Where replies are kept: the variable `IMCBENCH_STORE`, otherwise `.imcbench/replies` below the working directory. */
export function storeDir(): string {
  return process.env.IMCBENCH_STORE || join(process.cwd(), '.imcbench', 'replies')
}

/**
 * The door to all models, with a store of replies behind it.
 *
 * A finished reply is kept under the hash of everything that shaped it, before it is returned; the same request is
 * then never asked again, also by another process. Failures and empty replies are not kept. A damaged entry counts as
 * absent.
 *
 * @param dir the store's folder; made when it is not there
 */
export function createAsk(dir: string): Ask {
  return async (model, request, patience) => {
    patience.signal?.throwIfAborted()
    const key = requestKey(model, request)
    const kept = await keptReply(dir, key)
    if (kept !== undefined) return { kind: 'reply', reply: kept, stored: true, key }
    if (patience.deadlineMs <= 0) return { kind: 'failure', reason: 'deadline', detail: 'no time left', key }
    const deadline = AbortSignal.timeout(patience.deadlineMs)
    const signal = patience.signal === undefined ? deadline : AbortSignal.any([deadline, patience.signal])
    try {
      const reply = Reply.parse(await abortable(model.reply(request, signal), signal))
      if (reply.text.trim() !== '') await cacache.put(dir, key, JSON.stringify(reply))
      return { kind: 'reply', reply, stored: false, key }
    } catch (error) {
      patience.signal?.throwIfAborted()
      if (deadline.aborted)
        return { kind: 'failure', reason: 'deadline', detail: `no reply within ${patience.deadlineMs} ms`, key }
      return { kind: 'failure', reason: 'error', detail: error instanceof Error ? error.message : String(error), key }
    }
  }
}

/** SHA-256 over everything that shapes a reply: model, revision, system prompt, messages with their images’ hashes, repeat. */
export function requestKey(model: Model, request: Request): string {
  const messages = request.messages.map(({ role, content }) => ({
    role,
    content: content.map((part) =>
      part.type === 'text' ? { text: part.text } : { mime: part.mime, sha256: imageSha256(part.bytes) },
    ),
  }))
  const { system, repeat } = request
  return sha256Of(JSON.stringify({ version: 1, model: model.id, revision: model.revision, system, messages, repeat }))
}

const hashes = new WeakMap<Uint8Array, string>()

/** SHA-256 of an image’s bytes; the bytes are not to be changed afterwards. */
export function imageSha256(bytes: Uint8Array): string {
  const known = hashes.get(bytes)
  if (known !== undefined) return known
  const hash = sha256Of(bytes)
  hashes.set(bytes, hash)
  return hash
}

async function keptReply(dir: string, key: string): Promise<Reply | undefined> {
  try {
    const entry = await cacache.get(dir, key)
    const parsed = Reply.safeParse(JSON.parse(entry.data.toString('utf8')))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason)
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  return promise
}
