import { setTimeout as sleep } from 'node:timers/promises'
import { ended, run, start } from '../deploy/farm.ts'
import { clinicianPeer, hostedFarm } from '../deploy/hosted-farm.ts'
import { REDIS_IS_HERE, startRedis } from '../deploy/redis-server.ts'

const [DELAY_MS, REPEATS, SHARDS, CONCURRENCY, GOAL] = [300, 20, 8, 4, 3.5]

/**
 * Wall time of 480 conversations in 8 shards on one worker and on four, with replies after 300 ms and no rate limit, and what a
 * shard takes before its first call. As lines to print.
 */
export async function* farmLines(): AsyncGenerator<string> {
  if (!REDIS_IS_HERE) {
    yield 'Farm: skipped, redis-server is not installed'
    return
  }
  yield `Farm: 480 conversations in ${SHARDS} shards, ${CONCURRENCY} at a time in a worker, every reply after ${DELAY_MS} ms, no rate limit`
  const one = await farmed(1)
  yield `1 worker: ${one.seconds.toFixed(1)} s; from the start of a shard to its first call: ${one.starts.map((s) => s.toFixed(1)).join(', ')} s`
  const four = await farmed(4)
  yield `4 workers: ${four.seconds.toFixed(1)} s; from the start of a shard to its first call: ${four.starts.map((s) => s.toFixed(1)).join(', ')} s`
  const ratio = one.seconds / four.seconds
  yield `speed-up ${ratio.toFixed(2)}; goal ${GOAL}: ${ratio >= GOAL ? 'met' : 'NOT met'}`
  const overhead = one.starts.reduce((sum, s) => sum + s, 0) / one.starts.length
  yield `a shard whose conversations take ${(19 * overhead).toFixed(0)} s spends 5 % of its time on starting`
}

/** Seconds from the first shard’s start to the last one’s end, without the start of the workers themselves. */
async function farmed(workers: number): Promise<{ readonly seconds: number; readonly starts: readonly number[] }> {
  const redis = await startRedis()
  const calls: number[] = []
  const peer = await clinicianPeer(DELAY_MS, () => calls.push(performance.now()))
  try {
    const farm = await hostedFarm({ redis, peer, repeats: REPEATS, concurrency: CONCURRENCY })
    await run(farm, 'enqueue', '--run', 'bench', '--shards', `${SHARDS}`, '-c', farm.config)
    const begun: number[] = []
    const children = Array.from({ length: workers }, () => start(farm, 'worker', '--run', 'bench', '--out', farm.out))
    let last = 0
    for (const child of children)
      child.stdout?.on('data', (chunk: Buffer) => {
        for (const line of String(chunk).split('\n')) {
          if (line.includes('begins')) begun.push(performance.now())
          if (line.includes('done')) last = performance.now()
        }
      })
    const ends = await Promise.all(children.map(ended))
    const bad = ends.find(({ code }) => code !== 0)
    if (bad !== undefined) throw new Error(`farm requires workers that end well, got\n${bad.output}`)
    await sleep(0)
    // With one worker every shard’s first call is the first after it began; with more only the first shards tell it.
    const starts = (workers === 1 ? begun : begun.slice(0, 1)).map((at) => ((calls.find((call) => call > at) ?? at) - at) / 1000)
    return { seconds: (last - (begun[0] ?? 0)) / 1000, starts }
  } finally {
    await peer.stop()
    await redis.stop()
  }
}
