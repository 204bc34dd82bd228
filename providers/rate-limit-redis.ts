import pLimit, { type LimitFunction } from 'p-limit'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { type RateLimiter, shareMs } from './rate-limit.ts'
import type { SharedRedis } from './redis.ts'
import { type Sleep, sleepFor } from './retry.ts'

/**
 * Takes the model’s next free moment and moves it on by the call’s share, all by the clock of the Redis, so that clocks of
 * machines need not agree. Answers with 0 points, which the limiter always lets through, and the milliseconds to wait.
 */
const NEXT_MOMENT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local next = due + tonumber(ARGV[2])
redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', string.format('%.0f', next - now + 1000))
return {0, due - now}
`

// Calls that are a little late and a little early must not come together: 5 % of the rate is left as room for that.
const ROOM = 1.05

// A process that slept through its moment must not use it later; one that is always late would otherwise get none at all.
const [LATE_MS, TRIES] = [30, 3]

/**
 * One limit for all processes that share a Redis: calls of one model are spaced evenly over all of them, as `createRateLimiter`
 * spaces those of one, at 95 % of the rate. Moments are given in the order in which processes ask, and each process asks for one at a time
 * and model: those that have much to ask get no more than the others.
 */
export function redisRateLimiter({ client, use }: SharedRedis, sleep: Sleep = sleepFor): RateLimiter {
  const moments = new RateLimiterRedis({
    storeClient: client,
    keyPrefix: 'imcbench:rate',
    points: 1,
    duration: 1,
    customIncrTtlLuaScript: NEXT_MOMENT,
  })
  const queues = new Map<string, LimitFunction>()
  return {
    admit: async (model, tokens, signal) => {
      const ms = shareMs(model, tokens)
      if (ms === undefined) return
      const queue = queues.get(model.id) ?? pLimit(1)
      queues.set(model.id, queue)
      // The script reads the library’s “seconds” as milliseconds, which alone are fine enough.
      const share = Math.ceil(ms * ROOM)
      const take = () => use(() => moments.consume(model.id, 1, { customDuration: share }))
      await queue(async () => {
        for (let tried = 1; ; tried++) {
          signal.throwIfAborted()
          const { msBeforeNext } = await take()
          const due = performance.now() + msBeforeNext
          if (msBeforeNext > 0) await sleep(msBeforeNext, signal)
          if (tried === TRIES || performance.now() - due <= Math.max(LATE_MS, share / 2)) return
        }
      })
    },
  }
}
