import type { Comparison } from '../analysis/comparison.ts'
import { comparisonBanner, comparisonSentences, comparisonTables } from './compare-tables.ts'
import { csv } from './csv.ts'
import { ends, points } from './format.ts'
import { type Html, html, trusted } from './html.ts'
import { name } from './html-name.ts'
import { markdownTable, markdownText } from './markdown.ts'
import { pageStyle } from './page-style.ts'
import type { Cell, PaperTable } from './paper-table.ts'

/** A comparison as CSV, a row per number, at full precision. */
export function comparisonCsv(comparison: Comparison): string {
  return csv(comparison.rows, comparisonBanner(comparison), {
    estimand: (row) => row.estimand,
    measure: (row) => row.measure,
    arm: (row) => row.arm,
    scope: (row) => (row.model === null ? 'average of models' : 'model'),
    model: (row) => row.model,
    first: (row) => row.first?.value ?? null,
    first_low: (row) => row.first?.low ?? null,
    first_high: (row) => row.first?.high ?? null,
    second: (row) => row.second?.value ?? null,
    second_low: (row) => row.second?.low ?? null,
    second_high: (row) => row.second?.high ?? null,
    difference: (row) => row.difference.value,
    low: (row) => row.difference.low,
    high: (row) => row.difference.high,
    standard_error: (row) => row.difference.standardError,
    df: (row) => row.difference.df,
    p: (row) => row.difference.p,
    p_holm: (row) => row.difference.pHolm,
    cases: (row) => row.difference.nCases,
    images: (row) => row.difference.nImages,
    exploratory: (row) => row.difference.exploratory,
    reason: (row) => row.difference.reason,
  })
}

/** A comparison as Markdown: how the runs differ, then the tables. */
export function comparisonMarkdown(comparison: Comparison): string {
  const sentences = comparisonSentences(comparison).map((text) => `- ${markdownText(text)}`)
  const tables = comparisonTables(comparison).map(markdownTable)
  return [`# Two runs side by side`, markdownText(comparisonBanner(comparison)), sentences.join('\n'), ...tables].join('\n\n')
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** A comparison as one HTML text: no script, no address outside the file, every text escaped. */
export function comparisonPage(comparison: Comparison): string {
  const notice = comparisonBanner(comparison)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Two runs side by side</title>
<link rel="icon" href="data:,">
<style>${trusted(pageStyle)}</style>
</head>
<body>
<header><h1>Two runs side by side</h1>
${notice === '' ? html`` : html`<p class="banner" role="note">${notice}</p>`}</header>
<main>
<ul>${comparisonSentences(comparison).map((text) => html`<li>${text}</li>`)}</ul>
${comparisonTables(comparison).map(tableHtml)}
</main>
</body>
</html>
`.markup
}

function tableHtml({ title, caption, columns, groups, notes }: PaperTable): Html {
  const number = (kind: Cell['kind']) => (kind === 'text' ? '' : 'number')
  return html`<h2>${title}</h2>
<div class="scroll" role="region" tabindex="0" aria-label="${title}"><table class="estimates"><caption>${caption}</caption>
<thead><tr>${columns.map(({ heading, kind }) => html`<th scope="col" class="${number(kind)}">${heading}</th>`)}</tr></thead>
${groups.map(
  ({ heading, rows }) => html`<tbody><tr class="group"><th scope="rowgroup" colspan="${columns.length}">${heading ?? ''}</th></tr>
${rows.map(({ cells, average }) => {
  const [first, ...others] = cells
  return html`<tr class="${average ? 'average' : ''}"><th scope="row">${first === undefined ? html`` : cellHtml(first)}</th>${others.map((cell) => html`<td class="number">${cellHtml(cell)}</td>`)}</tr>
`
})}</tbody>
`,
)}</table></div>
${notes.length === 0 ? html`` : html`<ul class="notes">${notes.map(({ mark, text }) => html`<li><sup>${mark}</sup> ${name(text)}</li>`)}</ul>`}
`
}

function cellHtml(cell: Cell): Html {
  if (cell.kind !== 'estimate') return name(cell.text)
  const marks = [...cell.marks, ...(cell.dagger ? ['†'] : [])].join(',')
  const raised = marks === '' ? html`` : html`<sup>${marks}</sup>`
  if (cell.value === null) return html`no estimate${raised}`
  const interval = cell.low === null || cell.high === null ? '' : ` ${ends({ low: cell.low, high: cell.high })}`
  return html`${points(cell.value)}${interval}${raised}`
}
