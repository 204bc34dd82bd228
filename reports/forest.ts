import type { TopLevelSpec } from 'vega-lite'
import type { Arm } from '../cases/schema.ts'
import { armMarks } from './arm-marks.ts'
import { canvas, innerWidth, legend, type View, viewGap } from './canvas.ts'
import type { PlotRow } from './figure.ts'
import { forestDomain, type ScaleKind } from './forest-domain.ts'
import { forestPanel, numberColumn, type Panel } from './forest-panel.ts'
import { type LabelColumn, labelColumn } from './label-column.ts'
import { textWidth } from './text-width.ts'
import { colours, type FigureSize, lineHeight, typeSize } from './theme.ts'

/** One panel of a forest as a plan asks for it; panels with the same scale object share its stretch. */
export type ForestColumn = { title: string; numbers: boolean; scale: ScaleKind }

/** What a forest shows. `labels` are the rows from top to bottom; panels with `numbers` are wider and say them in words. */
export type Forest = {
  size: FigureSize
  rows: readonly PlotRow[]
  labels: readonly string[]
  panels: readonly ForestColumn[]
  arms: readonly Arm[]
  banner: string
}

// A panel narrower than this goes to the next line.
const narrowest = { column: 50, full: 62 } as const

function numbersText({ value, low, high }: PlotRow, text: (value: number) => string): string {
  if (value === null) return ''
  return low === null || high === null ? text(value) : `${text(value)} [${text(low)}, ${text(high)}]`
}

/**
 * A forest plot, exact to the point: rows down the side, panels beside each other and on further lines where they do not
 * fit, one mark with its interval a row and arm. The average over models is a diamond as wide as its interval. Exploratory
 * estimates are open; missing ones say so. The banner stands under the axes.
 *
 * `rows` must hold at least one value for each panel; without any, the figure is a sentence instead (see figure.ts).
 */
export function forest(options: Forest): TopLevelSpec {
  const { size, arms, panels, rows, banner } = options
  const column = labelColumn(options.labels, size)
  const height = options.labels.length * Math.max(column.lines * lineHeight + 4, arms.length * 9 + 4)
  const texts = new Map(rows.map((row) => [row, numbersText(row, unitOf(panels, row).text)]))
  const sized = panels.map((panel): SizedPanel => {
    const own = rows.filter(({ panel: title }) => title === panel.title)
    const numberWidth = panel.numbers
      ? Math.ceil(Math.max(...own.map((row) => textWidth(texts.get(row) ?? '', typeSize.label))))
      : 0
    const shared = rows.filter(({ panel: title }) => panels.find((other) => other.title === title)?.scale === panel.scale)
    return { ...panel, numberWidth, domain: forestDomain({ ...panel.scale, rows: shared }) }
  })
  const lines = panelLines(sized, innerWidth(size) - column.width, narrowest[size])
  const drawn = rows.map((row) => drawnRow(row, column, arms.length, texts.get(row) ?? ''))
  const legends = arms.length < 2 ? [] : [[armLegend(arms, innerWidth(size), column.width)]]
  // Panels without numbers are equally wide on every line, so that their scales can be compared.
  const most = Math.max(0, ...lines.filter((line) => line.every(({ numbers }) => !numbers)).map(({ length }) => length))
  const plots = lines.map((line) => lineViews(line, innerWidth(size), { column, height, arms, most }))
  return canvas(size, [...legends, ...plots], drawn, banner)
}

type SizedPanel = ForestColumn & { numberWidth: number; domain: readonly [number, number] }

function unitOf(panels: readonly ForestColumn[], row: PlotRow): ScaleKind['unit'] {
  const panel = panels.find(({ title }) => title === row.panel)
  if (panel === undefined) throw new Error(`forest requires rows of its panels, got one of ${row.panel}`)
  return panel.scale.unit
}

// Greedy lines: a panel stays on a line as long as all panels of the line keep the least width.
function panelLines(panels: readonly SizedPanel[], free: number, least: number): SizedPanel[][] {
  const lines: SizedPanel[][] = []
  for (const panel of panels) {
    const line = [...(lines.at(-1) ?? []), panel]
    if (lines.length > 0 && plotRoom(line, free) >= least * line.length) lines[lines.length - 1] = line
    else lines.push([panel])
  }
  return lines
}

function plotRoom(line: readonly SizedPanel[], free: number): number {
  return line.reduce(
    (room, { numbers, numberWidth }) => room - (numbers ? numberWidth + viewGap : 0),
    free - viewGap * (line.length - 1),
  )
}

// Whole points, so that lines are sharp and the sum is exact. A panel with numbers is the one to read first and is wider.
function lineViews(
  line: readonly SizedPanel[],
  inner: number,
  shared: { column: LabelColumn; height: number; arms: readonly Arm[]; most: number },
): View[] {
  const { column, height, arms, most } = shared
  const blank = line.some(({ numbers }) => numbers) ? 0 : most - line.length
  const free = plotRoom(line, inner - column.width - blank * viewGap)
  const shares = line.map(({ numbers }) => (numbers ? 1.6 : 1))
  const unit = free / shares.reduce((sum, share) => sum + share, blank)
  const others = [...shares.slice(1), ...Array<number>(blank).fill(1)].map((share) => Math.floor(share * unit))
  const widths = [free - others.reduce((sum, width) => sum + width, 0), ...others]
  return line.flatMap(({ title, numbers, numberWidth, scale, domain }, index): View[] => {
    const labels = { order: [...column.text.values()], labelColumn: index === 0 ? column.width : null }
    const panel: Panel = { title, height, arms, domain, ...scale, ...labels, width: widths[index] ?? 0 }
    const plot = forestPanel(panel) as unknown as View
    return numbers ? [plot, numberColumn({ ...panel, width: numberWidth }) as unknown as View] : [plot]
  })
}

function armLegend(arms: readonly Arm[], width: number, left: number): View {
  const entries = arms.map((arm) => {
    const { name, shape, colour } = armMarks[arm]
    return { text: name, shape, fill: colour, stroke: colour }
  })
  return legend(entries, width, left)
}

function drawnRow(row: PlotRow, column: LabelColumn, arms: number, numbers: string) {
  const { name, colour: armColour } = armMarks[row.arm]
  const colour = row.model === null && arms < 2 ? colours.black : armColour
  return {
    ...row,
    label: column.text.get(row.label) ?? row.label,
    arm: name,
    colour,
    fill: row.exploratory ? '#FFFFFF' : colour,
    numbers,
  }
}
