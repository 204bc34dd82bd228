import pLimit, { type LimitFunction } from 'p-limit'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Model } from './model.ts'
import { type Sleep, sleepFor } from './retry.ts'

/** Lets calls through no faster than their model's limits allow. */
export interface RateLimiter {
  /**
   * Resolves when a call of so many tokens may be made; rejects with an abort of the signal. Callers of one model get
   * through in the order in which they came, so that a large request is not overtaken for ever.
   */
  readonly admit: (model: Model, tokens: number, signal: AbortSignal) => Promise<void>
}

/**
 * A limiter for one process. Calls are spaced evenly, each after its share of a minute by requests or by tokens,
 * whichever is longer: vendors enforce a limit by the minute also over seconds, where a burst at the turn of a minute
 * would be refused. A request of more tokens than a minute has gets through in its turn.
 */
export function createRateLimiter(sleep: Sleep = sleepFor): RateLimiter {
  const slots = new RateLimiterMemory({ points: 1, duration: 60 })
  const queues = new Map<string, LimitFunction>()
  return {
    admit: async (model, tokens, signal) => {
      const ms = shareMs(model, tokens)
      if (ms === undefined) return
      const queue = queues.get(model.id) ?? pLimit(1)
      queues.set(model.id, queue)
      await queue(() => take(slots, model.id, ms / 1000, sleep, signal))
    },
  }
}

/**
 * The share of a minute that a call of so many tokens takes up by its model’s limits, in whole milliseconds from 1; undefined
 * for a model without limits.
 */
export function shareMs({ limits }: Model, tokens: number): number | undefined {
  const { requestsPerMinute, tokensPerMinute } = limits ?? {}
  if (requestsPerMinute === undefined && tokensPerMinute === undefined) return undefined
  const minutes = Math.max(1 / (requestsPerMinute ?? Infinity), tokens / (tokensPerMinute ?? Infinity))
  // Timers cut off parts of a millisecond, and calls would come a little too soon.
  return Math.max(1, Math.ceil(minutes * 60_000))
}

/** Waits until no call of that model holds the slot, and holds it for so many seconds. */
async function take(slots: RateLimiterMemory, id: string, seconds: number, sleep: Sleep, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const wait = await slots.consume(id, 1, { customDuration: seconds }).then(
      () => undefined,
      (full: unknown) => {
        if (full instanceof Error) throw full
        return (full as { msBeforeNext: number }).msBeforeNext
      },
    )
    if (wait === undefined) return
    await sleep(wait, signal)
  }
}
