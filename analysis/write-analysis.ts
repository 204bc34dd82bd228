import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Analysis } from './analyze.ts'
import type { Conversations } from './conversations.ts'
import { trialsCsv } from './trials-csv.ts'

/**
 * Writes the hand-over files of an analysis into a folder, which is made if need be: `estimates.json`, `trials.csv` and, where there
 * are conversations, `conversations.json`. A `conversations.json` of an earlier analysis is removed when there are none.
 *
 * @returns the names of the files written
 */
export async function writeAnalysis(analysis: Analysis, conversations: Conversations | null, dir: string): Promise<string[]> {
  const files = new Map([
    ['estimates.json', `${JSON.stringify(analysis.estimates, null, 2)}\n`],
    ['trials.csv', trialsCsv(analysis.trials, analysis.raw)],
    ...(conversations === null ? [] : [['conversations.json', `${JSON.stringify(conversations)}\n`] as const]),
  ])
  await mkdir(dir, { recursive: true })
  if (conversations === null) await rm(join(dir, 'conversations.json'), { force: true })
  await Promise.all([...files].map(([name, text]) => writeFile(join(dir, name), text)))
  return [...files.keys()]
}
