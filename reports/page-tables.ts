import type { Estimates, Exclusion, Measure } from '../analysis/estimate.ts'
import { armMarks } from './arm-marks.ts'
import { averageLabel } from './figure.ts'
import { ends, points, span } from './format.ts'
import { type Html, html } from './html.ts'
import { name } from './html-name.ts'
import { quietJson } from './quiet-json.ts'
import { noteMark, notesList, type TableNotes, tableNotes } from './table-notes.ts'
import type { EstimateRow } from './tables.ts'

// Can be scrolled sideways on a narrow screen, also by keyboard.
function scrollable(label: string, table: Html): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${table}</div>`
}

/**
 * Estimates of one estimand as a table: a row per arm and model, a column per measure, each cell with value, CR2 interval
 * and below it the BCa interval. Why a value or an interval is missing stands in notes below, a letter in the cell leads
 * there. `rows` in the order of tables.ts. No rows give a sentence.
 */
export function estimateTable(caption: string, rows: readonly EstimateRow[]): Html {
  if (rows.length === 0) return html`<p class="absent">There is no table “${caption}”: this run holds no such estimate.</p>`
  const measures = [...new Set(rows.map(({ measure }) => measure))]
  const notes = tableNotes(rows)
  const arms = [...Map.groupBy(rows, ({ arm }) => arm)]
  const table = html`<table class="estimates"><caption>${caption}</caption>
<colgroup><col>${measures.map(() => html`<col class="measure">`)}<col class="cases"><col class="images"></colgroup>
<thead><tr><th scope="col">Model</th>${measures.map((measure) => html`<th scope="col" class="number">${measure}</th>`)}<th scope="col" class="number">Cases</th><th scope="col" class="number">Images</th></tr></thead>
${arms.map(
  ([
    arm,
    members,
  ]) => html`<tbody><tr class="group"><th scope="rowgroup" colspan="${measures.length + 3}">Arm ${armMarks[arm].name}</th></tr>
${[...Map.groupBy(members, ({ model }) => model)].map(([model, cells]) => modelRow(model, cells, measures, notes))}</tbody>
`,
)}</table>`
  return html`${scrollable(caption, table)}
${notesList(notes)}`
}

function modelRow(model: string | null, cells: readonly EstimateRow[], measures: readonly Measure[], notes: TableNotes): Html {
  const valued = cells.filter(({ value }) => value !== null)
  // The counts of a row are those behind its numbers; only a row without any shows the counts of its missing estimates.
  const behind = valued.length > 0 ? valued : cells
  const found = measures.map((measure) => cells.find((row) => row.measure === measure))
  const arm = cells[0]?.arm ?? 'full'
  const traced = html` data-arm="${arm}"${model === null ? html`` : html` data-model="${quietJson(model)}"`}`
  return html`<tr${model === null ? html` class="average"` : html``}${traced}><th scope="row">${model === null ? averageLabel : name(model)}</th>${found.map((row) => cell(row, notes))}<td class="number">${counts(behind)}</td><td class="number">${span(behind.map(({ images }) => images))}</td></tr>
`
}

function cell(row: EstimateRow | undefined, notes: TableNotes): Html {
  if (row === undefined) return html`<td class="number none">not in this run</td>`
  const mark = noteMark(row, notes)
  if (row.value === null) return html`<td class="number none">no estimate${mark}</td>`
  const cr2 = row.cr2Low !== null && row.cr2High !== null ? ` ${ends({ low: row.cr2Low, high: row.cr2High })}` : ''
  const bca =
    row.bcaLow !== null && row.bcaHigh !== null
      ? html`<span class="minor">BCa ${ends({ low: row.bcaLow, high: row.bcaHigh })}</span>`
      : html``
  return html`<td class="number">${points(row.value)}${cr2}${mark}${bca}</td>`
}

function counts(cells: readonly EstimateRow[]): Html {
  const flagged = cells.flatMap((row) => (row.flagged === null ? [] : [row.flagged]))
  const unflagged = cells.flatMap((row) => (row.unflagged === null ? [] : [row.unflagged]))
  const groups = flagged.length > 0 && unflagged.length > 0
  const used = groups ? `${span(flagged)} + ${span(unflagged)}` : span(cells.map(({ cases }) => cases))
  const left = cells.map(({ casesLeftOut }) => casesLeftOut)
  return html`${used}${Math.max(...left) > 0 ? html`<span class="minor cases-left">${span(left)} left out</span>` : html``}`
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

/**
 * How many cases of the run are malignant and rare, with sums. Cases whose malignancy or rarity is not known have a row of
 * their own, so that the last row counts all cases of the run.
 */
export function strataTable(count: Estimates['strata']): Html {
  const caption = 'Cases by stratum'
  const known: [string, number, number][] = [
    ['Malignant', count.malignantRare, count.malignantCommon],
    ['Not malignant', count.notMalignantRare, count.notMalignantCommon],
  ]
  const rare = count.malignantRare + count.notMalignantRare
  const common = count.malignantCommon + count.notMalignantCommon
  const row = (title: string, cells: readonly (string | number)[], kind = html``) =>
    html`<tr${kind}><th scope="row">${title}</th>${cells.map((content) => html`<td class="number">${content}</td>`)}</tr>
`
  return scrollable(
    caption,
    html`<table class="strata"><caption>${caption}</caption>
<thead><tr><th scope="col">Stratum</th><th scope="col" class="number">Rare</th><th scope="col" class="number">Not rare</th><th scope="col" class="number">Together</th></tr></thead>
<tbody>${known.map(([title, first, second]) => row(title, [first, second, first + second]))}${
      count.unknown === 0 ? html`` : row('In situ, uncertain, or rarity unknown', ['–', '–', count.unknown])
    }${row('All cases', count.unknown === 0 ? [rare, common, rare + common] : ['–', '–', rare + common + count.unknown], html` class="average"`)}</tbody></table>`,
  )
}

const FIDELITY = [
  ['conversations', 'Conversations'],
  ['quarantined', 'Set aside'],
  ['answers', 'Answers'],
  ['unlisted', 'Asked what the ledger has not'],
  ['overshared', 'Overshared'],
  ['disallowed', 'Not allowed'],
  ['leaks', 'Leaks caught'],
  ['rejected', 'Texts refused'],
  ['fallbacks', 'Read out'],
  ['done', 'Ended by the patient'],
] as const

/** Which models spoke for patients and how faithfully, a row a model under test and arm. Nothing where rules spoke. */
export function patientTable({ speakers, fidelity }: Estimates['patients']): Html {
  if (fidelity.length === 0) return html``
  const caption = 'Patients that a model spoke for, counts by model under test and arm'
  return html`<p>Speaking for patients: ${speakers.map(
    ({ id, family, underTest }) =>
      html`${name(id)}${underTest ? html` (its family, ${name(family)}, is also under test: it may favour its own kind)` : html` (no model of its family is under test)`}. `,
  )}What was caught never reached the model under test. Conversations that are set aside were not judged; they stand under Missing data.</p>
${scrollable(
  caption,
  html`<table><caption>${caption}</caption>
<thead><tr><th scope="col">Model</th><th scope="col">Arm</th>${FIDELITY.map(([, title]) => html`<th scope="col" class="number">${title}</th>`)}</tr></thead>
<tbody>${fidelity.map(
    (row) =>
      html`<tr><th scope="row">${name(row.model)}</th><td>${armMarks[row.arm].name}</td>${FIDELITY.map(([field]) => html`<td class="number">${row[field]}</td>`)}</tr>
`,
  )}</tbody></table>`,
)}`
}
