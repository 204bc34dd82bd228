import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { Estimates } from '../analysis/estimate.ts'
import { writeComparison } from './compare-runs.ts'
import { writeReport } from './write-report.ts'

async function readEstimates(file: string): Promise<Estimates> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`report requires a readable file, got ${file}: ${error.code ?? error.message}`)
  })
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    throw new Error(`report requires JSON, got ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const parsed = Estimates.safeParse(data)
  if (!parsed.success)
    throw new Error(`report requires estimates as analysis writes them, got ${file}:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

async function run(files: readonly string[], { out }: { out?: string }): Promise<void> {
  const [first, second, ...more] = files
  if (first === undefined || more.length > 0) throw new Error(`report requires one or two files, got ${files.length}`)
  if (second !== undefined) return compare(first, second, out ?? join(import.meta.dirname, 'out', 'comparison'))
  const dir = out ?? join(import.meta.dirname, 'out', 'manual')
  await writeReport(await readEstimates(first), dir)
  console.log(`wrote ${relative('', join(dir, 'index.html'))}`)
}

async function compare(first: string, second: string, dir: string): Promise<void> {
  const runs = [first, second].map(async (file) => ({ file, estimates: await readEstimates(file) }))
  const [a, b] = await Promise.all(runs)
  if (a === undefined || b === undefined) return
  await writeComparison(a, b, dir)
  console.log(`wrote ${relative('', join(dir, 'comparison.html'))}`)
}

const command = new Command('report')
  .description('estimates.json → a page, figures, tables and words; two of them → a comparison')
  .argument('<estimates...>', 'the estimates.json that analysis wrote; two are compared')
  .option('--out <folder>', 'where to write (default: reports/out/manual, or reports/out/comparison)')
  .action(run)

try {
  await command.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
