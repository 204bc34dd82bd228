import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ComparedRun, compareRuns } from '../analysis/compare.ts'
import type { Estimates } from '../analysis/estimate.ts'
import { readTrials } from '../analysis/read-trials.ts'
import { comparisonCsv, comparisonMarkdown, comparisonPage } from './compare-files.ts'

/** Estimates and the file that they were read from. */
export type ReadRun = { file: string; estimates: Estimates }

/**
 * Compares two runs and writes `comparison.json`, `.csv`, `.md` and `.html` into a folder. Trials are read from the
 * `trials.csv` beside each file; where one is absent, the runs stand side by side without differences, and say so. A
 * `trials.csv` that cannot be read as trials is an Error.
 */
export async function writeComparison(first: ReadRun, second: ReadRun, dir: string): Promise<void> {
  const comparison = compareRuns(await withTrials(first, 'first'), await withTrials(second, 'second'))
  await mkdir(dir, { recursive: true })
  const files = {
    'comparison.json': `${JSON.stringify(comparison, null, 2)}\n`,
    'comparison.csv': comparisonCsv(comparison),
    'comparison.md': comparisonMarkdown(comparison),
    'comparison.html': comparisonPage(comparison),
  }
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(dir, name), text)))
}

async function withTrials({ file, estimates }: ReadRun, which: string): Promise<ComparedRun> {
  const path = join(dirname(file), 'trials.csv')
  try {
    return { estimates, trials: readTrials(await readFile(path, 'utf8'), path) }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    return { estimates, trials: { missing: `there is no trials.csv beside the estimates of the ${which} run` } }
  }
}
