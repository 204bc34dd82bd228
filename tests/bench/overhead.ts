import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dump } from 'js-yaml'

const ROOT = join(import.meta.dirname, '..', '..')
const MODELS = ['embedded-careful', 'embedded-hasty', 'embedded-hedger']
const ARMS = ['full', 'no-image', 'no-ehr']
const REPEATS = 14

interface Measured {
  readonly seconds: number
  readonly peakMegabytes: number
  readonly cells: number
}

/**
 * Wall time and peak memory of promptfoo over 1,008 cells (8 demo cases × 3 clinicians × 3 arms × 14 repeats), once with a
 * do-nothing provider and assertion and once with ours on an empty reply store; the same tests, columns and concurrency.
 */
export function overhead(): { readonly doNothing: Measured; readonly ours: Measured; readonly millisecondsPerCell: number } {
  const doNothing = run(
    MODELS.map((id) => ({ [`file://${join(import.meta.dirname, 'do-nothing-provider.ts')}`]: { id, label: id } })),
    { type: 'javascript', value: `file://${join(import.meta.dirname, 'do-nothing-assertion.ts')}:pass` },
  )
  const ours = run(
    MODELS.map((model) => ({
      [`file://${join(ROOT, 'providers/clinician.ts')}`]: { id: model, label: model, config: { model } },
    })),
    {
      type: 'javascript',
      value: `file://${join(ROOT, 'assertions/jury.ts')}:jury`,
      config: { jurors: ['embedded-lenient', 'embedded-middle', 'embedded-strict'] },
    },
  )
  return { doNothing, ours, millisecondsPerCell: (1000 * (ours.seconds - doNothing.seconds)) / ours.cells }
}

function run(providers: readonly unknown[], assertion: unknown): Measured {
  const dir = mkdtempSync(join(tmpdir(), 'imcbench-bench-'))
  const config = join(dir, 'promptfooconfig.yaml')
  const memory = join(dir, 'memory')
  writeFileSync(
    config,
    dump({
      providers,
      prompts: ARMS.map((label) => ({ id: `file://${join(ROOT, 'providers/prompt.ts')}`, label })),
      tests: [{ path: `file://${join(ROOT, 'cases/tests.ts')}:generateTests`, config: { bank: 'demo', repeats: REPEATS } }],
      defaultTest: { options: { disableVarExpansion: true }, assert: [assertion] },
      evaluateOptions: { maxConcurrency: 8 },
      sharing: false,
    }),
  )
  const started = performance.now()
  const args = ['eval', '-c', config, '--no-table', '--no-progress-bar', '--no-share']
  const done = spawnSync(process.execPath, [promptfooBin(), ...args], {
    cwd: ROOT,
    env: environment(dir, memory),
    encoding: 'utf8',
  })
  const seconds = (performance.now() - started) / 1000
  const cells = Number(/Running (\d+) test cases/.exec(done.stdout)?.[1])
  if (done.status !== 0 || !/ 0 errors/.test(done.stdout)) throw new Error(`the run failed\n${done.stdout}\n${done.stderr}`)
  const peakMegabytes = Number(readFileSync(memory, 'utf8')) / 1e6
  rmSync(dir, { recursive: true })
  return { seconds, peakMegabytes, cells }
}

function environment(dir: string, memory: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${join(import.meta.dirname, 'report-peak-memory.ts')}`,
    BENCH_MEMORY_FILE: memory,
    IMCBENCH_STORE: join(dir, 'store'),
    IMCBENCH_BANK: '',
    PROMPTFOO_CONFIG_DIR: join(dir, 'promptfoo'),
    PROMPTFOO_DISABLE_ADAPTIVE_SCHEDULER: 'true',
    PROMPTFOO_DISABLE_TELEMETRY: 'true',
    PROMPTFOO_DISABLE_UPDATE: 'true',
    PROMPTFOO_DISABLE_DEBUG_LOG: 'true',
    PROMPTFOO_FAILED_TEST_EXIT_CODE: '0',
  }
}

function promptfooBin(): string {
  return fileURLToPath(new URL('entrypoint.js', import.meta.resolve('promptfoo')))
}
