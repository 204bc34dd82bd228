import { Command } from 'commander'
import { type RunSpending, readSpending } from '../providers/budget-redis.ts'
import { ended, requiredPlace } from './options.ts'
import { openQueue, type Progress } from './queue.ts'

const command = new Command('progress').description('how far a run is').requiredOption('--run <name>', 'name of the run')

await ended(async () => {
  const { run } = command.parse().opts<{ run: string }>()
  const queue = await openQueue(requiredPlace('progress', run))
  try {
    if ((await queue.identity()) === undefined) throw new Error(`--run requires a run that was enqueued, got ${run}`)
    const spent = await readSpending({ client: queue.client, use: (commands) => commands(queue.client) }, run)
    console.log(progressText(run, await queue.progress(), spent))
    for (const [shard, reason] of await queue.failures()) console.log(`failed: shard ${shard}: ${reason}`)
  } finally {
    await queue.close()
  }
})

function progressText(run: string, at: Progress, spent: RunSpending): string {
  const { done, failed, running, waiting, share } = at
  const unknown = spent.unknown === 0 ? '' : `, and ${spent.unknown} calls whose cost is not known`
  return [
    `run ${run}: ${done} shards done, ${failed} failed, ${running} running, ${waiting} waiting; ${(100 * share).toFixed(1)} % of the expected cost`,
    `${spent.usd.toFixed(4)} USD spent${unknown}; ${spent.calls} calls of models that are not simulated, ${spent.callsPerSecond.toFixed(2)} a second in the last minute`,
    `time left: ${timeLeft(at)}`,
  ].join('\n')
}

function timeLeft({ share, elapsedMs, running, waiting }: Progress): string {
  if (running + waiting === 0) return 'none'
  if (share === 0) return 'not known before a shard is done'
  return `about ${Math.ceil((elapsedMs * (1 - share)) / share / 60_000)} min, if workers stay as many`
}
