import { viewGap } from './canvas.ts'
import { textWidth, wrapText } from './text-width.ts'
import { type FigureSize, lineHeight, typeSize } from './theme.ts'

/** Row labels made to fit beside a plot: each broken into lines, the width of their column, and the most lines of any. */
export type LabelColumn = { text: ReadonlyMap<string, string>; width: number; lines: number }

const widest = { column: 72, full: 130 } as const

/** The column of row labels of a figure, in points, with the gap to the plot. */
export function labelColumn(labels: readonly string[], size: FigureSize): LabelColumn {
  const wrapped = new Map(labels.map((label) => [label, wrapText(label, widest[size], typeSize.label)]))
  const lines = [...wrapped.values()]
  return {
    text: new Map([...wrapped].map(([label, broken]) => [label, broken.join('\n')])),
    width: Math.ceil(Math.max(0, ...lines.flat().map((line) => textWidth(line, typeSize.label)))) + viewGap,
    lines: Math.max(1, ...lines.map(({ length }) => length)),
  }
}

/** The Vega-Lite axis that writes row labels left-aligned in their column; with null it only draws grid lines. */
export function labelAxis(labels: readonly string[], width: number | null, grid = true): object {
  const shared = { title: null, domain: false, ticks: false, grid, labelOffset: centred(labels), labelAlign: 'left' }
  if (width === null) return { ...shared, labels: false, labelPadding: 0 }
  return { ...shared, labels: true, labelPadding: width, minExtent: width, maxExtent: width }
}

// Vega sets the first line of a label at the row's middle; this lifts labels of several lines by half their height.
function centred(labels: readonly string[]) {
  const counts = [...new Set(labels.map((label) => label.split('\n').length))].filter((lines) => lines > 1)
  const condition = counts.map((lines) => ({
    test: `length(split(datum.label, '\\n')) === ${lines}`,
    value: (-(lines - 1) * lineHeight) / 2,
  }))
  return condition.length === 0 ? 0 : { condition, value: 0 }
}
