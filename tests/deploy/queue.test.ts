import type { ChildProcess } from 'node:child_process'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Estimates } from '../../analysis/estimate.ts'
import { collectShards } from '../../deploy/collect.ts'
import { ROOT } from '../pipeline/run-promptfoo.ts'
import { collected, ended, type Farm, newFarm, run, signalGroup, small, start, unsharded, withoutCosts } from './farm.ts'
import { clinicianPeer, hostedFarm } from './hosted-farm.ts'
import { REDIS_IS_HERE, type RedisServer, startRedis } from './redis-server.ts'

describe.skipIf(!REDIS_IS_HERE)('the queue (skipped where redis-server is not installed)', () => {
  let redis: RedisServer
  const workers: ChildProcess[] = []
  const enqueue = (farm: Farm, name: string, shards: number) =>
    run(farm, 'enqueue', '--run', name, '--shards', `${shards}`, '-c', farm.config)
  const worker = (farm: Farm, name: string) => {
    const child = start(farm, 'worker', '--run', name, '--out', farm.out, '--lock-seconds', '2')
    workers.push(child)
    return child
  }

  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(async () => {
    for (const child of workers) signalGroup(child, 'SIGKILL')
    await redis.stop()
  })

  test.concurrent('gives the shard of a killed worker to another one, which asks no finished call again', async () => {
    const peer = await clinicianPeer(50)
    const farm = await hostedFarm({ redis, peer, arms: 2 })
    const expected = await unsharded(farm)
    const needed = peer.calls()
    expect((await enqueue(farm, 'killed', 2)).output).toContain('8 tests, 16 conversations in 2 shards; 2 new, 0 put back')

    const victim = worker(farm, 'killed')
    while (peer.calls() < needed + 12 && victim.exitCode === null) await sleep(2)
    // The worker alone: what it started must not go on without it.
    victim.kill('SIGKILL')
    await groupGone(victim)
    const atKill = peer.calls()
    const kept = (await redis.client.keys('imcbench:reply:*')).length
    expect(kept).toBeGreaterThan(0)

    const second = await ended(worker(farm, 'killed'))
    expect(second.code, second.output).toBe(0)
    expect(second.output).toContain('all shards ended')
    const { estimates } = await collected(farm, 'killed')
    expect(withoutCosts(estimates)).toBe(withoutCosts(expected))
    // What was in flight at the kill is lost, at most four conversations at once.
    expect(peer.calls() - needed).toBeLessThanOrEqual(needed + 4)
    expect(peer.calls()).toBeGreaterThan(atKill)
    const { output } = await run(farm, 'progress', '--run', 'killed')
    expect(output).toContain('run killed: 2 shards done, 0 failed, 0 running, 0 waiting; 100.0 %')
    expect(output).toMatch(/^0\.\d{4} USD spent; \d+ calls of models/m)
    expect(output).toContain('time left: none')
    await peer.stop()
  }, 60_000)

  test.concurrent('ends a shard that cannot be run as failed after three tries, with its reason, and the rest completes', async () => {
    const bank = join((await newFarm('promptfooconfig.offline.yaml', small)).dir, 'poisoned')
    await cp(join(ROOT, 'cases', 'demo'), bank, { recursive: true })
    const farm = await newFarm('promptfooconfig.offline.yaml', small, { IMCBENCH_REDIS: redis.url, IMCBENCH_BANK: bank })
    expect((await enqueue(farm, 'poison', 2)).code).toBe(0)
    await rm(join(bank, 'images', '4d68.png'))
    const { code, output } = await ended(worker(farm, 'poison'))
    expect(code, output).toBe(0)
    expect(output.match(/begins/g)).toHaveLength(1 + 3)
    const { output: progress } = await run(farm, 'progress', '--run', 'poison')
    expect(progress).toContain('1 shards done, 1 failed, 0 running, 0 waiting')
    expect(progress).toMatch(/failed: shard \d: promptfoo ended with 1: .*no usable image/)
    const { trials, exclusions } = Estimates.parse(JSON.parse((await collected(farm, 'poison')).estimates))
    expect(trials).toMatchObject({ planned: 16, scored: 8 })
    expect(exclusions.map(({ count }) => count)).toEqual([4, 4])
    for (const { reason } of exclusions) expect(reason).toMatch(/^not held: its shard is not finished: promptfoo ended with 1: /)

    await cp(join(ROOT, 'cases', 'demo', 'images', '4d68.png'), join(bank, 'images', '4d68.png'))
    expect((await enqueue(farm, 'poison', 2)).output).toContain('0 new, 1 put back')
    expect((await ended(worker(farm, 'poison'))).code).toBe(0)
    expect((await collectShards(join(farm.out, 'poison'))).missing).toEqual([])
  }, 90_000)

  describe('refuses', () => {
    let farm: Farm
    beforeAll(async () => {
      farm = await newFarm('promptfooconfig.offline.yaml', small, { IMCBENCH_REDIS: redis.url })
      expect((await enqueue(farm, 'refused', 2)).code).toBe(0)
    })

    test('a second run of the same name', async () => {
      const { code, output } = await enqueue(farm, 'refused', 3)
      expect(code).toBe(1)
      expect(output).toContain(
        '--run requires a name of its own for each run, got refused, which has another number of shards (3 here, 2 there)',
      )
      const other = await newFarm('promptfooconfig.offline.yaml', (given) => given, farm.env)
      expect((await enqueue(other, 'refused', 2)).output).toContain('another text of the configuration')
    })

    test.each([
      ['code', 'another code or lock file'],
      ['bankSha256', 'another cases of the bank'],
      ['configSha256', 'another text of the configuration'],
    ])('a worker whose %s is not that of the run, before it takes a shard', async (field, words) => {
      const record = (await redis.client.get('imcbench:{refused}:record')) ?? ''
      await redis.client.set('imcbench:{refused}:record', JSON.stringify({ ...JSON.parse(record), [field]: 'f'.repeat(64) }))
      const { code, output } = await ended(worker(farm, 'refused'))
      await redis.client.set('imcbench:{refused}:record', record)
      expect(code).toBe(1)
      expect(output).toContain(`worker requires what run refused was enqueued with, got ${words}`)
      expect(output).not.toContain('begins')
    })

    test.each([['worker'], ['progress']])(
      '%s for a run that was not enqueued, without Redis, or with a wrong password',
      async (command) => {
        expect((await run(farm, command, '--run', 'unknown')).output).toContain(
          '--run requires a run that was enqueued, got unknown',
        )
        const without = await run({ ...farm, env: {} }, command, '--run', 'refused')
        expect(without).toEqual({
          code: 1,
          output: `${command} requires IMCBENCH_REDIS, such as redis://:password@host:6379, got none\n`,
        })
        const wrong = await run(
          { ...farm, env: { IMCBENCH_REDIS: redis.url.replace('secret', 'wrong-one') } },
          command,
          '--run',
          'refused',
        )
        expect(wrong.code).toBe(1)
        expect(wrong.output).toContain('WRONGPASS')
        expect(wrong.output).not.toContain('wrong-one')
      },
    )
  })
})

/** Waits until no process of a command’s group is left. */
async function groupGone({ pid }: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    try {
      process.kill(-(pid ?? 0), 0)
    } catch {
      return
    }
    await sleep(10)
  }
  throw new Error(`group requires an end within 5 s of its worker’s, got processes that go on`)
}
