import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { undefinedWhenMissing } from '../cases/missing-file.ts'
import { writeWhole } from '../cases/write-whole.ts'
import { differences, RunIdentity } from './run.ts'

const MANIFEST = 'shard.json'

/** What a finished shard leaves beside its results; it is written last, so that a shard without it is not finished. */
export const ShardManifest = z.strictObject({
  version: z.literal(1),
  run: RunIdentity,
  shard: z.int().min(0),
  places: z.array(z.int().min(0)).min(1).describe('of its tests in the generated list'),
  results: z.string().regex(/^results-[0-9a-f]{12}\.json$/),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('of the results file'),
  rows: z.int().min(1),
  brokenByBudget: z.int().min(0).describe('conversations that ended because the budget was used up'),
})
export type ShardManifest = z.infer<typeof ShardManifest>

/** A finished shard and where its results lie. */
export interface FinishedShard {
  readonly manifest: ShardManifest
  readonly file: string
}

/** The folder of one shard below the folder of its run. */
export function shardDir(runDir: string, shard: number): string {
  return join(runDir, `shard-${String(shard).padStart(5, '0')}`)
}

/**
 * The finished shard in a folder, or undefined when there is none.
 *
 * @throws Error when the manifest is not of the agreed form or of another run, and when the results are not the bytes that the shard wrote
 */
export async function finishedShard(dir: string, run?: RunIdentity): Promise<FinishedShard | undefined> {
  const place = join(dir, MANIFEST)
  const text = await readFile(place, 'utf8').catch(undefinedWhenMissing)
  if (text === undefined) return undefined
  const parsed = ShardManifest.safeParse(jsonOf(text, place))
  if (!parsed.success) throw new Error(`${place} requires a manifest as a shard writes it, got\n${z.prettifyError(parsed.error)}`)
  const manifest = parsed.data
  if (run !== undefined) requireSameRun(run, manifest.run, place)
  const file = join(dir, manifest.results)
  const sha256 = await sha256OfFile(file).catch((cause: Error) => {
    throw new Error(`${place} requires its results beside it, got ${cause.message}`, { cause })
  })
  if (sha256 !== manifest.sha256)
    throw new Error(
      `${file} requires the bytes that its shard wrote (sha256 ${manifest.sha256.slice(0, 12)}), got ${sha256.slice(0, 12)}: it was edited or truncated`,
    )
  return { manifest, file }
}

/** Writes the manifest of a shard whose results lie in place, and removes what earlier tries left. */
export async function finishShard(dir: string, manifest: ShardManifest): Promise<void> {
  await writeWhole(join(dir, MANIFEST), `${JSON.stringify(ShardManifest.parse(manifest), null, 2)}\n`)
  const old = (await readdir(dir)).filter((name) => /^(results|part)-.*\.json$/.test(name) && name !== manifest.results)
  await Promise.all(old.map((name) => rm(join(dir, name), { force: true })))
}

/** Folders of shards below the folder of a run, in the order of their numbers; empty when there is none. */
export async function shardDirs(runDir: string): Promise<string[]> {
  const names = await readdir(runDir).catch((cause: Error) => {
    throw new Error(`${runDir} requires the folder of a run with its shards, got ${cause.message}`, { cause })
  })
  return names
    .filter((name) => /^shard-\d{5,}$/.test(name))
    .toSorted()
    .map((name) => join(runDir, name))
}

/** @throws Error that says in what they differ; `place` names the second one */
export function requireSameRun(mine: RunIdentity, theirs: RunIdentity, place: string): void {
  const found = differences(mine, theirs)
  if (found.length > 0) throw new Error(`${place} requires the same run, got another ${found.join(', another ')}`)
}

/** SHA-256 of a file’s bytes. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${place} requires whole JSON, got ${(cause as Error).message}`, { cause })
  }
}
