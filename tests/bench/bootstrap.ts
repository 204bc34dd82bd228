import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const [CASES, METRICS, RESAMPLES, ROUNDS] = [400, 24, 10_000, 9]
/** Runs of one turn, of which the median counts: the first ones after a wait find cold caches and a slow clock. */
const TURN = 5
const ONE_THREAD = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
const PYTHON = process.env.PYTHON ?? 'python3'

type Run = { milliseconds: number; ends: [number, number][] }
type Racer = { name: string; run: () => Promise<Run>; close: () => void }

/**
 * 24 BCa intervals of means over 400 cases from 10,000 resamples: ours against SciPy’s best vectorised call and R’s boot with
 * boot.ci, one thread each, on the same made-up scores. The three take turns of five runs; the ratio is the median over the
 * rounds of the ratio within a round. Software that is not installed is left out with a sentence. As lines to print.
 */
export async function* bootstrapLines(): AsyncGenerator<string> {
  yield `${METRICS} BCa intervals, ${CASES} cases, ${RESAMPLES} resamples, one thread, medians of ${ROUNDS} rounds`
  const dir = mkdtempSync(join(tmpdir(), 'imcbench-bench-'))
  const [json, csv] = [join(dir, 'scores.json'), join(dir, 'scores.csv')]
  const scores = madeUpScores()
  writeFileSync(json, JSON.stringify(scores))
  writeFileSync(csv, scores.map((row) => row.join(',')).join('\n'))
  const script = (name: string) => join(import.meta.dirname, name)
  const ours = await racer(process.execPath, [script('bootstrap-ours.ts'), json, String(RESAMPLES)])
  const others: { goal: number; racer: Racer }[] = []
  if (works(PYTHON, ['-c', 'import scipy.stats']))
    others.push({ goal: 4, racer: await racer(PYTHON, [script('bootstrap_scipy.py'), json, String(RESAMPLES)]) })
  else yield 'SciPy left out: no python3 with scipy here (apt-get install python3-scipy)'
  if (works('Rscript', ['-e', 'library(boot)']))
    others.push({ goal: 15, racer: await racer('Rscript', [script('bootstrap.R'), csv, String(RESAMPLES)]) })
  else yield 'R left out: no Rscript with boot here (apt-get install r-base-core r-cran-boot)'
  const all = [ours, ...others.map((other) => other.racer)]
  const rounds: Run[][] = []
  for (let round = 0; round < ROUNDS; round++) {
    const runs: Run[] = []
    for (const one of all) runs.push(await turnOf(one))
    rounds.push(runs)
  }
  for (const one of all) one.close()
  rmSync(dir, { recursive: true })
  const times = (index: number) => rounds.map((runs) => (runs[index] as Run).milliseconds)
  yield `${ours.name}: ${median(times(0)).toFixed(1)} ms`
  for (const [i, { goal, racer: other }] of others.entries()) {
    const ratios = rounds.map((runs) => (runs[i + 1] as Run).milliseconds / (runs[0] as Run).milliseconds)
    const verdict = median(ratios) >= goal ? 'met' : 'NOT met'
    yield `${other.name}: ${median(times(i + 1)).toFixed(1)} ms, ${median(ratios).toFixed(1)} × ours (goal ${goal}: ${verdict}); ends differ by at most ${furthest(rounds, i + 1).toFixed(4)}`
  }
}

/** Means of three whole scores from 1 to 5, by a fixed formula: they stand for no model. */
function madeUpScores(): number[][] {
  const juror = (c: number, m: number, j: number) =>
    1 + Math.floor((5 * Math.abs(Math.sin(c * 12.9898 + m * 78.233 + j * 37.719) * 43758.5453)) % 5)
  return Array.from({ length: CASES }, (_, c) =>
    Array.from({ length: METRICS }, (_, m) => (juror(c, m, 0) + juror(c, m, 1) + juror(c, m, 2)) / 3),
  )
}

async function turnOf({ run }: Racer): Promise<Run> {
  const runs: Run[] = []
  for (let i = 0; i < TURN; i++) runs.push(await run())
  return { milliseconds: median(runs.map(({ milliseconds }) => milliseconds)), ends: (runs[0] as Run).ends }
}

async function racer(command: string, args: readonly string[]): Promise<Racer> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...ONE_THREAD } })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${command} requires to answer every run, got the end of its output`)
    return JSON.parse(value) as { name: string } & Run
  }
  const { name } = await next()
  const run = () => {
    child.stdin.write('go\n')
    return next()
  }
  return { name, run, close: () => void child.stdin.end() }
}

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

function furthest(rounds: readonly Run[][], other: number): number {
  const gaps = rounds.flatMap((runs) =>
    (runs[0] as Run).ends.flatMap((ends, m) =>
      ends.map((end, e) => Math.abs(end - ((runs[other] as Run).ends[m]?.[e] ?? Number.NaN))),
    ),
  )
  return Math.max(...gaps)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
}
