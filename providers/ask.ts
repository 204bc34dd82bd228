import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import { z } from 'zod'
import { sha256Of } from '../cases/sha256.ts'
import { Usage } from '../cases/transcript.ts'
import { type ReplyStore, replyStore } from './reply-store.ts'

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
interface Patience {
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
 * absent and is replaced. A store that cannot be read or written is a failure that says so: no model is then asked
 * twice in silence.
 *
 * @param dir the store's folder; made when it is not there
 */
export function createAsk(dir: string): Ask {
  return async (model, request, patience) => {
    const key = requestKey(model, request)
    // Neither the store nor an embedded model waits for anything; without a turn of the event loop a long run of them
    // would starve what promptfoo writes.
    await setImmediate()
    patience.signal?.throwIfAborted()
    const late = new Error(`no reply within ${patience.deadlineMs} ms`)
    try {
      const kept = keptReply(dir, key)
      if (kept !== undefined) return { kind: 'reply', reply: kept, stored: true, key }
      if (!(patience.deadlineMs > 0)) return { kind: 'failure', reason: 'deadline', detail: 'no time left', key }
      const reply = Reply.safeParse(await within(patience, late, (signal) => model.reply(request, signal)))
      if (!reply.success) throw new Error(`${model.id} requires a reply of the agreed form, got\n${z.prettifyError(reply.error)}`)
      if (reply.data.text.trim() !== '') keep(dir, key, reply.data)
      return { kind: 'reply', reply: reply.data, stored: false, key }
    } catch (error) {
      patience.signal?.throwIfAborted()
      const detail = error instanceof Error ? error.message || error.name : inspect(error)
      return { kind: 'failure', reason: error === late ? 'deadline' : 'error', detail, key }
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

function keptReply(dir: string, key: string): Reply | undefined {
  const text = using(dir, (store) => store.get(key))
  if (text === undefined) return undefined
  try {
    return Reply.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function keep(dir: string, key: string, reply: Reply): void {
  using(dir, (store) => store.put(key, JSON.stringify(reply)))
}

function using<T>(dir: string, use: (store: ReplyStore) => T): T {
  try {
    return use(replyStore(dir))
  } catch (cause) {
    throw new Error(`reply store requires a folder to read and write, got ${dir}: ${(cause as Error).message}`, { cause })
  }
}

// Node's timers hold at most this many milliseconds; a longer one would fire at once.
const LONGEST_MS = 2 ** 31 - 1

/** Settles with the work, or rejects with `late` or the caller's reason even when the work ignores its signal. */
async function within<T>(patience: Patience, late: Error, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const end = (reason: unknown) => {
    reject(reason)
    stop.abort(reason)
  }
  const onAbort = () => end(patience.signal?.reason)
  const timer = setTimeout(() => end(late), Math.min(patience.deadlineMs, LONGEST_MS))
  patience.signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work(stop.signal), stopped])
  } finally {
    clearTimeout(timer)
    patience.signal?.removeEventListener('abort', onAbort)
  }
}
