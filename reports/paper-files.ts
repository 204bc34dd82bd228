import type { Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { bibtex } from './bibtex.ts'
import { chartTable } from './checklist-chart.ts'
import { tripodLlmTable } from './checklist-tripod-llm.ts'
import { juryCsv } from './csv-jury.ts'
import { latexTable, minimalDocument } from './latex.ts'
import { markdownTable } from './markdown.ts'
import { methodsText } from './methods-text.ts'
import type { AbsentTable, PaperTable } from './paper-table.ts'
import { citedKeys, latexProse, markdownProse, type Prose, plainProse } from './prose.ts'
import { publishedCsv, publishedPaperTable } from './published.ts'
import type { ReferenceKey } from './references.ts'
import { resultsText } from './results-text.ts'
import { ablationsPaperTable, deltasPaperTable, scoresPaperTable } from './tables-estimates.ts'
import { clinicianLines, cliniciansPaperTable, juryLines, juryPaperTable } from './tables-jury.ts'
import { missingPaperTable } from './tables-missing.ts'

/** The tables of a paper, in their order in every document. */
export function paperTables(estimates: Estimates): (PaperTable | AbsentTable)[] {
  const tables = [
    scoresPaperTable,
    deltasPaperTable,
    ablationsPaperTable,
    juryPaperTable,
    cliniciansPaperTable,
    missingPaperTable,
    publishedPaperTable,
  ]
  return tables.map((table) => table(estimates))
}

/**
 * Files to paste into a paper, by path in the folder of the report: tables as LaTeX and Markdown (CSV for those that no other
 * file has), methods and results as Markdown, LaTeX and plain text, both checklists, BibTeX, and `minimal.tex`, which
 * sets all of it. Null stands for a file that this run does not have.
 */
export function paperFiles(estimates: Estimates): [string, string | null][] {
  const tables = paperTables(estimates)
  const checklists = [chartTable(estimates), tripodLlmTable(estimates)]
  const prose = [methodsText(estimates), resultsText(estimates)]
  const data = banner(estimates)
  const jury = juryLines(estimates)
  const clinicians = clinicianLines(estimates)
  const inputs = [...prose.map(({ name }) => `words/${name}`), ...tables.map(({ name }) => `tables/${name}`)]
  return [
    ...tables.flatMap((table) => tableFiles('tables', table)),
    ...checklists.flatMap((table) => tableFiles('words', table)),
    ['tables/jury.csv', jury.length === 0 ? null : juryCsv(jury, data)],
    ['tables/jury-clinicians.csv', clinicians.length === 0 ? null : juryCsv(clinicians, data)],
    ['tables/published.csv', publishedCsv(estimates)],
    ...prose.flatMap(proseFiles),
    ['words/references.bib', bibtex([...citedKeys(prose), ...guidelines])],
    ['minimal.tex', minimalDocument([...inputs, 'words/chart', 'words/tripod-llm'], 'words/references', guidelines)],
  ]
}

const guidelines: readonly ReferenceKey[] = ['chart2025', 'tripodllm2025']

function tableFiles(folder: string, table: PaperTable | AbsentTable): [string, string][] {
  return [
    [`${folder}/${table.name}.tex`, latexTable(table)],
    [`${folder}/${table.name}.md`, markdownTable(table)],
  ]
}

function proseFiles(prose: Prose): [string, string][] {
  const path = (ending: string) => `words/${prose.name}.${ending}`
  return [
    [path('tex'), latexProse(prose)],
    [path('md'), markdownProse(prose)],
    [path('txt'), plainProse(prose)],
  ]
}
