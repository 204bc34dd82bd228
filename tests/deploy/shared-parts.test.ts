import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createAsk } from '../../providers/ask.ts'
import { readSpending, redisSpending } from '../../providers/budget-redis.ts'
import { redisRateLimiter } from '../../providers/rate-limit-redis.ts'
import { connectRedis, type SharedRedis } from '../../providers/redis.ts'
import { redisReplyStore } from '../../providers/reply-store-redis.ts'
import { sharedPlace } from '../../providers/shared.ts'
import { replyOf, requestOf, scriptedModel, storeFolder } from '../providers/models.ts'
import { REDIS_IS_HERE, type RedisServer, startRedis } from './redis-server.ts'

const { signal: never } = new AbortController()
const paid = scriptedModel(() => '', { id: 'paid', simulated: false })

test.each(['', 'a b', '../up', 'x'.repeat(65)])('a run may not be called “%s”', (run) => {
  vi.stubEnv('IMCBENCH_REDIS', 'redis://127.0.0.1:1')
  vi.stubEnv('IMCBENCH_RUN', run)
  expect(() => sharedPlace()).toThrow(/^IMCBENCH_REDIS requires IMCBENCH_RUN, a name of /)
  vi.unstubAllEnvs()
})

test('a model is not asked when the Redis that is named cannot be reached, and the answer says so without the password', async () => {
  vi.stubEnv('IMCBENCH_REDIS', 'redis://:hidden@127.0.0.1:1')
  vi.stubEnv('IMCBENCH_RUN', 'a')
  const model = scriptedModel(() => 'hello')
  const answer = await createAsk(storeFolder())(model, requestOf('hi'), { deadlineMs: 5_000 })
  vi.unstubAllEnvs()
  expect(answer).toMatchObject({ kind: 'failure', reason: 'error' })
  expect(JSON.stringify(answer)).toMatch(/127\.0\.0\.1:1 requires a Redis that answers, got .*ECONNREFUSED/)
  expect(JSON.stringify(answer)).not.toContain('hidden')
  expect(model.asked).toEqual([])
})

describe.skipIf(!REDIS_IS_HERE)('with a Redis (skipped where redis-server is not installed)', () => {
  let server: RedisServer
  let connections: readonly SharedRedis[]

  beforeAll(async () => {
    server = await startRedis()
    connections = await Promise.all([1, 2, 3].map(() => connectRedis(server.url)))
  })
  afterAll(async () => {
    for (const { client } of connections) client.disconnect()
    await server.stop()
  })

  test.each([
    ['a wrong password', (url: string) => url.replace('secret', 'wrong-one'), /WRONGPASS/],
    ['no password', (url: string) => url.replace(':secret@', ''), /NOAUTH/],
    ['another protocol', (url: string) => url.replace('redis:', 'http:'), /requires redis:/],
  ])('%s is refused by name of the place, without a password', async (_, change, words) => {
    const refused = connectRedis(change(server.url))
    await expect(refused).rejects.toThrow(words)
    await expect(refused).rejects.not.toThrow(/secret|wrong-one/)
  })

  describe('replies', () => {
    test('that one process keeps are found by another, also after the Redis has crashed', async () => {
      const [one, other] = connections.map(redisReplyStore)
      await one?.put('k1', '{"text":"grüß dich"}')
      await server.crash()
      expect(await other?.get('k1')).toBe('{"text":"grüß dich"}')
      expect(await other?.get('k2')).toBeUndefined()
    })
    test('that are damaged count as absent', async () => {
      const [one] = connections.map(redisReplyStore)
      await one?.put('k3', 'whole text')
      const kept = (await server.client.get('imcbench:reply:k3')) ?? ''
      await server.client.set('imcbench:reply:k3', kept.slice(0, -1))
      expect(await one?.get('k3')).toBeUndefined()
      await server.client.set('imcbench:reply:k3', 'x')
      expect(await one?.get('k3')).toBeUndefined()
    })
    test('are asked for once by processes that come one after the other, whatever folder they name', async () => {
      vi.stubEnv('IMCBENCH_REDIS', server.url)
      vi.stubEnv('IMCBENCH_RUN', 'asked')
      const model = scriptedModel(() => replyOf('hello'), { id: randomUUID(), simulated: false })
      const answers = []
      for (let i = 0; i < 3; i++) answers.push(await createAsk(storeFolder())(model, requestOf('hi'), { deadlineMs: 5_000 }))
      vi.unstubAllEnvs()
      expect(answers.map((answer) => answer.kind === 'reply' && answer.stored)).toEqual([false, true, true])
      expect(model.asked).toHaveLength(1)
      expect(await readSpending(connections[0] as SharedRedis, 'asked')).toMatchObject({ usd: 0.25, unknown: 0, calls: 1 })
    })
  })

  describe('a rate limit', () => {
    test('is one for all processes, which share it evenly', async () => {
      const model = scriptedModel(() => '', { id: randomUUID(), limits: { requestsPerMinute: 1200 } })
      const limiters = connections.map((redis) => redisRateLimiter(redis))
      const passed: { at: number; process: number }[] = []
      await Promise.all(
        limiters.flatMap((limiter, process) =>
          // The first process asks for more than the others.
          Array.from({ length: process === 0 ? 40 : 12 }, async () => {
            await limiter.admit(model, 1, never)
            passed.push({ at: performance.now(), process })
          }),
        ),
      )
      const took = (passed.at(-1)?.at ?? 0) - (passed[0]?.at ?? 0)
      // 64 calls have 63 gaps of 50 ms; timers are a few ms early or late.
      expect(took).toBeGreaterThan(63 * 50)
      const early = passed.slice(0, 30).map(({ process }) => process)
      for (const process of [0, 1, 2]) expect(early.filter((one) => one === process).length).toBeGreaterThanOrEqual(6)
    })
    test('counts tokens where they are what is short, and lets models without limits through', async () => {
      const model = scriptedModel(() => '', { id: randomUUID(), limits: { tokensPerMinute: 60_000 } })
      const limiter = redisRateLimiter(connections[0] as SharedRedis)
      const start = performance.now()
      await limiter.admit(model, 500, never)
      await limiter.admit(model, 1, never)
      expect(performance.now() - start).toBeGreaterThan(500)
      await limiter.admit(
        scriptedModel(() => '', { id: randomUUID() }),
        1e9,
        never,
      )
    })
    test('lets a caller go that no longer waits', async () => {
      const model = scriptedModel(() => '', { id: randomUUID(), limits: { requestsPerMinute: 1 } })
      const limiter = redisRateLimiter(connections[0] as SharedRedis)
      await limiter.admit(model, 1, never)
      await expect(limiter.admit(model, 1, AbortSignal.timeout(50))).rejects.toThrow(/abort/i)
    })
  })

  describe('a budget', () => {
    const accounts = (run: string) => connections.map((redis) => redisSpending(redis, run, () => undefined))
    /** Makes calls at once in all processes, many more than the budget holds, and returns how many were made. */
    async function spend(run: string, costUsd: number, maxCostUsd: number): Promise<number> {
      let made = 0
      await Promise.all(
        accounts(run).flatMap((account) =>
          Array.from({ length: 20 }, async () => {
            const name = randomUUID()
            if ((await account.begin({ name, model: paid, maxCostUsd }, never)) !== undefined) return
            made += 1
            await new Promise((resolve) => setTimeout(resolve, 20))
            await account.count(paid, costUsd, maxCostUsd, name)
            await account.end(name)
          }),
        ),
      )
      return made
    }
    test('of all processes together is gone over by one call at most, however many run at once', async () => {
      const made = await spend(randomUUID(), 0.3, 2)
      expect(made).toBe(7) // 6 × 0.3 = 1.8 < 2 ≤ 7 × 0.3
    })
    test('that is used up refuses at once, in every process, and says what was spent', async () => {
      const run = randomUUID()
      await spend(run, 1, 2)
      for (const account of accounts(run))
        expect(await account.refusal(paid, 2)).toBe('budget of 2 USD is used up: 2.0000 USD spent')
      for (const account of accounts(run)) expect(await account.refusal(paid, 3)).toBeUndefined()
      expect(await readSpending(connections[0] as SharedRedis, run)).toMatchObject({ usd: 2, unknown: 0, calls: 2 })
    })
    test('counts a call once when its report is sent twice, and shows calls whose cost is not known', async () => {
      const run = randomUUID()
      const [one] = accounts(run)
      for (let i = 0; i < 2; i++) await one?.count(paid, 0.5, 1, 'the same call')
      await one?.count(paid, null, 1, 'a call that was cut off')
      expect(await readSpending(connections[0] as SharedRedis, run)).toMatchObject({ usd: 0.5, unknown: 1, calls: 2 })
    })
    test('is never refused to rules and to what cannot cost money', async () => {
      const [one] = accounts(randomUUID())
      expect(
        await one?.refusal(
          scriptedModel(() => '', { simulated: true }),
          0,
        ),
      ).toBeUndefined()
      expect(
        await one?.refusal(
          scriptedModel(() => '', { simulated: false, free: true }),
          0,
        ),
      ).toBeUndefined()
      expect(await one?.refusal(paid, 0)).toBe('budget of 0 USD is used up: 0.0000 USD spent')
    })
    test('gives back the place of a call that failed', async () => {
      const [one] = accounts(randomUUID())
      for (let i = 0; i < 3; i++) {
        const name = randomUUID()
        expect(await one?.begin({ name, model: paid, maxCostUsd: 1 }, AbortSignal.timeout(1_000))).toBeUndefined()
        await one?.end(name)
      }
    })
  })
})
