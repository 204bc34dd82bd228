import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { Conversations } from '../analysis/conversations.ts'
import { Estimates } from '../analysis/estimate.ts'
import { writeComparison } from './compare-runs.ts'
import { writeReport } from './write-report.ts'

async function readData<Schema extends z.ZodType>(file: string, schema: Schema, what: string): Promise<z.output<Schema>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`report requires a readable file, got ${file}: ${error.code ?? error.message}`)
  })
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    throw new Error(`report requires JSON, got ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  throw new Error(`report requires ${what} as analysis writes them, got ${file}:\n${z.prettifyError(parsed.error)}`)
}

// Conversations of another run would be shown as the trials behind these numbers.
async function readConversations(file: string, { bank, trials }: Estimates): Promise<Conversations> {
  const read = await readData(file, Conversations, 'conversations')
  if (read.bank.sha256 !== bank.sha256 || read.trials.length !== trials.planned)
    throw new Error(
      `report requires conversations of the same run as the estimates, got ${file} with ${read.trials.length} trials of bank ${read.bank.name} (${read.bank.sha256.slice(0, 12)}) for ${trials.planned} of ${bank.name} (${bank.sha256.slice(0, 12)})`,
    )
  return read
}

async function run(files: readonly string[], { out, conversations }: { out?: string; conversations?: string }): Promise<void> {
  const [first, second, ...more] = files
  if (first === undefined || more.length > 0) throw new Error(`report requires one or two files, got ${files.length}`)
  if (second !== undefined) return compare(first, second, out ?? join(import.meta.dirname, 'out', 'comparison'))
  const dir = out ?? join(import.meta.dirname, 'out', 'manual')
  const estimates = await readEstimates(first)
  const beside = join(dirname(first), 'conversations.json')
  const held = conversations ?? (existsSync(beside) ? beside : null)
  await writeReport(estimates, dir, held === null ? null : await readConversations(held, estimates))
  const without = held === null ? ', without conversations: none stand beside the estimates' : ''
  console.log(`wrote ${relative('', join(dir, 'index.html'))}${without}`)
}

async function compare(first: string, second: string, dir: string): Promise<void> {
  const runs = [first, second].map(async (file) => ({ file, estimates: await readEstimates(file) }))
  const [a, b] = await Promise.all(runs)
  if (a === undefined || b === undefined) return
  await writeComparison(a, b, dir)
  console.log(`wrote ${relative('', join(dir, 'comparison.html'))}`)
}

function readEstimates(file: string): Promise<Estimates> {
  return readData(file, Estimates, 'estimates')
}

const command = new Command('report')
  .description('estimates.json → a page, figures, tables and words; two of them → a comparison')
  .argument('<estimates...>', 'the estimates.json that analysis wrote; two are compared')
  .option('--out <folder>', 'where to write (default: reports/out/manual, or reports/out/comparison)')
  .option('--conversations <file>', 'the conversations behind the estimates (default: conversations.json beside them)')
  .action(run)

try {
  await command.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
