import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readRows } from '../analysis/results.ts'
import { rowContent } from '../analysis/row-content.ts'
import type { TrialIdentity } from '../cases/identity.ts'
import { loadBank } from '../cases/load.ts'
import { identitiesAt } from '../cases/tests.ts'
import { writeWhole } from '../cases/write-whole.ts'
import type { PlannedShards } from './run.ts'
import { type FinishedShard, finishedShard, requireSameRun, shardDir, shardDirs } from './shard-folder.ts'

/** The shards of a run that are finished, in their order; all checked against each other and their hashes. */
export interface Collected {
  readonly finished: readonly FinishedShard[]
  /** Numbers of the shards that are not. */
  readonly missing: readonly number[]
}

/**
 * Looks for all shards of a run.
 *
 * @throws Error when there is none, when one is of another run, twice there, or not what its shard wrote
 */
export async function collectShards(runDir: string): Promise<Collected> {
  const found = await Promise.all((await shardDirs(runDir)).map(async (dir) => ({ dir, shard: await finishedShard(dir) })))
  const finished = found.flatMap(({ dir, shard }) => (shard === undefined ? [] : [{ dir, ...shard }]))
  const [first] = finished
  if (first === undefined) throw new Error(`${runDir} requires at least one finished shard, got none`)
  const { run } = first.manifest
  const places = new Set<number>()
  for (const { dir, manifest } of finished) {
    requireSameRun(run, manifest.run, dir)
    if (dir !== shardDir(runDir, manifest.shard)) throw new Error(`${dir} requires its own shard, got shard ${manifest.shard}`)
    const twice = manifest.places.find((place) => places.has(place) || place >= run.tests)
    if (twice !== undefined) throw new Error(`${dir} requires tests of its own, got test ${twice}`)
    for (const place of manifest.places) places.add(place)
  }
  const numbers = new Set(finished.map(({ manifest }) => manifest.shard))
  return { finished, missing: Array.from({ length: run.shards }, (_, i) => i).filter((shard) => !numbers.has(shard)) }
}

/**
 * Writes rows for the trials of shards that are not finished, so that the analysis counts them as missing with the reason of
 * their shard. Models and arms are those of the finished shards.
 *
 * @param reasonOf why a shard is not finished
 * @returns the file, or undefined when no shard is missing
 */
export async function writeMissing(
  runDir: string,
  { identity, config, places }: PlannedShards,
  { finished, missing }: Collected,
  reasonOf: (shard: number) => string,
): Promise<string | undefined> {
  if (missing.length === 0) return undefined
  const { cells, cases } = await foundIn(finished)
  const bank = await loadBank(identity.bank)
  const lines: string[] = []
  for (const shard of missing) {
    const response = { metadata: { missing: `its shard is not finished: ${reasonOf(shard)}` } }
    for (const imcbench of await identitiesAt(places[shard] ?? [], bank, config.repeats, cases))
      for (const cell of cells) lines.push(JSON.stringify({ ...cell, metadata: { imcbench }, response }))
  }
  const file = join(runDir, 'missing.jsonl')
  await writeWhole(file, `${lines.join('\n')}\n`)
  return file
}

/** Every model and arm, and every case as its trials tell it. */
async function foundIn(finished: readonly FinishedShard[]) {
  const cells = new Map<string, unknown>()
  const cases = new Map<string, TrialIdentity>()
  for (const { file } of finished)
    for (const row of readRows(await readFile(file, 'utf8'), file)) {
      const { prompt, provider } = row
      const cell = { prompt: { label: prompt.label }, provider: { id: provider.id, label: provider.label } }
      cells.set(JSON.stringify(cell), cell)
      const { identity } = rowContent(row, file)
      cases.set(identity.caseId, identity)
    }
  return { cells: [...cells.values()] as { prompt: unknown; provider: unknown }[], cases }
}
