import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { readRows } from '../analysis/results.ts'
import { type Bank, loadBank } from '../cases/load.ts'
import { sha256Of } from '../cases/sha256.ts'
import { writeWhole } from '../cases/write-whole.ts'
import { planStudy, raterPage, type StudyPlan, type StudyRun, withRater } from './annotate-export.ts'
import { agreementOf, awaited, disputed, importRatings, labelsOf, readKey } from './annotate-import.ts'
import type { StudyKey } from './annotation-study.ts'

interface ExportOptions extends StudyPlan {
  readonly bank?: string
  readonly out: string
}

interface ImportOptions {
  readonly out: string
  readonly raters: string
  readonly simulated?: true
  readonly third?: string
  readonly results?: string
  readonly bank?: string
}

const command = new Command('annotate').description(
  'pages by which people rate conversations of a run, and labels from what they rated',
)
command
  .command('export')
  .description('draws conversations and writes one page a rater, and a private key')
  .argument('<results>', 'promptfoo results file')
  .option('--conversations <number>', 'conversations to draw', whole, 150)
  .option('--raters <number>', 'raters, each with a page of their own; at most 20', whole, 2)
  .option('--each <number>', 'raters for each conversation; a fifth of them, at least 30, are rated by all', whole, 2)
  .option('--seed <number>', 'seed of the draw', whole, 1)
  .option('--bank <name>', 'bank of the run, where it is not the one that the results name')
  .option('-o, --out <folder>', 'where to write', 'annotation')
  .action(exportStudy)
command
  .command('import')
  .description('checks the raters’ files, joins them to the trials, says how raters agree')
  .argument('<key>', 'key.json of the study')
  .argument('<files...>', 'what the raters exported')
  .requiredOption('--raters <words>', 'who rated, for reports, such as "two dermatologists"', notBlank)
  .option('--simulated', 'the scores were made by rules or models')
  .option('--third <page>', 'writes a page for a third rater, with the conversations on which two differ by 2 or more')
  .option('--results <file>', 'the results file of the study; for --third')
  .option('--bank <name>', 'bank of the run, where it is not the one that the results name; for --third')
  .option('-o, --out <file>', 'where to write the labels', 'labels.json')
  .action(importStudy)

try {
  await command.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function exportStudy(results: string, { bank, out, ...plan }: ExportOptions): Promise<void> {
  if (plan.raters > 20) throw new Error(`--raters requires at most 20, got ${plan.raters}`)
  const run = await readRun(results, bank)
  const { key, leftOut } = planStudy(run, plan)
  const there = await studyIn(join(out, 'key.json'))
  if (there !== null && there !== key.study)
    throw new Error(
      `--out requires a folder without another study, got ${out}: its key.json is of study ${there}, and what its raters export can be joined by that key only`,
    )
  // All pages are made before the first is written.
  const pages = await Promise.all(key.raters.map(async ({ name }) => ({ name, page: await raterPage(key, name, run) })))
  await mkdir(out, { recursive: true })
  for (const { name, page } of pages) await writeWhole(join(out, `rater-${name}.html`), page)
  // The key of the same study may name further raters by now.
  if (there === null) await writeWhole(join(out, 'key.json'), json(key))
  for (const [reason, count] of leftOut) console.log(`left out: ${count} × ${reason}`)
  for (const { name, items } of key.raters)
    console.log(`${relative('', join(out, `rater-${name}.html`))}: ${items.length} conversations`)
  console.log(`${key.items.length} of ${key.population} conversations drawn with seed ${key.seed}`)
  console.log(`${relative('', join(out, 'key.json'))} is private: do not share it with raters`)
  for (const line of licenceLines(key, run.bank)) console.log(line)
}

/** The study whose key a file holds; null without a file. */
async function studyIn(keyFile: string): Promise<string | null> {
  return existsSync(keyFile) ? readKey(await read(keyFile)).study : null
}

function licenceLines(key: StudyKey, bank: Bank): string[] {
  const used = new Set(key.items.map(({ caseId }) => caseId))
  const closed = bank.cases.filter(({ id, images }) => used.has(id) && images.some(({ licence }) => !licence.redistributable))
  return closed.length === 0
    ? []
    : [`the pages hold pictures that may not be passed on by their licence, of: ${closed.map(({ id }) => id).join(', ')}`]
}

async function importStudy(keyFile: string, files: readonly string[], options: ImportOptions): Promise<void> {
  const { out, raters, simulated = false, third, results, bank } = options
  if (third !== undefined && results === undefined)
    throw new Error('--third requires --results, the results file of the study, got none')
  const key = readKey(await read(keyFile))
  const imported = importRatings(key, await Promise.all(files.map(read)))
  const labels = labelsOf(imported, raters, simulated)
  const disputes = disputed(imported)
  const waiting = awaited(key, imported)
  const open = disputes.map(({ id }) => id).filter((id) => !waiting.has(id))
  const more = third === undefined || open.length === 0 ? undefined : withRater(key, open)
  const name = more?.raters.at(-1)?.name ?? ''
  const page = more === undefined || results === undefined ? undefined : await raterPage(more, name, await readRun(results, bank))
  // The page before the key that names its rater: when one cannot be written, the study stays as it was.
  if (third !== undefined && page !== undefined) await writeWhole(third, page)
  if (more !== undefined) await writeWhole(keyFile, json(more))
  await writeWhole(out, json(labels))
  console.log(`${relative('', out)}: ${labels.ratings.length} ratings by ${raters}${simulated ? ' (simulated)' : ''}`)
  for (const rater of imported.raters) console.log(`  rater ${rater.name}: ${countWords(rater)}`)
  console.log('agreement between raters (kappa and intervals: npm run analyze)')
  for (const { dimension, pairs, exact, adjacent, constant } of agreementOf(imported))
    console.log(
      `  ${dimension}: ${pairs} pairs, exact ${percent(exact)}, at most 1 apart ${percent(adjacent)} (one constant score: ${percent(constant)})`,
    )
  console.log(
    `${disputes.length} conversations on which two raters differ by 2 or more${disputes.length === 0 ? '' : ' need a third:'}`,
  )
  for (const { id, dimensions } of disputes) console.log(`  ${id}: ${dimensions.join(', ')}`)
  if (third !== undefined && open.length < disputes.length)
    console.log(`${disputes.length - open.length} of them are with a further rater already, whose file is not here yet`)
  if (more === undefined || third === undefined) return
  console.log(`${relative('', third)}: page for rater ${name}, who is now in ${relative('', keyFile)}`)
}

function countWords({ given, whole }: { readonly given: number; readonly whole: number | null }): string {
  if (whole === null) return `no file; ${given} conversations were given out`
  return `${whole} of ${given} conversations rated${whole < given ? `, ${given - whole} not finished and left out` : ''}`
}

async function readRun(source: string, bankName: string | undefined): Promise<StudyRun> {
  const { text } = await read(source)
  const rows = readRows(text, source)
  const named = rows.flatMap(({ metadata }) => (typeof metadata?.bank === 'string' ? metadata.bank : []))
  return { rows, source, sha256: sha256Of(text), bank: await loadBank(bankName ?? named[0] ?? 'demo') }
}

async function read(file: string): Promise<{ file: string; text: string }> {
  try {
    return { file, text: await readFile(file, 'utf8') }
  } catch (error) {
    throw new Error(`annotate requires a readable file, got ${file}: ${(error as NodeJS.ErrnoException).code}`)
  }
}

function percent(share: number | null): string {
  return share === null ? 'none' : `${Math.round(share * 100)} %`
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function notBlank(text: string): string {
  if (text.trim() !== '') return text.trim()
  throw new InvalidArgumentError('requires words, got none')
}

function whole(text: string): number {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('requires a whole number from 1')
}
