import { readFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { readCalibration } from '../cases/calibration.ts'
import { sha256Of } from '../cases/sha256.ts'
import {
  type Analysis,
  analyzeRuns,
  analyzeTable,
  DEFAULT_SETTINGS,
  type Experts,
  type Labels,
  type Run,
  type Settings,
} from './analyze.ts'
import { readClinicians } from './clinicians-csv.ts'
import { collectConversations } from './collect-conversations.ts'
import type { Conversations } from './conversations.ts'
import type { Estimates } from './estimate.ts'
import { readLabels } from './label-files.ts'
import { exportEval } from './promptfoo-store.ts'
import { readRows } from './results.ts'
import { readScores } from './scores-csv.ts'
import { writeAnalysis } from './write-analysis.ts'

type Options = Settings & {
  eval?: string
  scores?: string
  clinicians?: string
  labels?: string[]
  calibration?: string
  out: string
}

function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number')
  return value
}

function requireOneInput(files: readonly string[], { eval: evalId, scores, labels }: Options): void {
  const given = [
    ...(files.length > 0 ? ['results files'] : []),
    ...(evalId === undefined ? [] : ['--eval']),
    ...(scores === undefined ? [] : ['--scores']),
  ]
  if (given.length === 1) return
  const got = given.length === 0 ? 'none' : given.join(' and ')
  const hint =
    given.length === 0 && (labels ?? []).length > 1 ? '; all files after --labels are labels: name the results first' : ''
  throw new Error(`analyze requires either results files or --eval or --scores, got ${got}${hint}`)
}

async function labelsOf(file: string | undefined): Promise<Labels> {
  if (file === undefined) return () => []
  const text = await readFile(file, 'utf8')
  return (trials) => readClinicians(text, file, trials)
}

type Analysed = Analysis & { conversations: Conversations | null }

async function expertsOf({ labels, calibration, scores, clinicians }: Options): Promise<Experts> {
  if (scores !== undefined && (labels ?? calibration) !== undefined)
    throw new Error(
      'analyze requires results of promptfoo for --labels and --calibration, got --scores: it tells no jury and no trial',
    )
  if (labels !== undefined && clinicians !== undefined)
    throw new Error('analyze requires clinicians’ scores from one place, got --labels and --clinicians')
  const files = await Promise.all((labels ?? []).map(async (file) => ({ file, text: await readFile(file, 'utf8') })))
  const read = files.length === 0 ? null : readLabels(files)
  if (calibration === undefined) return { labels: read, calibration: null }
  const text = await readFile(calibration, 'utf8')
  const parsed = readCalibration(text, calibration)
  return { labels: read, calibration: { calibration: parsed, file: calibration, sha256: sha256Of(text) } }
}

async function analysed(files: readonly string[], options: Options): Promise<Analysed> {
  requireOneInput(files, options)
  const { eval: evalId, scores, clinicians, level, resamples, seed } = options
  const settings = { level, resamples, seed }
  const experts = await expertsOf(options)
  const labels = await labelsOf(clinicians)
  if (scores !== undefined) {
    const trials = readScores(await readFile(scores, 'utf8'), scores)
    return { ...analyzeTable(trials, basename(scores), settings, labels), conversations: null }
  }
  const source = `--eval ${evalId}`
  const runs: Promise<Run>[] =
    evalId === undefined
      ? files.map(async (file) => ({ rows: readRows(await readFile(file, 'utf8'), file), source: file }))
      : [exportEval(evalId).then((text) => ({ rows: readRows(text, source), source }))]
  const read = await Promise.all(runs)
  const analysis = analyzeRuns(read, settings, labels, experts)
  return { ...analysis, conversations: collectConversations(read, analysis) }
}

function calibrationWords(calibrated: Estimates['calibrated']): string {
  if (calibrated.status === 'uncalibrated') return 'uncalibrated'
  const to = calibrated.status === 'simulated' ? 'simulated raters' : calibrated.raters
  return `calibrated to ${to}${calibrated.notRefitted === null ? '' : `; ${calibrated.notRefitted}`}`
}

function summary({ trials, estimates, exclusions, calibrated }: Estimates): string {
  const lines = exclusions.map((e) => `  ${e.count} × ${e.model}, ${e.arm}, ${e.measure ?? 'whole trial'}: ${e.reason}`)
  const left = lines.length === 0 ? 'nothing left out' : `left out:\n${lines.join('\n')}`
  return `${trials.scored} of ${trials.planned} trials scored, ${estimates.length} estimates, ${calibrationWords(calibrated)}; ${left}`
}

async function run(files: readonly string[], options: Options): Promise<void> {
  const { conversations, ...analysis } = await analysed(files, options)
  const written = await writeAnalysis(analysis, conversations, options.out)
  console.log(`${summary(analysis.estimates)}\nwrote ${written.join(', ')} to ${relative('', options.out) || '.'}`)
}

const command = new Command('analyze')
  .description('promptfoo results, or any table of scores → estimates.json and trials.csv')
  .argument('[results...]', 'promptfoo results files, .json or .jsonl; several are merged')
  .option('--eval <id>', 'read a run from promptfoo’s own store instead: an id, or latest')
  .option('--scores <csv>', 'read a table of scores by any tool instead, one vote a line')
  .option('--clinicians <csv>', 'clinicians’ scores of the same conversations, one a line')
  .option('--labels <json...>', 'labels of people for conversations of these results, as `annotate import` writes them')
  .option('--calibration <json>', 'map the jury’s scores by a calibration.json of the same jury; no juror is asked again')
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
