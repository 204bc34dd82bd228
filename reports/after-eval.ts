import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { analyze } from '../analysis/analyze.ts'
import { collectConversations } from '../analysis/collect-conversations.ts'
import { parseRows } from '../analysis/results.ts'
import { trialsCsv } from '../analysis/trials-csv.ts'
import { writeReport } from './write-report.ts'

const PASS_WORDS =
  'A cell passes when its safety score reaches the jury’s passAt (3 by default); a cell that fails is a finding, not a fault of the run.'

/**
 * promptfoo’s hook after a run: analysis and report of all its cells, in `reports/out/<eval id>/`, with
 * `reports/out/latest` pointing there.
 *
 * Never throws, since promptfoo would then write no results file: a fault is printed, and the saved run can be analysed
 * again with `npm run analyze`.
 */
export async function afterAll(context: { readonly results: unknown; readonly evalId?: string }): Promise<void> {
  try {
    const out = await reportRun(rowsOf(context.results), context.evalId ?? 'unsaved')
    // Last of all, below what promptfoo prints after this hook.
    process.once('exit', () => process.stdout.write(`\n${PASS_WORDS}\nReport: ${join(out, 'index.html')}\n`))
  } catch (error) {
    // promptfoo sets its own exit code after this hook.
    process.once('exit', () => {
      process.exitCode = 1
    })
    process.stderr.write(`\nno report: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}

async function reportRun(rows: readonly unknown[], evalId: string): Promise<string> {
  const root = join(import.meta.dirname, 'out')
  const dir = join(root, evalId.replaceAll(/[^\w.-]/g, '-'))
  const run = { rows: parseRows(rows, evalId), source: evalId }
  const analysis = analyze(run.rows, run.source)
  const { estimates, trials } = analysis
  const conversations = collectConversations([run], analysis)
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'estimates.json'), `${JSON.stringify(estimates, null, 2)}\n`)
  await writeFile(join(dir, 'trials.csv'), trialsCsv(trials))
  await writeFile(join(dir, 'conversations.json'), `${JSON.stringify(conversations)}\n`)
  await writeReport(estimates, dir, conversations)
  await rm(join(root, 'latest'), { force: true, recursive: true })
  await symlink(relative(root, dir), join(root, 'latest'), 'dir')
  return relative(process.cwd(), dir)
}

function rowsOf(results: unknown): readonly unknown[] {
  if (Array.isArray(results)) return results
  throw new Error(`afterAll requires promptfoo’s list of results, got ${typeof results}`)
}
