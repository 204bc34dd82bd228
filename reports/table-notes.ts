import { exploratoryMeaning } from './caption.ts'
import { type Html, html } from './html.ts'
import { name } from './html-name.ts'
import type { EstimateRow } from './tables.ts'

/** Notes of one table: the letter of each note, and whether all its values are exploratory, which needs no letter. */
export type TableNotes = { letters: ReadonlyMap<string, string>; allExploratory: boolean }

/** The notes of a table of estimates: each distinct reason once, in the order of its first cell. No rows give no notes. */
export function tableNotes(rows: readonly EstimateRow[]): TableNotes {
  const valued = rows.filter(({ value }) => value !== null)
  const allExploratory = valued.length > 0 && valued.every(({ flag }) => flag !== '')
  const texts = [...new Set(rows.flatMap((row) => notesOf(row, allExploratory)))]
  return { letters: new Map(texts.map((text, index) => [text, letter(index)])), allExploratory }
}

function notesOf(row: EstimateRow, allExploratory: boolean): string[] {
  const open = row.value !== null && row.flag !== '' && !allExploratory
  return [...(open ? [exploratoryMeaning] : []), ...(row.reason === null ? [] : [row.reason])]
}

// a to z, then aa to zz.
function letter(index: number): string {
  return String.fromCharCode(97 + (index % 26)).repeat(Math.floor(index / 26) + 1)
}

/** The letters of a cell’s notes, raised; nothing for a cell without notes. */
export function noteMark(row: EstimateRow, { letters, allExploratory }: TableNotes): Html {
  const marks = notesOf(row, allExploratory).flatMap((text) => letters.get(text) ?? [])
  return marks.length === 0 ? html`` : html`<sup>${marks.join(',')}</sup>`
}

/** The notes below their table, one a line; nothing where there are none. */
export function notesList({ letters, allExploratory }: TableNotes): Html {
  if (letters.size === 0 && !allExploratory) return html``
  return html`<ul class="notes">${allExploratory ? html`<li>All values of this table are ${exploratoryMeaning}.</li>` : html``}${[
    ...letters,
  ].map(([text, mark]) => html`<li><sup>${mark}</sup> ${name(text)}</li>`)}</ul>`
}
