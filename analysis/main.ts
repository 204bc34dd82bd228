import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { analyze, DEFAULT_SETTINGS, type Settings } from './analyze.ts'
import type { Estimates } from './estimate.ts'
import { exportEval } from './promptfoo-store.ts'
import { type ResultRow, readRows } from './results.ts'
import { trialsCsv } from './trials-csv.ts'

type Options = Settings & { eval?: string; out: string }

function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number')
  return value
}

async function rowsOf(file: string | undefined, evalId: string | undefined): Promise<{ rows: ResultRow[]; source: string }> {
  if ((file === undefined) === (evalId === undefined))
    throw new Error(`analyze requires either a results file or --eval, got ${file === undefined ? 'neither' : 'both'}`)
  const source = file ?? `--eval ${evalId}`
  const text = evalId === undefined ? await readFile(source, 'utf8') : await exportEval(evalId)
  return { rows: readRows(text, source), source }
}

function summary({ trials, estimates, exclusions }: Estimates): string {
  const lines = exclusions.map((e) => `  ${e.count} × ${e.model}, ${e.arm}, ${e.measure ?? 'whole trial'}: ${e.reason}`)
  const left = lines.length === 0 ? 'nothing left out' : `left out:\n${lines.join('\n')}`
  return `${trials.scored} of ${trials.planned} trials scored, ${estimates.length} estimates; ${left}`
}

async function run(file: string | undefined, { eval: evalId, out, ...settings }: Options): Promise<void> {
  const { rows, source } = await rowsOf(file, evalId)
  const { estimates, trials } = analyze(rows, source, settings)
  await mkdir(out, { recursive: true })
  await writeFile(join(out, 'estimates.json'), `${JSON.stringify(estimates, null, 2)}\n`)
  await writeFile(join(out, 'trials.csv'), trialsCsv(trials))
  console.log(`${summary(estimates)}\nwrote estimates.json and trials.csv to ${relative('', out) || '.'}`)
}

const command = new Command('analyze')
  .description('promptfoo results → estimates.json and trials.csv')
  .argument('[results]', 'a promptfoo results file, .json or .jsonl')
  .option('--eval <id>', 'read a run from promptfoo’s own store instead: an id, or latest')
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
