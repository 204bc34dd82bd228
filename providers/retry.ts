import { setTimeout as timer } from 'node:timers/promises'
import { faultOf, type ModelFault } from './model.ts'

/** Waits so many milliseconds, or rejects as soon as the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

/** The real clock's wait. */
export const sleepFor: Sleep = (ms, signal) => timer(ms, undefined, { signal })

/** How often a call is tried, and by which clock and chance. */
export interface RetryRules {
  /** Calls at most, the first one included; at least 1. */
  readonly maxTries: number
  /** Milliseconds until the deadline. */
  readonly msLeft: () => number
  /** A number from 0 to below 1. */
  readonly random: () => number
  readonly sleep: Sleep
}

const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/**
 * Milliseconds to wait before the next try: any share of 1 s, 2 s, 4 s, … 60 s (exponential backoff with full jitter),
 * on top of what the vendor asked for. Callers that were told the same time therefore do not come back together.
 *
 * @param failed how many tries have failed, from 1
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(failed: number, fault: ModelFault, random: () => number): number {
  return (fault.retryAfterMs ?? 0) + random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** (failed - 1))
}

/**
 * Makes a call until it succeeds, as long as its faults say that another try may help, tries are left, and the wait
 * before the next one ends before the deadline. A wait that would not is not begun: nothing could come of it.
 *
 * @throws the last fault, whose message then says how many tries there were
 */
export async function withRetries<T>(call: () => Promise<T>, rules: RetryRules, signal: AbortSignal): Promise<T> {
  for (let failed = 1; ; failed++) {
    try {
      return await call()
    } catch (error) {
      signal.throwIfAborted()
      const fault = faultOf(error)
      if (fault === undefined || !fault.retry) throw failed === 1 ? error : gaveUp(error, `try ${failed}`)
      if (failed >= Math.min(rules.maxTries, fault.maxTries ?? Number.POSITIVE_INFINITY))
        throw gaveUp(error, `gave up after ${failed} tries`)
      const wait = backoffMs(failed, fault, rules.random)
      const left = rules.msLeft()
      if (wait >= left)
        throw gaveUp(error, `try ${failed}; the next one is due in ${seconds(wait)} s, and ${seconds(left)} s are left`)
      await rules.sleep(wait, signal)
    }
  }
}

function gaveUp(error: unknown, how: string): Error {
  return new Error(`${error instanceof Error ? error.message : String(error)} (${how})`, { cause: error })
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}
