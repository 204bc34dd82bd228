import { Command } from 'commander'
import { ended, RUNS_DIR, requiredPlace, whole } from './options.ts'
import { openQueue } from './queue.ts'
import { configPath, plannedShards } from './run.ts'
import { work } from './worker.ts'

interface Options {
  readonly run: string
  readonly out: string
  readonly lockSeconds: number
}

const command = new Command('worker')
  .description('takes shards of a run from the queue until all have ended; start as many as you like, on as many machines')
  .requiredOption('--run <name>', 'name of the run')
  .option('--out <folder>', 'where runs are kept; best a folder that all workers share', RUNS_DIR)
  .option('--lock-seconds <number>', 'a shard whose worker is silent for so long is given to another', whole, 30)

await ended(async () => {
  const { run: name, out, lockSeconds } = command.parse().opts<Options>()
  const place = requiredPlace('worker', name)
  const queue = await openQueue(place)
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)))
  try {
    const identity = await queue.identity()
    if (identity === undefined) throw new Error(`--run requires a run that was enqueued, got ${name}`)
    const run = await plannedShards({ ...identity, config: configPath(identity) })
    const say = (line: string) => console.log(line)
    const end = await work(place, queue, run, { out, lockMs: Math.max(1, lockSeconds) * 1000, say, signal: stop.signal })
    const { failed } = await queue.progress()
    console.log(failed === 0 ? end : `${end}; ${failed} failed, see npm run progress`)
    if (end === 'budget used up') process.exitCode = 3
  } finally {
    await queue.close()
  }
})
