import type { TopLevelSpec } from 'vega-lite'
import type { FigureRow } from './figure.ts'
import { textWidth, wrapText } from './text-width.ts'
import { colours, type FigureSize, figurePadding, figureWidth, lineHeight, theme, typeSize } from './theme.ts'

/** A part of a figure: any Vega-Lite view, its size in points set. */
export type View = Readonly<Record<string, unknown>>

/** The room between the borders of a figure in points. */
export function innerWidth(size: FigureSize): number {
  return figureWidth[size] - 2 * figurePadding
}

/** Points between views beside each other. */
export const viewGap = 10

/**
 * A whole figure: lines of views below each other on one left edge, the banner under them. Each line must be
 * {@link innerWidth} wide with its axes, or narrower where another line is that wide. `values` are the rows that views draw.
 * `between` is the room from a view to the next beside it, with the axis of the next.
 */
export function canvas(
  size: FigureSize,
  lines: readonly (readonly View[])[],
  values: readonly FigureRow[],
  banner: string,
  between = viewGap,
): TopLevelSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    title: footer(banner, innerWidth(size)),
    data: { name: 'rows', values },
    spacing: viewGap,
    align: 'none',
    // By their sizes alone: else strokes of grid lines would push views apart and widen the figure.
    vconcat: lines.map((views) => ({ hconcat: views, spacing: between, align: 'none', bounds: 'flush' })),
  } as unknown as TopLevelSpec
}

function footer(banner: string, width: number) {
  return {
    text: wrapText(banner, width, typeSize.label),
    orient: 'bottom',
    anchor: 'start',
    frame: 'bounds',
    offset: 6,
    fontSize: typeSize.label,
    fontWeight: 'normal',
    color: colours.grey,
    lineHeight,
  } as const
}

/** One entry of a legend: words, after a symbol or a short text such as a number. */
export type LegendEntry = { text: string } & ({ shape: string; fill: string; stroke: string } | { key: string })

const symbolRoom = 13

/**
 * A legend as a view of its own, `width` wide: entries from left to right, broken into lines where they do not fit; an entry
 * too long for a line is broken, too. It begins `left` points before the views below it, where their axes begin.
 */
export function legend(entries: readonly LegendEntry[], width: number, left: number): View {
  let x = 0
  let line = 0
  const keyRoom = Math.max(
    0,
    ...entries.map((entry) => ('key' in entry ? textWidth(entry.key, typeSize.label, 'bold') + 4 : symbolRoom)),
  )
  const placed = entries.map((entry) => {
    const lines = wrapText(entry.text, width - keyRoom, typeSize.label)
    const room = keyRoom + Math.max(...lines.map((text) => textWidth(text, typeSize.label)))
    if (x > 0 && x + room > width) {
      x = 0
      line += 1
    }
    const place = { ...entry, text: lines.join('\n'), x: x - left, y: (line + 0.5) * lineHeight, textX: x - left + keyRoom }
    x += Math.ceil(room) + viewGap
    line += lines.length - 1
    return place
  })
  const axis = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null })
  const paint = (field: string) => ({ field, type: 'nominal', scale: null, legend: null })
  const words = { type: 'text', align: 'left', baseline: 'middle' }
  const centre = (lineHeight * 0.5).toFixed(2)
  return {
    width: width - left,
    height: (line + 1) * lineHeight,
    data: { values: placed },
    layer: [
      ...(entries.some((entry) => 'shape' in entry)
        ? [
            {
              transform: [{ filter: 'isValid(datum.shape)' }, { calculate: 'datum.x + 6', as: 'centre' }],
              mark: { type: 'point', size: 30, strokeWidth: 1, opacity: 1 },
              encoding: { x: axis('centre'), y: axis('y'), shape: paint('shape'), fill: paint('fill'), stroke: paint('stroke') },
            },
          ]
        : []),
      ...(entries.some((entry) => 'key' in entry)
        ? [
            {
              transform: [{ filter: 'isValid(datum.key)' }],
              mark: { ...words, fontWeight: 'bold' },
              encoding: { x: axis('x'), y: axis('y'), text: { field: 'key', type: 'nominal' } },
            },
          ]
        : []),
      {
        transform: [{ calculate: `datum.y - ${centre}`, as: 'top' }],
        mark: { ...words, baseline: 'top', dy: 0.6 },
        encoding: { x: axis('textX'), y: axis('top'), text: { field: 'text', type: 'nominal' } },
      },
    ],
  }
}
