import { Command } from 'commander'
import { ended, requiredPlace, whole } from './options.ts'
import { openQueue } from './queue.ts'
import { plannedShards } from './run.ts'

interface Options {
  readonly config: string
  readonly run: string
  readonly shards: number
}

const command = new Command('enqueue')
  .description('puts the shards of a run into the queue on the Redis of IMCBENCH_REDIS; again: puts back those that failed')
  .requiredOption('--run <name>', 'name of the run')
  .requiredOption('--shards <number>', 'how many shards; 20 to 50 conversations each are a good size', whole)
  .option('-c, --config <file>', 'promptfoo configuration', 'promptfooconfig.yaml')

await ended(async () => {
  const { run: name, config, shards } = command.parse().opts<Options>()
  const place = requiredPlace('enqueue', name)
  const run = await plannedShards({ name, config, shards })
  const queue = await openQueue(place)
  try {
    const { added, back } = await queue.enqueue(run)
    const cells = run.identity.tests * run.config.arms.length * run.config.models.length
    console.log(
      `run ${name}: ${run.identity.tests} tests, ${cells} conversations in ${shards} shards; ${added} new, ${back} put back`,
    )
  } finally {
    await queue.close()
  }
})
