import { ends, points } from './format.ts'
import type { AbsentTable, Cell, PaperTable } from './paper-table.ts'

/**
 * Plain text as Markdown that shows exactly this text: characters that could become markup, a link or HTML get a backslash.
 * Line breaks become spaces, so it stays in its line or cell.
 */
export function markdownText(text: string): string {
  return text
    .replaceAll(/[\r\n]+/gu, ' ')
    .replaceAll(/[\\`*_{}[\]<>#|~$&!@]/gu, '\\$&')
    .replaceAll(/:(?=\/\/)/gu, '\\:')
    .replaceAll(/(?<=www)\./giu, '\\.')
}

/** A table as Markdown (GitHub’s tables), with caption, notes and banner. An absent table is its sentence. */
export function markdownTable(table: PaperTable | AbsentTable): string {
  const head = `**${markdownText(table.title)}.**`
  if (table.kind === 'absent') return `${head} ${markdownText(table.sentence)} ${markdownText(table.data)}\n`
  const { columns, groups, notes } = table
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rows = groups.flatMap(({ heading, rows: members }) => [
    ...(heading === null ? [] : [line([`*${markdownText(heading)}*`, ...columns.slice(1).map(() => '')])]),
    ...members.map(({ cells }) => line(cells.map(cellMarkdown))),
  ])
  const below = notes.map(({ mark, text }) => `${mark === '' ? '' : `<sup>${mark}</sup> `}${markdownText(text)}.`)
  return [
    `${head} ${markdownText(table.caption)}`,
    '',
    line(columns.map(({ heading }) => markdownText(heading))),
    line(columns.map(({ kind }) => (kind === 'text' ? '---' : '--:'))),
    ...rows,
    '',
    [...below, markdownText(table.data)].join('  \n'),
    '',
  ].join('\n')
}

function cellMarkdown(cell: Cell): string {
  if (cell.kind !== 'estimate') return markdownText(cell.text)
  const marks = [...cell.marks, ...(cell.dagger ? ['†'] : [])].join(',')
  const raised = marks === '' ? '' : `<sup>${marks}</sup>`
  if (cell.value === null) return `no estimate${raised}`
  const value = cell.bold ? `**${points(cell.value)}**` : points(cell.value)
  const interval = cell.low === null || cell.high === null ? '' : ` ${markdownText(ends({ low: cell.low, high: cell.high }))}`
  return `${value}${interval}${raised}`
}
