import type { Exclusion, Measure } from '../analysis/estimate.ts'
import { armMarks } from './arm-marks.ts'
import { averageLabel } from './figure.ts'
import { ends, points, span } from './format.ts'
import { type Html, html } from './html.ts'
import { plainName } from './names.ts'
import type { EstimateRow } from './tables.ts'

/** A name from outside, kept apart from the direction of the text around it. */
export function name(text: string): Html {
  return html`<bdi>${plainName(text)}</bdi>`
}

/** A table that can be scrolled sideways on a narrow screen, also by keyboard. */
export function scrollable(label: string, table: Html): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${table}</div>`
}

function measuresOf(rows: readonly EstimateRow[]): Measure[] {
  return [...new Set(rows.map(({ measure }) => measure))]
}

/**
 * Estimates of one estimand as a table: a row per arm and model, a column per measure, each cell with value, CR2 interval
 * and below it the BCa interval. `rows` in the order of tables.ts. No rows give a sentence.
 */
export function estimateTable(caption: string, rows: readonly EstimateRow[]): Html {
  if (rows.length === 0) return html`<p class="absent">There is no table “${caption}”: this run holds no such estimate.</p>`
  const measures = measuresOf(rows)
  const arms = [...Map.groupBy(rows, ({ arm }) => arm)]
  const columns = measures.length + 4
  return scrollable(
    caption,
    html`<table><caption>${caption}</caption>
<thead><tr><th scope="col">Model</th>${measures.map((measure) => html`<th scope="col" class="number">${measure}</th>`)}<th scope="col" class="number">Cases</th><th scope="col" class="number">Images</th><th scope="col">Note</th></tr></thead>
${arms.map(
  ([arm, members]) => html`<tbody><tr class="group"><th scope="rowgroup" colspan="${columns}">Arm ${armMarks[arm].name}</th></tr>
${[...Map.groupBy(members, ({ model }) => model)].map(([model, cells]) => modelRow(model, cells, measures))}</tbody>
`,
)}</table>`,
  )
}

function modelRow(model: string | null, cells: readonly EstimateRow[], measures: readonly Measure[]): Html {
  const valued = cells.filter(({ value }) => value !== null)
  const allOpen = valued.length > 0 && valued.every(({ flag }) => flag !== '')
  const reasons = [...new Set(cells.flatMap(({ reason }) => (reason === null ? [] : [reason])))]
  const shared = reasons.length === 1 && cells.every(({ reason }) => reason !== null)
  const notes = [...(allOpen ? ['exploratory'] : []), ...(shared ? reasons : [])]
  return html`<tr${model === null ? html` class="average"` : html``}><th scope="row">${model === null ? averageLabel : name(model)}</th>${measures.map(
    (measure) =>
      cell(
        cells.find((row) => row.measure === measure),
        !allOpen,
        !shared,
      ),
  )}<td class="number">${counts(cells)}</td><td class="number">${span(cells.map(({ images }) => images))}</td><td class="note">${notes.join('; ')}</td></tr>
`
}

function cell(row: EstimateRow | undefined, withFlag: boolean, withReason: boolean): Html {
  if (row === undefined) return html`<td class="number none">not in this run</td>`
  const reason = withReason && row.reason !== null ? html`<span class="minor">${row.reason}</span>` : html``
  if (row.value === null) return html`<td class="number none">no estimate${reason}</td>`
  const cr2 = row.cr2Low !== null && row.cr2High !== null ? ` ${ends({ low: row.cr2Low, high: row.cr2High })}` : ''
  const bca =
    row.bcaLow !== null && row.bcaHigh !== null
      ? html`<span class="minor">BCa ${ends({ low: row.bcaLow, high: row.bcaHigh })}</span>`
      : html``
  const flag = withFlag && row.flag !== '' ? html`<span class="minor">${row.flag}</span>` : html``
  return html`<td class="number">${points(row.value)}${cr2}${bca}${flag}${reason}</td>`
}

function counts(cells: readonly EstimateRow[]): Html {
  const flagged = cells.flatMap((row) => (row.flagged === null ? [] : [row.flagged]))
  const unflagged = cells.flatMap((row) => (row.unflagged === null ? [] : [row.unflagged]))
  const groups = flagged.length > 0 && unflagged.length > 0
  const used = groups ? `${span(flagged)} + ${span(unflagged)}` : span(cells.map(({ cases }) => cases))
  const left = cells.map(({ casesLeftOut }) => casesLeftOut)
  return html`${used}${Math.max(...left) > 0 ? html`<span class="minor">${span(left)} left out</span>` : html``}`
}

/** What is missing by model, arm, what and reason, with counts. No rows give a sentence. */
export function missingTable(rows: readonly Exclusion[]): Html {
  if (rows.length === 0) return html`<p>No trial and no score is missing.</p>`
  const caption = 'Missing trials and scores, by model, arm and reason'
  return scrollable(
    caption,
    html`<table><caption>${caption}</caption>
<thead><tr><th scope="col">Model</th><th scope="col">Arm</th><th scope="col">Missing</th><th scope="col">Reason</th><th scope="col" class="number">Count</th></tr></thead>
<tbody>${rows.map(
      (row) =>
        html`<tr><th scope="row">${name(row.model)}</th><td>${armMarks[row.arm].name}</td><td>${row.measure ?? 'whole trial'}</td><td>${name(row.reason)}</td><td class="number">${row.count}</td></tr>
`,
    )}</tbody></table>`,
  )
}
