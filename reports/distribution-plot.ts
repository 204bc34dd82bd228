import type { Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { canvas, innerWidth, legend, type View, viewGap } from './canvas.ts'
import { behindWords, missingWords } from './caption.ts'
import { type Figure, type FigureRow, namesKey, rowLabels } from './figure.ts'
import { dimensionPanels } from './forest-figure.ts'
import { type LabelColumn, labelAxis, labelColumn } from './label-column.ts'
import { modelOrder } from './names.ts'
import { levelColours } from './palette.ts'
import { textWidth } from './text-width.ts'
import { colours, type FigureSize, lineHeight, typeSize } from './theme.ts'

type Row = FigureRow & {
  panel: string
  model: string
  label: string
  level: number
  count: number
  share: number
  conversations: number
  missing: number
  cases: number
  images: number
}

const levels = [1, 2, 3, 4, 5] as const
const levelNames = ['1 worst', '2', '3', '4', '5 best']
const inkOn = ['#FFFFFF', colours.black, colours.black, colours.black, '#FFFFFF']
const margin = 11

/** Figure of how the scores of each model in arm full spread over the levels 1 to 5, a stacked bar a model, a panel a dimension. */
export function distributionPlot(estimates: Estimates, size: FigureSize = 'full'): Figure {
  const about = { name: 'distribution', title: 'Distribution of scores in arm full' }
  const labels = rowLabels(modelOrder(estimates))
  const panels = dimensionPanels.flatMap(({ measure, title }) => {
    const rows = [...labels].flatMap(([model, label]): Row[] =>
      estimates.descriptions.distributions
        .filter((one) => one.dimension === measure && one.model === model && one.nConversations > 0)
        .flatMap((one) =>
          levels.map((level) => {
            const count = one.levels[level - 1] ?? 0
            const counts = { conversations: one.nConversations, missing: one.nMissing, cases: one.nCases, images: one.nImages }
            return { panel: title, model: one.model, label, level, count, share: count / one.nConversations, ...counts }
          }),
        ),
    )
    return rows.length === 0 ? [] : [{ title, measure, rows }]
  })
  if (panels.length === 0)
    return {
      ...about,
      kind: 'absent',
      sentence: 'There is no figure of the distribution of scores: no conversation in arm full has a score.',
    }
  const rows = panels.flatMap((panel) => panel.rows)
  const column = labelColumn([...labels.values()], size)
  const perLine = size === 'full' ? panels.length : 1
  const free = innerWidth(size) - column.width - viewGap * (perLine - 1)
  const width = Math.floor(free / perLine)
  const views = panels.map(({ title, rows: own }, index) =>
    stack(title, own, column, { width: index === 0 ? free - width * (perLine - 1) : width, labelled: index % perLine === 0 }),
  )
  const lines = size === 'full' ? [views] : views.map((view) => [view])
  const key = levelNames.map((text, index) => ({ text, shape: 'square', fill: levelColours[index] ?? '', stroke: colours.grey }))
  return {
    ...about,
    kind: 'drawn',
    rows,
    spec: canvas(size, [[legend(key, innerWidth(size), column.width)], ...lines], [], banner(estimates)),
    caption: [
      'Share of conversations in arm full at each level of the pooled score, from 1 (worst, left) to 5 (best, right); a score between two levels goes to the nearest, a half to the worse. Numbers: percent, where there is room. Repeats count one by one; there are no intervals.',
      behindWords(rows),
      missingWords(
        panels.map(({ measure }) => ({ arm: 'full', measure })),
        estimates,
      ),
      ...namesKey(labels),
    ].join(' '),
    alt: `Stacked bars, ${about.title}: ${labels.size} models, panels ${panels.map(({ title }) => title).join(', ')}. The figure’s CSV holds all its numbers. ${banner(estimates)}`,
  }
}

function stack(
  title: string,
  rows: readonly Row[],
  column: LabelColumn,
  { width, labelled }: { width: number; labelled: boolean },
): View {
  const rowHeight = column.lines * lineHeight + 4
  const order = [...column.text.values()]
  const starts = new Map<string, number>()
  const values = rows.map((row) => {
    const from = starts.get(row.model) ?? 0
    starts.set(row.model, from + row.share)
    const text = (row.share * 100).toFixed(0)
    const fits = textWidth(text, typeSize.label) + 2 <= row.share * (width - 2 * margin)
    const look = { paint: levelColours[row.level - 1], ink: inkOn[row.level - 1], text: fits ? text : '' }
    return {
      ...row,
      label: column.text.get(row.label) ?? row.label,
      from,
      to: from + row.share,
      middle: from + row.share / 2,
      ...look,
    }
  })
  const empty = order.filter((label) => !values.some((row) => row.label === label)).map((label) => ({ label }))
  const slack = margin / (width - 2 * margin)
  const x = {
    type: 'quantitative',
    title: 'Conversations',
    scale: { domain: [-slack, 1 + slack], nice: false, zero: false },
    axis: { values: width < 110 ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1], format: '.0%', grid: false },
  }
  const y = {
    field: 'label',
    type: 'nominal',
    scale: { type: 'band', domain: order, paddingInner: 0, paddingOuter: 0 },
    axis: labelAxis(order, labelled ? column.width : null, false),
  }
  return {
    title: { text: title, frame: 'group' },
    width,
    height: rowHeight * order.length,
    data: { values },
    layer: [
      {
        transform: [{ filter: 'datum.count > 0' }],
        mark: { type: 'bar', height: { band: 0.78 }, stroke: colours.grey, strokeWidth: 0.4 },
        encoding: { y, x: { ...x, field: 'from' }, x2: { field: 'to' }, fill: { field: 'paint', type: 'nominal', scale: null } },
      },
      {
        mark: { type: 'text', baseline: 'middle' },
        encoding: {
          y,
          x: { ...x, field: 'middle' },
          text: { field: 'text', type: 'nominal' },
          color: { field: 'ink', type: 'nominal', scale: null },
        },
      },
      ...(empty.length === 0
        ? []
        : [
            {
              data: { values: empty },
              mark: { type: 'text', baseline: 'middle', fontStyle: 'italic', text: 'no score', color: colours.grey },
              encoding: { y, x: { ...x, datum: 0.5 } },
            },
          ]),
    ],
  }
}
