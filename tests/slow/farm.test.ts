import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Estimates } from '../../analysis/estimate.ts'
import { loadBank } from '../../cases/load.ts'
import { ASSUMED } from '../../deploy/expected-costs.ts'
import { sizeOf } from '../../deploy/size.ts'
import { readSpending } from '../../providers/budget-redis.ts'
import { planOf } from '../../providers/plan.ts'
import { plannedConfig } from '../../providers/plan-config.ts'
import { connectRedis } from '../../providers/redis.ts'
import { collected, type Ended, ended, run, signalGroup, start, unsharded, withoutCosts } from '../deploy/farm.ts'
import { clinicianPeer, hostedFarm } from '../deploy/hosted-farm.ts'
import { REDIS_IS_HERE, type RedisServer, startRedis } from '../deploy/redis-server.ts'

const SEED = 20260628
const CONCURRENCY = 4
// Of the peer: five times questions, advice, and the answer to the closing question.
const REPLIES = 7

describe.skipIf(!REDIS_IS_HERE)('a farm of real processes on a real Redis (skipped where redis-server is not installed)', () => {
  let redis: RedisServer
  // Each has its own: replies are shared by all runs on one.
  beforeEach(async () => {
    redis = await startRedis()
  })
  afterEach(() => redis.stop())

  const spending = async (name: string) => {
    const connection = await connectRedis(redis.url)
    const spent = await readSpending(connection, name)
    connection.client.disconnect()
    return spent
  }

  test('holds 240 conversations on 4 workers, two of them killed and one paused for 60 s, with a Redis that crashes once', async () => {
    const answered: string[] = []
    const peer = await clinicianPeer(300, (raw) => answered.push(raw.slice(raw.indexOf('{"', raw.indexOf('} ')))))
    const farm = await hostedFarm({ redis, peer, repeats: 10, concurrency: CONCURRENCY })
    const expected = await unsharded(farm)
    const needed = peer.calls()
    expect((await run(farm, 'enqueue', '--run', 'big', '--shards', '12', '-c', farm.config)).output).toContain(
      '240 conversations in 12 shards',
    )

    const random = xoroshiro128plus(SEED)
    const begin = () => start(farm, 'worker', '--run', 'big', '--out', farm.out, '--lock-seconds', '10')
    const workers = Array.from({ length: 4 }, begin)
    const outcomes: Promise<Ended>[] = workers.map(ended)
    const reach = async (share: number) => {
      while (peer.calls() < needed * (1 + share)) await sleep(20)
    }
    const somewhere = (from: number, to: number) => uniformInt(random, from * 1000, to * 1000) / 1000
    await reach(somewhere(0.05, 0.2))
    signalGroup(workers[0] as (typeof workers)[0], 'SIGKILL')
    await reach(somewhere(0.25, 0.35))
    const paused = workers[1] as (typeof workers)[0]
    signalGroup(paused, 'SIGSTOP')
    const resumed = sleep(60_000).then(() => signalGroup(paused, 'SIGCONT'))
    await reach(somewhere(0.4, 0.5))
    await redis.crash()
    await reach(somewhere(0.55, 0.65))
    signalGroup(workers[2] as (typeof workers)[0], 'SIGKILL')
    // Machines come and go: one more takes the place of those that are gone.
    outcomes.push(ended(begin()))
    await resumed
    const [, second, , ...rest] = await Promise.all(outcomes)
    for (const one of [second, ...rest]) expect(one?.code, one?.output).toBe(0)

    const { estimates } = await collected(farm, 'big')
    expect(Estimates.parse(JSON.parse(estimates)).trials).toMatchObject({ planned: 240, scored: 240, repeated: 0 })
    expect(withoutCosts(estimates)).toBe(withoutCosts(expected))
    // Every reply that was kept was asked for once; what was in flight at the two kills and at the pause is lost and asked again.
    const more = peer.calls() - 2 * needed
    expect((await redis.client.keys('imcbench:reply:*')).length).toBeGreaterThanOrEqual(needed)
    process.stdout.write(
      `needed ${needed} calls, made ${peer.calls() - needed}: ${more} again, at most ${3 * CONCURRENCY} were in flight\n`,
    )
    expect(more).toBeGreaterThanOrEqual(0)
    expect(more).toBeLessThanOrEqual(3 * CONCURRENCY)
    await peer.stop()
  })

  test('sends a model no more than the set rate in any second from 3 workers, and at least 90 % of it', async () => {
    const RATE = 10
    const at: number[] = []
    const peer = await clinicianPeer(20, () => at.push(performance.now()))
    const farm = await hostedFarm({ redis, peer, repeats: 3, concurrency: 8, limits: { requestsPerMinute: RATE * 60 } })
    await run(farm, 'enqueue', '--run', 'rate', '--shards', '3', '-c', farm.config)
    const workers = Array.from({ length: 3 }, () => ended(start(farm, 'worker', '--run', 'rate', '--out', farm.out)))
    for (const { code, output } of await Promise.all(workers)) expect(code, output).toBe(0)
    // While all three are at work: from 5 s after the first call to 5 s before the last one.
    const [from, to] = [(at[0] ?? 0) + 5_000, (at.at(-1) ?? 0) - 5_000]
    const seconds = Array.from({ length: Math.floor((to - from) / 1000) }, (_, i) => {
      const begin = from + 1000 * i
      return at.filter((one) => one >= begin && one < begin + 1000).length
    })
    const mean = seconds.reduce((sum, count) => sum + count, 0) / seconds.length
    process.stdout.write(`${seconds.length} seconds, calls in each: ${seconds.join(' ')}; mean ${mean.toFixed(2)} of ${RATE}\n`)
    expect(seconds.length).toBeGreaterThan(20)
    expect(Math.max(...seconds)).toBeLessThanOrEqual(RATE)
    expect(mean).toBeGreaterThanOrEqual(0.9 * RATE)
    // The planner’s time for this run, from its calls and the limit, beside the time it took.
    const { models, arms } = plannedConfig(await readFile(farm.config, 'utf8'), 'config')
    const { cases } = await loadBank('demo')
    const rows = planOf({ models, arms, cases, jurors: [], repeats: 3, instructions: '' }, { ...ASSUMED, replies: REPLIES })
    const pace = { workers: 3, concurrency: 8, replySeconds: 0.02, rounds: REPLIES, requestsPerMinute: RATE * 60 }
    const { seconds: planned, bound } = sizeOf(rows, 1, pace)
    expect(bound).toBe('requests of claude-sonnet-4-6')
    const took = ((at.at(-1) ?? 0) - (at[0] ?? 0)) / 1000
    process.stdout.write(`planned ${planned.toFixed(1)} s, took ${took.toFixed(1)} s\n`)
    expect(took).toBeGreaterThan(0.9 * planned)
    expect(took).toBeLessThan(1.25 * planned)
    await peer.stop()
  })

  test('stops all workers at the budget, keeps everything, and goes on when it is raised', async () => {
    const peer = await clinicianPeer(100)
    const farm = await hostedFarm({ redis, peer, repeats: 2, concurrency: 4, maxCostUsd: 100 })
    await run(farm, 'enqueue', '--run', 'budget', '--shards', '6', '-c', farm.config)
    const limit = 0.5
    const poor = { ...farm, env: { ...farm.env, IMCBENCH_MAX_COST_USD: `${limit}` } }
    const workers = Array.from({ length: 3 }, () => ended(start(poor, 'worker', '--run', 'budget', '--out', farm.out)))
    for (const { code, output } of await Promise.all(workers)) {
      expect(output).toContain('budget used up')
      expect(code).toBe(3)
    }
    const { usd, calls } = await spending('budget')
    const dearest = (usd / calls) * 3
    process.stdout.write(`budget ${limit} USD, spent ${usd.toFixed(4)} in ${calls} calls\n`)
    expect(usd).toBeGreaterThanOrEqual(limit)
    expect(usd).toBeLessThan(limit + dearest)
    expect(peer.calls()).toBe(calls)

    expect((await run(farm, 'enqueue', '--run', 'budget', '--shards', '6', '-c', farm.config)).output).toMatch(
      /0 new, [1-9] put back/,
    )
    expect((await ended(start(farm, 'worker', '--run', 'budget', '--out', farm.out))).code).toBe(0)
    // Nothing that was paid for was asked again.
    expect(peer.calls()).toBe(8 * 3 * 2 * REPLIES)
    expect(Estimates.parse(JSON.parse((await collected(farm, 'budget')).estimates)).trials).toMatchObject({
      planned: 48,
      scored: 48,
    })
    await peer.stop()
  })
})
