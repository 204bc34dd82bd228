import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump, load } from 'js-yaml'
import { Estimates } from '../../analysis/estimate.ts'
import { ROOT } from '../pipeline/run-promptfoo.ts'

/** A folder with a configuration and the shards of its runs. */
export interface Farm {
  readonly dir: string
  readonly config: string
  readonly out: string
  readonly env: Readonly<Record<string, string>>
}

/** What a command of this project said, and how it ended. */
export interface Ended {
  readonly code: number | null
  readonly output: string
}

/**
 * A new folder with a configuration of the repository.
 *
 * @param change replaces fields of the configuration
 */
export async function newFarm(
  file: string,
  change: (given: Record<string, unknown>) => Record<string, unknown>,
  env: Readonly<Record<string, string>> = {},
): Promise<Farm> {
  const dir = await mkdtemp(join(tmpdir(), 'imcbench-farm-'))
  const fields = load(await readFile(join(ROOT, file), 'utf8')) as Record<string, unknown>
  const config = join(dir, 'promptfooconfig.yaml')
  const text = dump(change(fields)).replaceAll('file://', `file://${ROOT}/`)
  await mkdir(join(dir, 'runs'))
  await writeFile(config, text)
  return { dir, config, out: join(dir, 'runs'), env }
}

/** Starts one of the commands in `deploy/`; detached, so that it and what it starts can be paused and killed together. */
export function start(farm: Farm, command: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(ROOT, 'deploy', `${command}-main.ts`), ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, IMCBENCH_BANK: '', IMCBENCH_REDIS: '', ...farm.env },
  })
}

/** Waits for a command’s end. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let output = ''
  const add = (chunk: Buffer) => {
    output += chunk
  }
  child.stdout?.on('data', add)
  child.stderr?.on('data', add)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

/** Runs one of the commands to its end. */
export function run(farm: Farm, command: string, ...args: readonly string[]): Promise<Ended> {
  return ended(start(farm, command, ...args))
}

/** Sends a signal to a command and all that it started; nothing when they have ended. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Collects a run and returns its estimates as text. */
export async function collected(farm: Farm, name: string): Promise<{ readonly estimates: string; readonly output: string }> {
  const to = join(farm.dir, `collected-${name}`)
  const { code, output } = await run(farm, 'collect', '--run', name, '--out', farm.out, '--to', to, '--', '--resamples', '200')
  if (code !== 0) throw new Error(`collect requires a run that can be collected, got\n${output}`)
  return { estimates: await readFile(join(to, 'estimates.json'), 'utf8'), output }
}

/**
 * Estimates as text without what calls cost: a call that is made again after a kill may find its beginning in the vendor’s
 * prompt cache and cost less. All else is the same to the byte.
 */
export function withoutCosts(estimates: string): string {
  const { descriptions, jury, ...rest } = Estimates.parse(JSON.parse(estimates))
  return JSON.stringify({ ...rest, descriptions: { ...descriptions, costs: [] }, jury: { ...jury, costs: [] } })
}

/** The estimates of the same configuration in one run without shards, as text. */
export async function unsharded(farm: Farm): Promise<string> {
  const out = join(farm.dir, 'unsharded')
  const results = join(out, 'results.json')
  await mkdir(out)
  const env = { ...process.env, IMCBENCH_BANK: '', ...farm.env, IMCBENCH_REDIS: '', IMCBENCH_STORE: join(out, 'store') }
  const bin = join(ROOT, 'node_modules', 'promptfoo', 'dist', 'src', 'entrypoint.js')
  const args = [`--env-file=${join(ROOT, 'promptfoo.env')}`, bin, 'eval', '-c', farm.config, '-o', results]
  const more = ['--no-write', '--no-table', '--no-progress-bar', '--no-share']
  const child = spawn(process.execPath, [...args, ...more], {
    cwd: ROOT,
    env: { ...env, PROMPTFOO_CONFIG_DIR: join(out, 'promptfoo') },
  })
  const { code, output } = await ended(child)
  if (code !== 0) throw new Error(`promptfoo requires a run that ends well, got ${code}\n${output}`)
  const analysis = spawn(process.execPath, [join(ROOT, 'analysis', 'main.ts'), results, '--out', out, '--resamples', '200'])
  const analysed = await ended(analysis)
  if (analysed.code !== 0) throw new Error(`analyze requires results that can be analysed, got\n${analysed.output}`)
  return readFile(join(out, 'estimates.json'), 'utf8')
}

/** The offline line-up with one embedded model and two arms: 16 conversations. */
export function small(given: Record<string, unknown>): Record<string, unknown> {
  const [model] = given.providers as unknown[]
  const prompts = (given.prompts as unknown[]).slice(0, 2)
  return { ...given, providers: [model], prompts, extensions: [] }
}
