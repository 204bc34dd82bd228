import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { modelFault } from '../../providers/model.ts'
import { backoffMs, type RetryRules, withRetries } from '../../providers/retry.ts'

const { signal: never } = new AbortController()
const busy = (retryAfterMs?: number) => modelFault('status 429', { retry: true, status: 429, retryAfterMs })

/** Rules by a clock of their own, with the waits that they were asked for. */
function rulesOf(rest: Partial<RetryRules> & { deadlineMs?: number } = {}): RetryRules & { readonly waits: number[] } {
  const waits: number[] = []
  const left = () => (rest.deadlineMs ?? Number.POSITIVE_INFINITY) - waits.reduce((sum, wait) => sum + wait, 0)
  const sleep = async (ms: number) => void waits.push(ms)
  return { maxTries: 6, msLeft: left, random: () => 0.5, sleep, ...rest, waits }
}

/** A call that fails with these errors in turn and then gives its number. */
function failing(...errors: readonly unknown[]): () => Promise<number> {
  let made = 0
  return async () => {
    made += 1
    if (made <= errors.length) throw errors[made - 1]
    return made
  }
}

describe('a call', () => {
  test('that succeeds is made once, without a wait', async () => {
    const rules = rulesOf()
    expect(await withRetries(failing(), rules, never)).toBe(1)
    expect(rules.waits).toEqual([])
  })
  test('is made again after a fault that may pass, each time after a longer wait', async () => {
    const rules = rulesOf()
    expect(await withRetries(failing(busy(), busy(), busy()), rules, never)).toBe(4)
    expect(rules.waits).toEqual([500, 1000, 2000])
  })
  test('is not made again after a fault that will not pass, nor after an error that is no fault', async () => {
    for (const error of [modelFault('status 401', { retry: false, status: 401 }), new Error('a bug')]) {
      const rules = rulesOf()
      await expect(withRetries(failing(error), rules, never)).rejects.toBe(error)
      expect(rules.waits).toEqual([])
    }
  })
  test('is given up after so many tries, and the error says so', async () => {
    const rules = rulesOf({ maxTries: 3 })
    const call = failing(busy(), busy(), busy())
    await expect(withRetries(call, rules, never)).rejects.toThrow('status 429 (gave up after 3 tries)')
    expect(rules.waits).toHaveLength(2)
    expect(await call()).toBe(4)
  })
  test('is given up sooner after a fault that says so, and no later', async () => {
    const page = modelFault('an HTML page', { retry: true, maxTries: 2 })
    await expect(withRetries(failing(page, page, page), rulesOf(), never)).rejects.toThrow('(gave up after 2 tries)')
    await expect(withRetries(failing(page), rulesOf({ maxTries: 1 }), never)).rejects.toThrow('(gave up after 1 tries)')
    expect(await withRetries(failing(page), rulesOf(), never)).toBe(2)
  })
  test('says on which try it met a fault that will not pass', async () => {
    const call = failing(busy(), modelFault('status 400', { retry: false, status: 400 }))
    await expect(withRetries(call, rulesOf(), never)).rejects.toThrow('status 400 (try 2)')
  })
})

describe('the time that a vendor asks for', () => {
  test('is waited, and some more', async () => {
    const rules = rulesOf()
    await withRetries(failing(busy(7000)), rules, never)
    expect(rules.waits).toEqual([7500])
  })
  test('is not waited when it goes beyond the deadline: the call fails at once', async () => {
    const rules = rulesOf({ deadlineMs: 60_000 })
    await expect(withRetries(failing(busy(3_600_000)), rules, never)).rejects.toThrow(
      'status 429 (try 1; the next one is due in 3600.5 s, and 60.0 s are left)',
    )
    expect(rules.waits).toEqual([])
  })
  test('counts together with the earlier waits', async () => {
    const rules = rulesOf({ deadlineMs: 10_000 })
    await expect(withRetries(failing(busy(6000), busy(6000)), rules, never)).rejects.toThrow('and 3.5 s are left')
    expect(rules.waits).toEqual([6500])
  })
})

test('an abort ends the wait with its reason, and no call is made after it', async () => {
  const caller = new AbortController()
  const sleep: RetryRules['sleep'] = async (_, signal) => {
    caller.abort(new Error('stopped by hand'))
    signal.throwIfAborted()
  }
  const call = failing(busy())
  await expect(withRetries(call, rulesOf({ sleep }), caller.signal)).rejects.toThrow('stopped by hand')
  expect(await call()).toBe(2)
})

test('a wait is never shorter than the vendor asked for, and never longer than that and a minute', () => {
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(1e7), share, (failed, retryAfterMs, random) => {
      const wait = backoffMs(failed, { retry: true, retryAfterMs }, () => random)
      expect(wait).toBeGreaterThanOrEqual(retryAfterMs)
      expect(wait).toBeLessThanOrEqual(retryAfterMs + Math.min(60_000, 1000 * 2 ** (failed - 1)))
    }),
  )
})
