import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { estimateTokens } from '../../providers/estimate-tokens.ts'
import type { Model } from '../../providers/model.ts'
import { createRateLimiter, type RateLimiter } from '../../providers/rate-limit.ts'
import type { Sleep } from '../../providers/retry.ts'
import { requestOf, scriptedModel } from './models.ts'

const { signal: never } = new AbortController()

// The timers of node:timers/promises are not faked; this one is.
const sleep: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    setTimeout(resolve, ms)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function limited(limits: Model['limits'], id = 'limited'): Model {
  return scriptedModel(() => '', { id, limits })
}

/** Seconds from now at which calls of so many tokens get through, asked for at once and in this order. */
async function passes(limiter: RateLimiter, model: Model, tokens: readonly number[]): Promise<(number | undefined)[]> {
  const start = Date.now()
  const passed: (number | undefined)[] = tokens.map(() => undefined)
  const all = tokens.map(async (count, i) => {
    await limiter.admit(model, count, never)
    passed[i] = (Date.now() - start) / 1000
  })
  await vi.advanceTimersByTimeAsync(600_000)
  await Promise.all(all)
  return passed
}

describe('calls of a model', () => {
  test('without limits get through at once', async () => {
    expect(await passes(createRateLimiter(sleep), limited(undefined), [1e9, 1e9, 1e9])).toEqual([0, 0, 0])
  })
  test('get through one after the other, each after its share of a minute', async () => {
    expect(await passes(createRateLimiter(sleep), limited({ requestsPerMinute: 20 }), [1, 1, 1, 1])).toEqual([0, 3, 6, 9])
  })
  test('wait until the tokens before them have had their share of a minute', async () => {
    const model = limited({ tokensPerMinute: 6000 })
    expect(await passes(createRateLimiter(sleep), model, [1000, 3000, 500, 500])).toEqual([0, 10, 40, 45])
  })
  test('keep to both limits, whichever is the slower', async () => {
    const model = limited({ requestsPerMinute: 20, tokensPerMinute: 6000 })
    expect(await passes(createRateLimiter(sleep), model, [100, 1000, 100, 100])).toEqual([0, 3, 13, 16])
  })
  test('of more tokens than a minute has get through, in their turn', async () => {
    const model = limited({ tokensPerMinute: 1000 })
    expect(await passes(createRateLimiter(sleep), model, [10, 3000, 10])).toEqual([0, 0.6, 180.6])
  })
  test('do not wait for those of another model', async () => {
    const limiter = createRateLimiter(sleep)
    const [one, other] = await Promise.all([
      passes(limiter, limited({ requestsPerMinute: 6 }, 'one'), [1, 1]),
      passes(limiter, limited({ requestsPerMinute: 6 }, 'other'), [1, 1]),
    ])
    expect([one, other]).toEqual([
      [0, 10],
      [0, 10],
    ])
  })
  test('never exceed the limit in any minute, however many wait', async () => {
    const times = await passes(createRateLimiter(sleep), limited({ requestsPerMinute: 45 }), Array(200).fill(1))
    for (const [i, time] of times.entries()) {
      const inMinute = times.slice(i).filter((other) => (other ?? 0) < (time ?? 0) + 60)
      expect(inMinute.length).toBeLessThanOrEqual(45)
    }
  })
})

describe('a wait that is given up', () => {
  test('rejects with the reason, and takes no one’s place', async () => {
    const limiter = createRateLimiter(sleep)
    const model = limited({ requestsPerMinute: 6 })
    await limiter.admit(model, 1, never)
    const [first, second] = [new AbortController(), new AbortController()]
    const given = [first, second].map(({ signal }) => limiter.admit(model, 1, signal).catch((error: Error) => error.message))
    const start = Date.now()
    const after = limiter.admit(model, 1, never).then(() => Date.now() - start)
    await vi.advanceTimersByTimeAsync(1000)
    second.abort(new Error('second gave up'))
    first.abort(new Error('first gave up'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await Promise.all(given)).toEqual(['first gave up', 'second gave up'])
    expect(await after).toBe(10_000)
  })
})

test('the estimate counts the system prompt, every text, every image and the schema', () => {
  const image = { type: 'image', mime: 'image/jpeg', bytes: Uint8Array.of(1) } as const
  const text = { type: 'text', text: 'x'.repeat(40) } as const
  const bare = requestOf('', { system: 'y'.repeat(20), messages: [{ role: 'user', content: [text, image, image] }] })
  expect(estimateTokens(bare)).toBe(15 + 2 * 1600)
  expect(estimateTokens({ ...bare, schema: { name: 's', json: { type: 'object' } } })).toBeGreaterThan(15 + 2 * 1600)
})
