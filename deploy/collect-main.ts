import { spawnSync } from 'node:child_process'
import { join, relative } from 'node:path'
import { Command } from 'commander'
import { sharedPlace } from '../providers/shared.ts'
import { type Collected, collectShards, writeMissing } from './collect.ts'
import { ended, RUNS_DIR } from './options.ts'
import { configPath, plannedShards } from './run.ts'
import { requireSameRun } from './shard-folder.ts'

interface Options {
  readonly run: string
  readonly out: string
  readonly to: string
}

const command = new Command('collect')
  .description('all shards of a run → estimates.json and trials.csv, the same as of one run without shards')
  .requiredOption('--run <name>', 'name of the run')
  .option('--out <folder>', 'where runs are kept', RUNS_DIR)
  .option('--to <folder>', 'where to write', join('reports', 'out', 'collected'))
  .argument('[analysis...]', 'after --: further options of npm run analyze, such as --resamples 1000')

await ended(async () => {
  const { run, out, to } = command.parse().opts<Options>()
  const runDir = join(out, run)
  const collected = await collectShards(runDir)
  const files = [...collected.finished.map(({ file }) => file), ...(await missingRows(runDir, collected))]
  analyse([...files, '--out', to, ...command.args])
  console.log(`report: npm run report -- ${join(relative('', to) || '.', 'estimates.json')}`)
})

async function missingRows(runDir: string, collected: Collected): Promise<string[]> {
  const { finished, missing } = collected
  const identity = finished[0]?.manifest.run
  if (missing.length === 0 || identity === undefined) return []
  const planned = await plannedShards({ ...identity, config: configPath(identity) })
  requireSameRun(planned.identity, identity, runDir)
  const reasons = await reasonsOf(identity.name)
  const reasonOf = (shard: number) => reasons.get(shard) ?? 'it left no results'
  for (const shard of missing) console.log(`missing: shard ${shard}: ${reasonOf(shard)}`)
  const file = await writeMissing(runDir, planned, collected, reasonOf)
  return file === undefined ? [] : [file]
}

async function reasonsOf(run: string): Promise<ReadonlyMap<number, string>> {
  const place = sharedPlace(run)
  if (place === undefined) return new Map()
  const { openQueue } = await import('./queue.ts')
  const queue = await openQueue(place)
  try {
    return await queue.failures()
  } finally {
    await queue.close()
  }
}

function analyse(args: readonly string[]): void {
  const main = join(import.meta.dirname, '..', 'analysis', 'main.ts')
  const { status } = spawnSync(process.execPath, ['--max-semi-space-size=64', main, ...args], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`collect requires shards that can be analysed, got exit code ${status} of analyze`)
}
