import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import { z } from 'zod'
import { sha256Of } from '../cases/sha256.ts'
import { budgetUsd, createSpending, MaxCostUsd, type Spending } from './budget.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { createFirstContact, type FirstContact } from './first-contact.ts'
import { imageSha256 } from './image-sha256.ts'
import { faultOf, type Model, Reply, type Request } from './model.ts'
import { createRateLimiter, type RateLimiter } from './rate-limit.ts'
import { type ReplyStore, replyStore } from './reply-store.ts'
import { type Sleep, sleepFor, withRetries } from './retry.ts'
import { sharedParts } from './shared.ts'

/** What it took to come to an answer. */
interface Account {
  /** Calls that were made for it: 0 for a stored reply; all but the last of a new reply and all of a failure gave nothing. */
  readonly tries: number
  /** Of these, calls that gave no reply and may have been billed all the same; their tokens and cost are not known. */
  readonly unknown: number
  /** Milliseconds from the question to the answer, with all waiting. */
  readonly latencyMs: number
  /** The request’s key in the store. */
  readonly key: string
}

/** A reply with its tokens and cost, new or from the store, or the reason why there is none. */
export type Answer = Account &
  (
    | { readonly kind: 'reply'; readonly reply: Reply; readonly stored: boolean }
    | { readonly kind: 'failure'; readonly reason: 'error' | 'deadline' | 'budget'; readonly detail: string }
  )

/** What a run may set. */
export const AskConfig = z.strictObject({
  maxTries: z.int().min(1).max(20).default(6).describe('calls at most for one reply, the first included'),
  maxCostUsd: MaxCostUsd.optional().describe('what this process may spend; IMCBENCH_MAX_COST_USD can only lower it'),
})

/** What a run may set, and what the whole process shares when it is not given. */
export interface AskSettings extends Partial<z.infer<typeof AskConfig>> {
  readonly limiter?: RateLimiter
  readonly spending?: Spending
  readonly firstContact?: FirstContact
  readonly random?: () => number
  readonly sleep?: Sleep
}

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

const LIMITER = createRateLimiter()
const SPENDING = createSpending((line) => process.stderr.write(`${line}\n`))
const FIRST_CONTACT = createFirstContact()

/**
 * The door to all models, with a store of replies behind it.
 *
 * A finished reply is kept under the hash of everything that shaped it, before it is returned; the same request is
 * then never asked again, also by another process. Failures and empty replies are not kept, unless empty is how a model
 * refuses. A damaged entry counts as
 * absent and is replaced. A store that cannot be read or written is a failure that says so: no model is then asked
 * twice in silence.
 *
 * A call waits for its model's rate limit, is not made when the budget is used up, and is made again after a fault that
 * may pass. Where the variable `IMCBENCH_REDIS` names a Redis, store, rate limits and budget are those of all processes that
 * share it (`shared.ts`). The first call with a new beginning that others share goes before them, so that they find it in the vendor’s
 * cache (`first-contact.ts`). All of that counts against the deadline.
 *
 * @param dir the store's folder; made when it is not there
 * @throws Error when the variable `IMCBENCH_MAX_COST_USD` is no number from 0
 */
export function createAsk(dir: string, settings: AskSettings = {}): Ask {
  const { firstContact = FIRST_CONTACT } = settings
  const { random = Math.random, sleep = sleepFor } = settings
  const { maxTries, maxCostUsd } = AskConfig.parse({ maxTries: settings.maxTries, maxCostUsd: settings.maxCostUsd })
  const budget = budgetUsd(maxCostUsd)
  const doorOf = async (): Promise<Door> => {
    const { limiter = LIMITER, spending = SPENDING, store = localStore(dir) } = { ...(await sharedParts()), ...given(settings) }
    return { store, limiter, spending, firstContact, maxCostUsd: budget }
  }
  return async (model, request, patience) => {
    const key = requestKey(model, request)
    // Neither the store nor an embedded model waits for anything; without a turn of the event loop a long run of them
    // would starve what promptfoo writes.
    await setImmediate()
    patience.signal?.throwIfAborted()
    const started = performance.now()
    const progress: Progress = { tries: 0, unknown: 0, open: false, waiting: false, usedUp: false }
    const account = (): Account => ({
      tries: progress.tries,
      // A call that is still open when its deadline comes is given up, and may be billed.
      unknown: model.simulated ? 0 : progress.unknown + Number(progress.open),
      latencyMs: performance.now() - started,
      key,
    })
    const late = new Error('deadline')
    try {
      const door = await doorOf()
      const kept = await keptReply(door, key)
      if (kept !== undefined) return { kind: 'reply', reply: kept, stored: true, ...account() }
      if (!(patience.deadlineMs > 0)) return { kind: 'failure', reason: 'deadline', detail: 'no time left', ...account() }
      const end = started + patience.deadlineMs
      const rules = { maxTries, msLeft: () => end - performance.now(), random, sleep }
      const reply = await within(patience, late, (signal) =>
        withRetries(() => callOnce(door, { model, request, key, signal }, progress), rules, signal),
      )
      return { kind: 'reply', reply, stored: false, ...account() }
    } catch (error) {
      patience.signal?.throwIfAborted()
      return { kind: 'failure', ...failureOf(error, late, patience, progress), ...account() }
    }
  }
}

/** What every call of one door shares. */
interface Door {
  readonly store: ReplyStore
  readonly limiter: RateLimiter
  readonly spending: Spending
  readonly firstContact: FirstContact
  readonly maxCostUsd: number | undefined
}

/** How far one answer has come; it is read also when the call behind it is given up. */
interface Progress {
  tries: number
  unknown: number
  open: boolean
  waiting: boolean
  usedUp: boolean
}

interface Call {
  readonly model: Model
  readonly request: Request
  readonly key: string
  readonly signal: AbortSignal
}

async function callOnce(door: Door, call: Call, progress: Progress): Promise<Reply> {
  const { model, request, key, signal } = call
  const { spending, maxCostUsd } = door
  requireBudget(await spending.refusal(model, maxCostUsd), progress)
  const left = await door.firstContact.enter(model, request, signal)
  const name = randomUUID()
  let replied = false
  try {
    progress.waiting = true
    await door.limiter.admit(model, estimateTokens(request), signal)
    progress.waiting = false
    requireBudget(await spending.begin({ name, model, maxCostUsd }, signal), progress)
    progress.tries += 1
    const reply = await countedReply(door, call, name, progress)
    replied = true
    if (reply.text.trim() !== '' || reply.stop === 'refusal') await door.store.put(key, JSON.stringify(reply))
    return reply
  } finally {
    left(replied)
    await spending.end(name)
  }
}

function requireBudget(refusal: string | undefined, progress: Progress): void {
  if (refusal === undefined) return
  progress.usedUp = true
  throw new Error(refusal)
}

async function countedReply(door: Door, { model, request, signal }: Call, name: string, progress: Progress): Promise<Reply> {
  const { spending, maxCostUsd } = door
  progress.open = true
  try {
    const reply = Reply.safeParse(await model.reply(request, signal))
    if (!reply.success) throw new Error(`${model.id} requires a reply of the agreed form, got\n${z.prettifyError(reply.error)}`)
    await spending.count(model, reply.data.costUsd, maxCostUsd, name)
    return reply.data
  } catch (error) {
    // Vendors do not bill what they answer with an error status; a call that was cut off or not understood may be billed.
    if ((faultOf(error)?.status ?? 0) < 400) {
      progress.unknown += 1
      progress.open = false
      await spending.count(model, null, maxCostUsd, name)
    }
    throw error
  } finally {
    progress.open = false
  }
}

function failureOf(error: unknown, late: Error, { deadlineMs }: Patience, progress: Progress) {
  if (error === late) {
    const how = progress.waiting ? ': the model’s limits let no call through' : ''
    return { reason: 'deadline', detail: `no reply within ${deadlineMs} ms${how}` } as const
  }
  const detail = error instanceof Error ? error.message || error.name : inspect(error)
  return { reason: progress.usedUp ? 'budget' : 'error', detail } as const
}

/**
 * SHA-256 over everything that shapes a reply: model, revision, system prompt, messages with their images’ hashes,
 * repeat, schema. Marks for a prompt cache shape none and are not in it.
 */
export function requestKey(model: Model, request: Request): string {
  const messages = request.messages.map(({ role, content }) => ({
    role,
    content: content.map((part) =>
      part.type === 'text' ? { text: part.text } : { mime: part.mime, sha256: imageSha256(part.bytes) },
    ),
  }))
  const { system, repeat, schema } = request
  return sha256Of(JSON.stringify({ version: 1, model: model.id, revision: model.revision, system, messages, repeat, schema }))
}

async function keptReply({ store }: Door, key: string): Promise<Reply | undefined> {
  const text = await store.get(key)
  if (text === undefined) return undefined
  try {
    return Reply.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Settings that were really given: undefined would hide what is shared. */
function given({ limiter, spending }: AskSettings): Partial<Door> {
  return { ...(limiter === undefined ? {} : { limiter }), ...(spending === undefined ? {} : { spending }) }
}

function localStore(dir: string): ReplyStore {
  const using = <T>(use: (store: ReturnType<typeof replyStore>) => T): T => {
    try {
      return use(replyStore(dir))
    } catch (cause) {
      throw new Error(`reply store requires a folder to read and write, got ${dir}: ${(cause as Error).message}`, { cause })
    }
  }
  return { get: (key) => using((store) => store.get(key)), put: (key, text) => using((store) => store.put(key, text)) }
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
