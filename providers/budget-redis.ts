import { budgetWarnings, type Spending, usedUp } from './budget.ts'
import type { Model } from './model.ts'
import type { SharedRedis } from './redis.ts'
import { sleepFor } from './retry.ts'

/** What all processes of a run have spent so far, and how many calls they made in each of the last seconds. */
export interface RunSpending {
  readonly usd: number
  readonly unknown: number
  readonly calls: number
  /** Calls that ended in the last 60 s, a second. */
  readonly callsPerSecond: number
}

// A call that is longer than this no longer holds its place; it is counted all the same when it ends.
const HELD_MS = 120_000
const [POLL_MS, MARK_MS, WINDOW_S] = [100, 600_000, 60]

/**
 * Lets a call begin when what is spent, what the open calls may cost and this one stay within the budget; a call may cost as
 * much as the dearest of its model so far. When no call is open, one may begin as long as the budget is not used up.
 */
const BEGIN = `
local function number(field) return tonumber(redis.call('HGET', KEYS[1], field) or nil) end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, usd = tonumber(ARGV[1]), number('usd') or 0
local told = {tostring(usd), tostring(number('unknown') or 0)}
if usd >= limit then return {'used up', told[1], told[2]} end
for _, call in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  redis.call('HDEL', KEYS[2], call)
  redis.call('ZREM', KEYS[3], call)
end
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 then return {'go', told[1], told[2]} end
local open, held = 0, 0
for _, price in ipairs(redis.call('HVALS', KEYS[2])) do
  open = open + 1
  held = held + tonumber(price)
end
local price = number('dearest ' .. ARGV[3]) or number('dearest')
if open > 0 and (not price or usd + held + price > limit) then return {'wait', told[1], told[2]} end
redis.call('HSET', KEYS[2], ARGV[2], tostring(price or 0))
redis.call('ZADD', KEYS[3], now + tonumber(ARGV[4]), ARGV[2])
return {'go', told[1], told[2]}
`

// The mark makes the script safe to be sent twice, as it is when a connection breaks before the answer.
const COUNT = `
if redis.call('SET', KEYS[4], 1, 'NX', 'PX', ARGV[4]) then
  if ARGV[3] == '' then
    redis.call('HINCRBY', KEYS[1], 'unknown', 1)
    redis.call('HSETNX', KEYS[1], 'dearest ' .. ARGV[2], 0)
    redis.call('HSETNX', KEYS[1], 'dearest', 0)
  else
    redis.call('HINCRBYFLOAT', KEYS[1], 'usd', ARGV[3])
    for _, field in ipairs({'dearest ' .. ARGV[2], 'dearest'}) do
      if tonumber(ARGV[3]) > tonumber(redis.call('HGET', KEYS[1], field) or '-1') then redis.call('HSET', KEYS[1], field, ARGV[3]) end
    end
  end
  redis.call('HINCRBY', KEYS[1], 'calls', 1)
  local second = KEYS[5] .. ':' .. redis.call('TIME')[1]
  redis.call('INCR', second)
  redis.call('EXPIRE', second, 120)
end
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return {redis.call('HGET', KEYS[1], 'usd') or '0', redis.call('HGET', KEYS[1], 'unknown') or '0'}
`

/**
 * One account for all processes of a run. Near the budget calls wait for each other, so that together they go over it by one
 * call at most, and by what calls cost more than the dearest before them. A process that dies in a call holds its place for two minutes.
 *
 * @param warn as in `createSpending`; every process says it once
 */
export function redisSpending({ use }: SharedRedis, run: string, warn: (line: string) => void): Spending {
  const { account, open, until, mark, seconds } = keysOf(run)
  const { refused, counted } = budgetWarnings(warn)
  const begun = new Set<string>()
  const free = (model: Model, maxCostUsd: number | undefined) =>
    maxCostUsd === undefined || model.simulated || model.free === true
  const refuse = (maxCostUsd: number, spent: { usd: number; unknown: number }) => {
    const line = usedUp(maxCostUsd, spent)
    refused(maxCostUsd, line)
    return line
  }
  return {
    refusal: async (model, maxCostUsd) => {
      if (maxCostUsd === undefined || free(model, maxCostUsd)) return undefined
      const [usd, unknown] = await use((client) => client.hmget(account, 'usd', 'unknown'))
      return Number(usd ?? 0) < maxCostUsd
        ? undefined
        : refuse(maxCostUsd, { usd: Number(usd ?? 0), unknown: Number(unknown ?? 0) })
    },
    begin: async ({ name, model, maxCostUsd }, signal) => {
      if (maxCostUsd === undefined || free(model, maxCostUsd)) return undefined
      for (;;) {
        signal.throwIfAborted()
        const answer = await use((client) => client.eval(BEGIN, 3, account, open, until, maxCostUsd, name, model.id, HELD_MS))
        const [what, usd, unknown] = answer as [string, string, string]
        if (what === 'used up') return refuse(maxCostUsd, { usd: Number(usd), unknown: Number(unknown) })
        if (what === 'go') {
          begun.add(name)
          return undefined
        }
        await sleepFor(POLL_MS * (0.5 + Math.random()), signal)
      }
    },
    count: async (model, costUsd, maxCostUsd, name) => {
      if (model.simulated || (model.free && costUsd === null)) return
      const cost = costUsd === null ? '' : String(costUsd)
      const keys = [account, open, until, `${mark}:${name}`, seconds]
      const answer = await use((client) => client.eval(COUNT, keys.length, ...keys, name, model.id, cost, MARK_MS))
      const [usd, unknown] = answer as [string, string]
      begun.delete(name)
      counted(model, costUsd, maxCostUsd, { usd: Number(usd), unknown: Number(unknown) })
    },
    end: async (name) => {
      if (!begun.delete(name)) return
      await use((client) => client.multi().hdel(open, name).zrem(until, name).exec())
    },
  }
}

/** What a run has spent so far; all 0 for a run that nobody knows. */
export async function readSpending({ use }: SharedRedis, run: string): Promise<RunSpending> {
  const { account, seconds } = keysOf(run)
  const [[usd, unknown, calls], time] = await use(async (client) => [
    await client.hmget(account, 'usd', 'unknown', 'calls'),
    await client.time(),
  ])
  const now = Number(time[0])
  const window = Array.from({ length: WINDOW_S }, (_, i) => `${seconds}:${now - 1 - i}`)
  const counts = await use((client) => client.mget(window))
  return {
    usd: Number(usd ?? 0),
    unknown: Number(unknown ?? 0),
    calls: Number(calls ?? 0),
    callsPerSecond: counts.reduce((sum, count) => sum + Number(count ?? 0), 0) / WINDOW_S,
  }
}

// The braces keep the keys of a run together where a Redis has several nodes.
function keysOf(run: string) {
  const [account, open, until] = ['account', 'open', 'until'].map((part) => `imcbench:{${run}}:${part}`) as [
    string,
    string,
    string,
  ]
  return { account, open, until, mark: `imcbench:{${run}}:counted`, seconds: `imcbench:{${run}}:calls` }
}
