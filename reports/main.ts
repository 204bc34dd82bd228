import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { Estimates } from '../analysis/estimate.ts'
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

async function run(file: string, { out }: { out: string }): Promise<void> {
  await writeReport(await readEstimates(file), out)
  console.log(`wrote ${relative('', join(out, 'index.html'))}`)
}

const command = new Command('report')
  .description('estimates.json → a page, figures and tables')
  .argument('<estimates>', 'the estimates.json that analysis wrote')
  .option('--out <folder>', 'where to write', join(import.meta.dirname, 'out', 'manual'))
  .action(run)

try {
  await command.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
