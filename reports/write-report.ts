import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Conversations } from '../analysis/conversations.ts'
import type { Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { estimateCsv, exclusionCsv } from './csv.ts'
import { figureFiles } from './figure-files.ts'
import { page } from './page.ts'
import { paperFiles, paperTables } from './paper-files.ts'
import { plots } from './plots.ts'
import { reportPdf } from './report-pdf.ts'
import { ablationTable, deltaTable, exclusionTable, mainTable } from './tables.ts'

/**
 * Writes the report into a folder, which is made if need be: `index.html`, `report.pdf`, `figures/` (each figure in all formats,
 * see figure-files.ts), `tables/` (CSV, LaTeX, Markdown) and `words/`, with `minimal.tex` to set tables and words. The page leads
 * to the conversations where they are given. Equal estimates give equal bytes. A figure or table that this run does not have is
 * removed if an earlier run left it there; other files in the folder stay.
 */
export async function writeReport(estimates: Estimates, dir: string, conversations: Conversations | null = null): Promise<void> {
  const figures = await Promise.all(plots.map((plot) => figureFiles(plot, estimates)))
  const files = new Map<string, string | Uint8Array | null>([
    ...figures.flatMap(({ files: own }) => own),
    ...tableFiles(estimates),
    ...paperFiles(estimates),
    ['report.pdf', await reportPdf(estimates, figures, paperTables(estimates))],
    ['index.html', page(estimates, figures, conversations)],
  ])
  await Promise.all(
    [dir, join(dir, 'figures'), join(dir, 'tables'), join(dir, 'words')].map((folder) => mkdir(folder, { recursive: true })),
  )
  await Promise.all(
    [...files].map(([file, text]) => (text === null ? rm(join(dir, file), { force: true }) : writeFile(join(dir, file), text))),
  )
}

function tableFiles(estimates: Estimates): [string, string | null][] {
  const data = banner(estimates)
  const tables = { scores: mainTable(estimates), deltas: deltaTable(estimates), ablations: ablationTable(estimates) }
  return [
    ...Object.entries(tables).map(([name, rows]): [string, string | null] => [
      `tables/${name}.csv`,
      rows.length === 0 ? null : estimateCsv(rows, data),
    ]),
    ['tables/missing.csv', exclusionCsv(exclusionTable(estimates), data)],
  ]
}
