import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type ResultRow, readRows } from '../analysis/results.ts'
import { rowContent } from '../analysis/row-content.ts'
import { configPath, type PlannedShards } from './run.ts'
import { type FinishedShard, finishedShard, finishShard, type ShardManifest, sha256OfFile, shardDir } from './shard-folder.ts'

const ROOT = join(import.meta.dirname, '..')
const LAST_LINES = 12
// What Node prints around the message of an error that nothing has caught.
const NOISE = /^(node:|triggerUncaughtException\(|throw |\^|at |Node\.js v)/

/** How one shard is run. */
export interface ShardSettings {
  /** The folder of the run, in which each shard has its own. */
  readonly runDir: string
  readonly signal?: AbortSignal | undefined
  /** Asked before the results are put in place; rejects when the shard is no longer this process’s to finish. */
  readonly mayFinish?: (() => Promise<unknown>) | undefined
}

/**
 * Runs one shard: `promptfoo eval` over its tests, with a store and an output file of its own; without Redis the replies of
 * earlier tries are in that store. A shard that is finished already is not run again.
 *
 * Cells that fail are results like any others. What fails is a run that promptfoo does not finish, or that lacks cells.
 *
 * @throws Error with promptfoo’s last lines; the signal’s reason when it is aborted
 */
export async function runShard(run: PlannedShards, shard: number, settings: ShardSettings): Promise<FinishedShard> {
  const places = run.places[shard]
  if (places === undefined) throw new Error(`--shard requires a number from 0 to ${run.places.length - 1}, got ${shard}`)
  const dir = shardDir(settings.runDir, shard)
  const done = await finishedShard(dir, run.identity)
  if (done !== undefined && done.manifest.brokenByBudget === 0) return done
  await mkdir(dir, { recursive: true })
  const part = join(dir, `part-${randomUUID()}.json`)
  try {
    await promptfoo(run, { dir, part, places, signal: settings.signal })
    const rows = readRows(await readFile(part, 'utf8'), `shard ${shard}`)
    requireAllCells(run, places, rows, shard)
    const sha256 = await sha256OfFile(part)
    const results = `results-${sha256.slice(0, 12)}.json`
    await settings.mayFinish?.()
    settings.signal?.throwIfAborted()
    await rename(part, join(dir, results))
    const brokenByBudget = rows.filter((row) => rowContent(row, `shard ${shard}`).transcript?.stop.reason === 'budget').length
    const manifest: ShardManifest = {
      ...{ version: 1, run: run.identity, shard, places: [...places] },
      ...{ results, sha256, rows: rows.length, brokenByBudget },
    }
    await finishShard(dir, manifest)
    return { manifest, file: join(dir, results) }
  } finally {
    await rm(part, { force: true })
  }
}

interface Started {
  readonly dir: string
  readonly part: string
  readonly places: readonly number[]
  readonly signal: AbortSignal | undefined
}

async function promptfoo({ identity }: PlannedShards, { dir, part, places, signal }: Started): Promise<void> {
  signal?.throwIfAborted()
  const child = spawn(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', `--env-file=${join(ROOT, 'promptfoo.env')}`],
      ...['--import', pathToFileURL(join(import.meta.dirname, 'with-parent.ts')).href],
      fileURLToPath(new URL('entrypoint.js', import.meta.resolve('promptfoo'))),
      ...['eval', '-c', configPath(identity), '-o', part],
      ...['--no-write', '--no-table', '--no-progress-bar', '--no-share'],
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        IMCBENCH_TESTS: places.join(','),
        IMCBENCH_BANK: identity.bank,
        IMCBENCH_RUN: identity.name,
        IMCBENCH_STORE: join(dir, 'store'),
        PROMPTFOO_CONFIG_DIR: join(dir, 'promptfoo'),
      },
    },
  )
  const kill = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', kill, { once: true })
  const output = lastLinesOf(child)
  const [code] = (await once(child, 'close')) as [number | null]
  signal?.removeEventListener('abort', kill)
  signal?.throwIfAborted()
  if (code !== 0) throw new Error(`promptfoo ended with ${code ?? 'a signal'}: ${output()}`)
}

function lastLinesOf(child: ChildProcess): () => string {
  let text = ''
  const add = (chunk: Buffer) => {
    text = `${text}${chunk}`.slice(-10_000)
  }
  child.stdout?.on('data', add)
  child.stderr?.on('data', add)
  return () =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !NOISE.test(line))
      .slice(-LAST_LINES)
      .join('\n')
}

function requireAllCells({ config }: PlannedShards, places: readonly number[], rows: readonly ResultRow[], shard: number): void {
  const cells = places.length * config.arms.length * config.models.length
  if (rows.length !== cells) throw new Error(`shard ${shard} requires ${cells} cells, got ${rows.length}`)
}
