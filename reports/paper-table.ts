/** A cell of a table for a paper: words or a name, a count, or an estimate. */
export type Cell = { kind: 'text'; text: string } | { kind: 'count'; text: string } | EstimateCell

/** An estimate in a cell. `marks` are letters of notes below the table. */
type EstimateCell = {
  kind: 'estimate'
  /** Null gives the words “no estimate”. */
  value: number | null
  /** Ends of the interval, null without one. */
  low: number | null
  high: number | null
  bold: boolean
  dagger: boolean
  marks: readonly string[]
}

/** A column: its heading and what its cells are. Columns of estimates hold `value [low, high]`. */
export type Column = { heading: string; kind: Cell['kind'] }

/** Rows under a common heading, such as an arm; the heading is null where a table needs none. */
export type RowGroup = { heading: string | null; rows: readonly { cells: readonly Cell[]; average: boolean }[] }

/**
 * A table for a paper, in plain text: nothing in it is escaped for any format. `name` is its file name without ending; `data`
 * is the banner, which stands with every table.
 */
export type PaperTable = {
  kind: 'table'
  name: string
  title: string
  caption: string
  columns: readonly Column[]
  groups: readonly RowGroup[]
  notes: readonly { mark: string; text: string }[]
  data: string
}

/** A table that a run does not have, with a sentence saying why. */
export type AbsentTable = { kind: 'absent'; name: string; title: string; sentence: string; data: string }

/** A cell of words or a name. */
export function words(text: string): Cell {
  return { kind: 'text', text }
}

/** A cell of a count or a span of counts, set to the right. */
export function count(text: string): Cell {
  return { kind: 'count', text }
}

/** An estimate without marks, from anything that has a value and perhaps both ends of an interval. */
export function plainEstimate(value: number | null, low: number | null, high: number | null): EstimateCell {
  const both = low !== null && high !== null
  return { kind: 'estimate', value, low: both ? low : null, high: both ? high : null, bold: false, dagger: false, marks: [] }
}
