import type { TopLevelSpec } from 'vega-lite'
import type { Arm } from '../cases/schema.ts'
import { armMarks } from './arm-marks.ts'
import type { PlotRow } from './figure.ts'
import { forestDomain, type Scale } from './forest-domain.ts'
import { forestPanel, numberColumn } from './forest-panel.ts'
import { ends, points } from './format.ts'
import { textWidth, wrapText } from './text-width.ts'
import { colours, figurePadding, figureWidth, lineHeight, theme, typeSize } from './theme.ts'

/** What a forest shows. `labels` are the rows from top to bottom; panels with `numbers` are wider and say them in words. */
export type Forest = Scale & {
  labels: readonly string[]
  panels: readonly { title: string; numbers: boolean }[]
  arms: readonly Arm[]
  axisTitle: string
  banner: string
}

const gap = 10
const widestLabel = 130
const inner = figureWidth.full - 2 * figurePadding

function numbersText({ value, low, high }: PlotRow): string {
  if (value === null) return ''
  return low === null || high === null ? points(value) : `${points(value)} ${ends({ low, high })}`
}

function widest(lines: readonly string[]): number {
  return Math.ceil(Math.max(...lines.map((line) => textWidth(line, typeSize.label))))
}

/**
 * A forest plot at full width, exact to the point: rows down the side, panels beside each other on one scale, one mark
 * with its interval a row and arm. The average over models is a diamond as wide as its interval. Exploratory estimates
 * are open; missing ones say so. The banner stands under the axes.
 *
 * `rows` must hold at least one value; without any, the figure is a sentence instead (see figure.ts).
 */
export function forest(options: Forest): TopLevelSpec {
  const { labels, arms, panels } = options
  const wrapped = new Map(labels.map((label) => [label, wrapText(label, widestLabel, typeSize.label)]))
  const lines = [...wrapped.values()]
  const labelColumn = widest(lines.flat()) + gap
  const numberWidth = widest(options.rows.map(numbersText))
  const height = labels.length * Math.max(...lines.map(({ length }) => length * lineHeight + 4), arms.length * 9 + 4)
  const free =
    inner - labelColumn - gap * (panels.length - 1) - (numberWidth + gap) * panels.filter(({ numbers }) => numbers).length
  const widths = panelWidths(panels, free)
  const shared = { height, order: lines.map((label) => label.join('\n')), arms, zeroLine: options.zeroLine }
  const base = { ...shared, domain: forestDomain(options), axisTitle: options.axisTitle }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    spacing: gap,
    title: footer(options.banner),
    data: { name: 'rows', values: options.rows.map((row) => drawnRow(row, wrapped, arms.length)) },
    hconcat: panels.flatMap(({ title, numbers }, index) => {
      const panel = { ...base, title, labelColumn: index === 0 ? labelColumn : null }
      const plot = forestPanel({ ...panel, width: widths[index] ?? 0 })
      return numbers ? [plot, numberColumn({ ...panel, width: numberWidth })] : [plot]
    }),
  }
}

// Whole points, so that lines are sharp and the sum is exact. A panel with numbers is the one to read first and is wider.
function panelWidths(panels: Forest['panels'], free: number): number[] {
  const shares = panels.map(({ numbers }) => (numbers ? 1.6 : 1))
  const unit = free / shares.reduce((sum, share) => sum + share, 0)
  const others = shares.slice(1).map((share) => Math.floor(share * unit))
  return [free - others.reduce((sum, width) => sum + width, 0), ...others]
}

function drawnRow(row: PlotRow, wrapped: ReadonlyMap<string, string[]>, arms: number) {
  const label = wrapped.get(row.label)?.join('\n') ?? row.label
  const name = armMarks[row.arm].name
  const colour = row.model === null && arms < 2 ? colours.black : armMarks[row.arm].colour
  return { ...row, label, arm: name, colour, fill: row.exploratory ? '#FFFFFF' : colour, numbers: numbersText(row) }
}

function footer(banner: string) {
  return {
    text: wrapText(banner, inner, typeSize.label),
    orient: 'bottom',
    frame: 'bounds',
    offset: 6,
    fontSize: typeSize.label,
    fontWeight: 'normal',
    color: colours.grey,
    lineHeight,
  } as const
}
