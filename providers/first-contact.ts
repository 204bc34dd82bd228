import { sha256Of } from '../cases/sha256.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { imageSha256 } from './image-sha256.ts'
import type { Model, Part, Request } from './model.ts'
import { type Sleep, sleepFor } from './retry.ts'

/** Lets one request with a new shared beginning go first, so that its siblings find the beginning in the vendor’s cache. */
export interface FirstContact {
  /**
   * Resolves when the request may be sent. The caller then calls what it got, once, with whether a reply came.
   *
   * A request waits only when another one with the same beginning is on its way, the vendor has not answered that beginning in
   * the last 5 minutes, and the beginning is long enough for its cache. It waits once, at most 30 s, also when the first one
   * fails: a slow or failing call must not take its siblings with it. Rejects with an abort of the signal.
   */
  readonly enter: (model: Model, request: Request, signal: AbortSignal) => Promise<(replied: boolean) => void>
}

// How long vendors keep an entry that is not used, and how long a sibling waits; the second is a choice.
const [KEPT_MS, LONGEST_WAIT_MS] = [5 * 60_000, 30_000]

/** The first contacts of one process; `now` in milliseconds. */
export function createFirstContact(sleep: Sleep = sleepFor, now: () => number = () => performance.now()): FirstContact {
  const warmUntil = new Map<string, number>()
  const leading = new Map<string, Promise<void>>()
  return {
    enter: async (model, request, signal) => {
      const beginning = sharedBeginning(model, request)
      if (beginning === undefined) return () => undefined
      const { key, followed } = beginning
      const keep = (replied: boolean) => {
        if (replied) warmUntil.set(key, now() + KEPT_MS)
      }
      const lead = leading.get(key)
      if (!followed || (warmUntil.get(key) ?? 0) > now()) return keep
      if (lead !== undefined) {
        await atMost(lead, sleep, signal)
        return keep
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      leading.set(key, promise)
      return (replied) => {
        keep(replied)
        leading.delete(key)
        resolve()
      }
    },
  }
}

interface Beginning {
  readonly key: string
  /** Whether the request goes on after it; a beginning that is the whole request is there for later requests only. */
  readonly followed: boolean
}

/** The shortest marked beginning of a request that its vendor keeps; undefined for models without a cache. */
function sharedBeginning({ id, revision, smallestCache }: Model, { system, messages, repeat }: Request): Beginning | undefined {
  if (smallestCache === undefined) return undefined
  const parts = messages.flatMap(({ content }) => content)
  const upTo = (i: number) => parts.slice(0, i + 1)
  const tokens = (i: number) => estimateTokens({ system, messages: [{ role: 'user', content: upTo(i) }], repeat })
  const end = parts.findIndex((part, i) => part.cache === true && tokens(i) >= smallestCache)
  if (end < 0) return undefined
  return { key: sha256Of(JSON.stringify([id, revision, system, upTo(end).map(hashOf)])), followed: end < parts.length - 1 }
}

function hashOf(part: Part): string {
  return part.type === 'text' ? sha256Of(part.text) : imageSha256(part.bytes)
}

async function atMost(lead: Promise<void>, sleep: Sleep, signal: AbortSignal): Promise<void> {
  const enough = new AbortController()
  const either = AbortSignal.any([signal, enough.signal])
  await Promise.race([lead, sleep(LONGEST_WAIT_MS, either).catch(() => undefined)])
  enough.abort()
  signal.throwIfAborted()
}
