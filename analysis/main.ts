import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { type Analysis, analyzeRuns, analyzeTable, DEFAULT_SETTINGS, type Labels, type Run, type Settings } from './analyze.ts'
import { readClinicians } from './clinicians-csv.ts'
import type { Estimates } from './estimate.ts'
import { exportEval } from './promptfoo-store.ts'
import { readRows } from './results.ts'
import { readScores } from './scores-csv.ts'
import { trialsCsv } from './trials-csv.ts'

type Options = Settings & { eval?: string; scores?: string; clinicians?: string; out: string }

function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number')
  return value
}

function requireOneInput(files: readonly string[], { eval: evalId, scores }: Options): void {
  const given = [
    ...(files.length > 0 ? ['results files'] : []),
    ...(evalId === undefined ? [] : ['--eval']),
    ...(scores === undefined ? [] : ['--scores']),
  ]
  if (given.length === 1) return
  const got = given.length === 0 ? 'none' : given.join(' and ')
  throw new Error(`analyze requires either results files or --eval or --scores, got ${got}`)
}

async function labelsOf(file: string | undefined): Promise<Labels> {
  if (file === undefined) return () => []
  const text = await readFile(file, 'utf8')
  return (trials) => readClinicians(text, file, trials)
}

async function analysed(files: readonly string[], options: Options): Promise<Analysis> {
  requireOneInput(files, options)
  const { eval: evalId, scores, clinicians, out: _, ...settings } = options
  const labels = await labelsOf(clinicians)
  if (scores !== undefined) {
    const trials = readScores(await readFile(scores, 'utf8'), scores)
    return analyzeTable(trials, basename(scores), settings, labels)
  }
  const source = `--eval ${evalId}`
  const runs: Promise<Run>[] =
    evalId === undefined
      ? files.map(async (file) => ({ rows: readRows(await readFile(file, 'utf8'), file), source: file }))
      : [exportEval(evalId).then((text) => ({ rows: readRows(text, source), source }))]
  return analyzeRuns(await Promise.all(runs), settings, labels)
}

function summary({ trials, estimates, exclusions }: Estimates): string {
  const lines = exclusions.map((e) => `  ${e.count} × ${e.model}, ${e.arm}, ${e.measure ?? 'whole trial'}: ${e.reason}`)
  const left = lines.length === 0 ? 'nothing left out' : `left out:\n${lines.join('\n')}`
  return `${trials.scored} of ${trials.planned} trials scored, ${estimates.length} estimates; ${left}`
}

async function run(files: readonly string[], options: Options): Promise<void> {
  const { estimates, trials } = await analysed(files, options)
  const { out } = options
  await mkdir(out, { recursive: true })
  await writeFile(join(out, 'estimates.json'), `${JSON.stringify(estimates, null, 2)}\n`)
  await writeFile(join(out, 'trials.csv'), trialsCsv(trials))
  console.log(`${summary(estimates)}\nwrote estimates.json and trials.csv to ${relative('', out) || '.'}`)
}

const command = new Command('analyze')
  .description('promptfoo results, or any table of scores → estimates.json and trials.csv')
  .argument('[results...]', 'promptfoo results files, .json or .jsonl; several are merged')
  .option('--eval <id>', 'read a run from promptfoo’s own store instead: an id, or latest')
  .option('--scores <csv>', 'read a table of scores by any tool instead, one vote a line')
  .option('--clinicians <csv>', 'clinicians’ scores of the same conversations, one a line')
  .option('--out <folder>', 'where to write', join('reports', 'out', 'analysis'))
  .option('--level <number>', 'level of the intervals', number, DEFAULT_SETTINGS.level)
  .option('--resamples <number>', 'bootstrap resamples', number, DEFAULT_SETTINGS.resamples)
  .option('--seed <number>', 'seed of the bootstrap', number, DEFAULT_SETTINGS.seed)
  .action(run)

try {
  await command.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
