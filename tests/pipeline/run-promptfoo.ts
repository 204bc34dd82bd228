import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dump, load } from 'js-yaml'

/** The repository’s folder. */
export const ROOT = join(import.meta.dirname, '..', '..')

/** What a run of the promptfoo command left. */
export interface PromptfooRun {
  readonly code: number | null
  readonly output: string
  readonly results: () => Promise<string>
}

/** Where one run keeps its things, so that runs know nothing of each other unless they share a folder. */
export interface RunFolder {
  readonly dir: string
  readonly store: string
}

/** A new folder for one run. */
export async function runFolder(): Promise<RunFolder> {
  const dir = await mkdtemp(join(tmpdir(), 'imcbench-run-'))
  return { dir, store: join(dir, 'store') }
}

interface Change {
  /** The configuration in the repository; the offline one when not given. */
  readonly file?: string
  /** Replaces fields of it. */
  readonly config?: (given: Record<string, unknown>) => Record<string, unknown>
  readonly args?: readonly string[]
  readonly env?: Record<string, string>
}

/** Starts the real promptfoo command on a configuration of the repository, without its hooks unless the change adds it. */
export async function startPromptfoo(
  folder: RunFolder,
  { file: given = 'promptfooconfig.offline.yaml', config = (same) => same, args = [], env = {} }: Change = {},
): Promise<ChildProcess> {
  await mkdir(folder.dir, { recursive: true })
  const fields = load(await readFile(join(ROOT, given), 'utf8')) as Record<string, unknown>
  const file = join(folder.dir, 'promptfooconfig.yaml')
  const text = dump(config({ ...fields, extensions: [] }))
    .replaceAll('file://', `file://${ROOT}/`)
    .replaceAll(`file://${ROOT}//`, 'file:///')
  await writeFile(file, text)
  const bin = fileURLToPath(new URL('entrypoint.js', import.meta.resolve('promptfoo')))
  return spawn(
    process.execPath,
    [bin, 'eval', '-c', file, '-o', join(folder.dir, 'results.json'), '--no-table', '--no-progress-bar', '--no-share', ...args],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
        IMCBENCH_BANK: '',
        IMCBENCH_STORE: folder.store,
        PROMPTFOO_CONFIG_DIR: join(folder.dir, 'promptfoo'),
        PROMPTFOO_DISABLE_TELEMETRY: 'true',
        PROMPTFOO_DISABLE_UPDATE: 'true',
        ...env,
      },
    },
  )
}

/** Runs it to its end. */
export async function runPromptfoo(folder: RunFolder, change: Change = {}): Promise<PromptfooRun> {
  const child = await startPromptfoo(folder, change)
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    code,
    output: Buffer.concat(chunks).toString('utf8'),
    results: () => readFile(join(folder.dir, 'results.json'), 'utf8'),
  }
}
