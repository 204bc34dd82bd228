import { ends, points } from './format.ts'
import { latexCell, latexText, otherScripts } from './latex-text.ts'
import type { AbsentTable, Cell, Column, PaperTable, RowGroup } from './paper-table.ts'

/** More rows than fit on a page make a table that goes on over pages. */
const PAGE_ROWS = 45

// siunitx is told to keep bold numbers bold.
const preamble = [
  '\\usepackage[T1]{fontenc}',
  '\\usepackage[utf8]{inputenc}',
  '\\usepackage{textcomp}',
  '\\usepackage{array,booktabs,longtable}',
  '\\usepackage{siunitx}',
  '\\sisetup{detect-weight=true,detect-inline-weight=text,mode=text}',
].join('\n')

/**
 * A document that sets the files at these paths and the bibliography, as an example and to see them. `uncited` are sources that
 * stand in the bibliography though no text cites them.
 */
export function minimalDocument(inputs: readonly string[], bibliography: string, uncited: readonly string[]): string {
  return `% pdflatex minimal; bibtex minimal; pdflatex minimal; pdflatex minimal
\\documentclass[10pt]{article}
\\usepackage[margin=2cm]{geometry}
${preamble}
\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}
\\emergencystretch=3em
\\begin{document}
${inputs.map((input) => `\\input{${input}}`).join('\n')}
\\nocite{${uncited.join(',')}}
\\bibliographystyle{plain}
\\bibliography{${bibliography}}
\\end{document}
`
}

/**
 * A table as LaTeX with booktabs and siunitx: a float, or a longtable where it has more rows than a page. Every text is
 * escaped. Notes and the banner stand below it. An absent table is its sentence.
 */
export function latexTable(table: PaperTable | AbsentTable): string {
  const head = `% Needs in the preamble: booktabs, longtable, array, siunitx, textcomp, fontenc T1.\n% ${oneLine(table.data)}\n${otherScripts}\n`
  if (table.kind === 'absent')
    return `${head}\\paragraph{${latexText(table.title)}} ${latexText(table.sentence)} ${latexText(table.data)}\n`
  const rows = table.groups.reduce((sum, group) => sum + group.rows.length + (group.heading === null ? 0 : 1), 0)
  return `${head}${rows > PAGE_ROWS ? long(table) : float(table)}`
}

// A comment ends at the end of its line; the banner holds names from outside.
function oneLine(text: string): string {
  return latexText(text).replaceAll(/[\r\n]/gu, ' ')
}

function float(table: PaperTable): string {
  return `\\begin{table}[htbp]
\\caption{${latexText(table.caption)}}\\label{tab:${table.name}}
\\par\\smallskip\\centering\\scriptsize\\setlength{\\tabcolsep}{2.5pt}
\\begin{tabular}{${spec(table.columns)}}
\\toprule
${headings(table.columns)}
\\midrule
${body(table)}
\\bottomrule
\\end{tabular}
\\par\\smallskip\\raggedright
${below(table)}
\\end{table}
`
}

function long(table: PaperTable): string {
  return `{\\scriptsize\\setlength{\\tabcolsep}{2.5pt}\\setlength{\\LTcapwidth}{\\linewidth}
\\begin{longtable}{${spec(table.columns)}}
\\caption{${latexText(table.caption)}}\\label{tab:${table.name}}\\\\
\\toprule
${headings(table.columns)}
\\midrule
\\endhead
\\bottomrule
\\endfoot
${body(table)}
\\end{longtable}
\\noindent ${below(table)}\\par}
`
}

// Shares of the line that estimates and counts take at this type size; words get what is left, up to where a line reads well.
function textWidth(columns: readonly Column[]): string {
  const of = (kind: Column['kind']) => columns.filter((column) => column.kind === kind).length
  const left = (0.96 - 0.165 * of('estimate') - 0.08 * of('count')) / of('text')
  return Math.min(0.45, Math.max(0.18, left)).toFixed(3)
}

function spec(columns: readonly Column[]): string {
  const width = textWidth(columns)
  return columns
    .map(({ kind }) => {
      if (kind === 'estimate') return 'S[table-format=-1.2,table-space-text-post={\\textsuperscript{a}}]@{\\,}l'
      return kind === 'count' ? 'r' : `>{\\raggedright\\arraybackslash}p{${width}\\linewidth}`
    })
    .join('')
}

function headings(columns: readonly Column[]): string {
  const cells = columns.map(({ heading, kind }) =>
    kind === 'estimate' ? `\\multicolumn{2}{c}{${latexText(heading)}}` : latexText(heading),
  )
  return `${cells.join(' & ')} \\\\`
}

function body({ columns, groups }: PaperTable): string {
  const width = columns.reduce((sum, { kind }) => sum + (kind === 'estimate' ? 2 : 1), 0)
  return groups.map((group, index) => groupRows(group, index, width)).join('\n')
}

function groupRows({ heading, rows }: RowGroup, index: number, width: number): string {
  const space = index === 0 ? '' : '\\addlinespace\n'
  const over = heading === null ? '' : `\\multicolumn{${width}}{l}{\\textit{${latexCell(heading)}}} \\\\\n`
  const lines = rows.map(({ cells, average }) => {
    const [first, ...others] = cells.map(cellLatex)
    return `${[average ? `\\textit{${first}}` : first, ...others].join(' & ')} \\\\`
  })
  return `${space}${over}${lines.join('\n')}`
}

function cellLatex(cell: Cell): string {
  if (cell.kind !== 'estimate') return cell.kind === 'count' ? latexText(cell.text) : latexCell(cell.text)
  const marks = [...cell.marks.map(latexText), ...(cell.dagger ? ['\\textdagger{}'] : [])].join(',')
  const raised = marks === '' ? '' : `\\textsuperscript{${marks}}`
  if (cell.value === null) return `\\multicolumn{2}{c}{no estimate${raised}}`
  // siunitx reads an ASCII minus; what points() writes is for people.
  const value = points(cell.value).replace('−', '-')
  const interval = cell.low === null || cell.high === null ? '' : latexText(ends({ low: cell.low, high: cell.high }))
  return `${cell.bold ? '\\bfseries ' : ''}${value} & ${interval}${raised}`
}

function below({ notes, data }: PaperTable): string {
  const lines = notes.map(({ mark, text }) => `${mark === '' ? '' : `\\textsuperscript{${mark}} `}${latexText(text)}.`)
  return [...lines, latexText(data)].join('\\\\\n')
}
