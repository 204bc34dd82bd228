import type { View } from './canvas.ts'
import type { FigureRow } from './figure.ts'
import { labelAxis } from './label-column.ts'
import { textWidth, wrapText } from './text-width.ts'
import { typeSize } from './theme.ts'

/** A grid of cells: each row is a {@link FigureRow} with `row` and `column` (labels), `paint` (fill), `ink` and `text`. */
export type Matrix = {
  title: string
  /** Labels of rows from top to bottom; an empty text is a gap. */
  rows: readonly string[]
  /** Short labels of columns from left to right, written above. */
  columns: readonly string[]
  cells: readonly FigureRow[]
  cellWidth: number
  cellHeight: number
  /** Width of the column of row labels, or null for a matrix without. */
  labelColumn: number | null
}

/** The width of the widest text of some cells in points, with a little room on both sides. */
export function cellRoom(texts: readonly string[]): number {
  return Math.ceil(Math.max(0, ...texts.map((text) => textWidth(text, typeSize.label)))) + 4
}

/** A grid of coloured cells with their numbers, each colour and text as the cells say; `layers` are drawn on top. */
export function matrix(plan: Matrix, layers: (x: object, y: object) => readonly object[] = () => []): View {
  const { title, rows, columns, cells, cellWidth, cellHeight, labelColumn } = plan
  const band = (domain: readonly string[]) => ({
    type: 'nominal',
    scale: { type: 'band', domain: [...domain], paddingInner: 0, paddingOuter: 0 },
  })
  // Numbers above narrow cells stand at every second column, every third …
  const step = Math.ceil((cellRoom(columns) - 1) / cellWidth)
  const values = columns.filter((_, index) => index % step === 0)
  const labels = { orient: 'top', values, title: null, domain: false, ticks: false, grid: false, labelAngle: 0, labelPadding: 3 }
  const x = { ...band(columns), field: 'column', axis: labels }
  const y = { ...band(rows), field: 'row', axis: labelAxis(rows, labelColumn, false) }
  const width = cellWidth * columns.length
  return {
    ...(title === '' ? {} : { title: { text: wrapText(title, width, typeSize.heading, 'bold'), frame: 'group' } }),
    width,
    height: cellHeight * rows.length,
    data: { values: cells },
    layer: [
      {
        // A stroke would reach past the grid and widen the figure.
        mark: { type: 'rect', width: { band: 0.96 }, height: { band: 0.92 } },
        encoding: { x, y, fill: { field: 'paint', type: 'nominal', scale: null } },
      },
      {
        mark: { type: 'text', baseline: 'middle' },
        encoding: { x, y, text: { field: 'text', type: 'nominal' }, color: { field: 'ink', type: 'nominal', scale: null } },
      },
      ...layers(x, y),
    ],
  }
}
