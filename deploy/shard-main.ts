import { join, relative } from 'node:path'
import { Command } from 'commander'
import { ended, RUNS_DIR, whole } from './options.ts'
import { plannedShards } from './run.ts'
import { runShard } from './run-shard.ts'

interface Options {
  readonly config: string
  readonly run: string
  readonly shard: number
  readonly shards: number
  readonly out: string
}

const command = new Command('shard')
  .description('one shard of a run: promptfoo eval over its tests, with a store and a results file of its own')
  .requiredOption('--run <name>', 'name of the run')
  .requiredOption('--shard <number>', 'which shard, from 0', whole)
  .requiredOption('--shards <number>', 'how many there are', whole)
  .option('-c, --config <file>', 'promptfoo configuration', 'promptfooconfig.yaml')
  .option('--out <folder>', 'where runs are kept', RUNS_DIR)

await ended(async () => {
  const { run: name, config, shard, shards, out } = command.parse().opts<Options>()
  const run = await plannedShards({ name, config, shards })
  const { manifest, file } = await runShard(run, shard, { runDir: join(out, name) })
  console.log(`shard ${shard} of ${shards}: ${manifest.rows} cells in ${relative('', file)}`)
  if (manifest.brokenByBudget > 0)
    throw new Error(`shard ${shard}: ${manifest.brokenByBudget} conversations ended because the budget was used up`)
})
