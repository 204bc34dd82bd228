import { points } from './format.ts'
import { type Html, html } from './html.ts'
import { nameInSentence } from './names.ts'

// Characters from which a cell may break its line.
const LONG = 36

/** A column: its head, and a row’s content. Numbers go right. */
export type Column<Row> = readonly [head: string, content: (row: Row) => Html | string | number | null]

/**
 * Rows as a table that the reader opens; closed, it says how many rows it holds. A null is shown as a dash. No rows give a
 * sentence.
 */
export function statTable<Row>(caption: string, note: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  if (rows.length === 0)
    return html`<p class="absent">${caption}: this run holds none.</p>
`
  return html`<details><summary>${caption} (${rows.length})</summary>
<p class="minor">${note}</p>
<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table class="stat"><caption>${caption}</caption>
<thead><tr>${columns.map(([head]) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${columns.map(([, content], index) => cell(content(row), index === 0))}</tr>\n`)}</tbody></table></div></details>
`
}

function cell(content: Html | string | number | null, first: boolean): Html {
  const shown = content === null ? '–' : typeof content === 'string' ? nameInSentence(content || '–') : content
  if (first) return html`<th scope="row">${shown}</th>`
  const kind = typeof content === 'number' ? 'number' : typeof content === 'string' && content.length > LONG ? 'long' : ''
  return html`<td${kind === '' ? html`` : html` class="${kind}"`}>${shown}</td>`
}

/** Texts below each other in one cell; none give null. */
export function stacked(texts: readonly string[]): Html | null {
  return texts.length === 0
    ? null
    : html`${texts.map((text, index) => html`${index === 0 ? html`` : html`<br>`}${nameInSentence(text)}`)}`
}

/** Two decimals, or null. */
export function two(value: number | null): string | null {
  return value === null ? null : points(value)
}

/** A value with its interval, such as `0.42 [0.30, 0.54]`; without an interval the value alone, without a value null. */
export function ranged(value: number | null, low: number | null | undefined, high: number | null | undefined): string | null {
  if (value === null) return null
  if (low == null && high == null) return points(value)
  return `${points(value)} [${low == null ? '–' : points(low)}, ${high == null ? '–' : points(high)}]`
}

/** A p with three decimals; a smaller one as `<0.001`. */
export function pValue(p: number | null): string | null {
  if (p === null) return null
  return p < 0.001 ? '<0.001' : p.toFixed(3)
}

/** `exploratory` and a reason as one note, or a dash. */
export function noted(row: { exploratory?: boolean; reason?: string | null }): string {
  return [row.exploratory === true ? 'exploratory' : '', row.reason ?? ''].filter((word) => word !== '').join('; ')
}
