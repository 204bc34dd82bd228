import type { Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { canvas, innerWidth, legend, type View, viewGap } from './canvas.ts'
import { intervalWords, missingWords } from './caption.ts'
import { type Figure, type FigureRow, namesKey, rowLabels } from './figure.ts'
import { stretch } from './forest-domain.ts'
import { counted, span } from './format.ts'
import { labelLayers, numberKey, type PointLabels, pointLabels } from './labelled-points.ts'
import { modelOrder } from './names.ts'
import { pointUnit } from './scale-unit.ts'
import { textWidth } from './text-width.ts'
import { colours, type FigureSize, typeSize } from './theme.ts'
import { cutTo, linearAxis, placeOn, type XyAxis, type XyFrame, xyPanel } from './xy-panel.ts'

type Row = FigureRow & {
  panel: 'score by replies' | 'cost against score'
  model: string | null
  label: string
  replies: number | null
  costUsd: number | null
  score: number
  low: number | null
  high: number | null
  interval: string | null
  level: number | null
  exploratory: boolean
  conversations: number
  images: number
}

const left = 24

function replyRows({ descriptions, settings }: Estimates): Row[] {
  return descriptions.byReplies.flatMap(({ replies, overall, nConversations, nImages }): Row[] => {
    if (overall.value === null) return []
    const ends = {
      low: overall.low,
      high: overall.high,
      interval: overall.method,
      level: overall.method === null ? null : settings.level,
    }
    const counts = { exploratory: nImages < 20, conversations: nConversations, images: nImages }
    return [
      { panel: 'score by replies', model: null, label: '', replies, costUsd: null, score: overall.value, ...ends, ...counts },
    ]
  })
}

function costRows({ descriptions, estimates }: Estimates, labels: ReadonlyMap<string | null, string>): Row[] {
  return [...labels].flatMap(([model, label]): Row[] => {
    const cost = descriptions.costs.find((one) => one.model === model)
    const mean = estimates.find(
      (one) => one.estimand === 'mean' && one.arm === 'full' && one.measure === 'overall' && one.model === model,
    )
    if (cost?.meanUsd == null || mean?.value == null) return []
    const first = mean.intervals[0]
    const ends = {
      low: first?.low ?? null,
      high: first?.high ?? null,
      interval: first?.method ?? null,
      level: first?.level ?? null,
    }
    const counts = { exploratory: mean.exploratory, conversations: cost.nPriced, images: mean.nImages }
    return [
      { panel: 'cost against score', model, label, replies: null, costUsd: cost.meanUsd, score: mean.value, ...ends, ...counts },
    ]
  })
}

/** Figure of the overall score in arm full by the number of replies, and against the cost of a conversation. */
export function costPlot(estimates: Estimates, size: FigureSize = 'full'): Figure {
  const about = { name: 'cost', title: 'Score by length and cost of conversations' }
  const labels = rowLabels(modelOrder(estimates))
  const replies = replyRows(estimates)
  const costs = costRows(estimates, labels)
  const priced = costs.some(({ costUsd }) => costUsd !== null && costUsd > 0) ? costs : []
  const why =
    costs.length === 0
      ? 'no conversation with a score has a known cost'
      : 'every conversation cost 0 dollars, as embedded models do'
  if (replies.length + priced.length === 0)
    return {
      ...about,
      kind: 'absent',
      sentence: `There is no figure of scores by length and cost: this run holds no conversations with scores, and ${why}.`,
    }
  const both = replies.length > 0 && priced.length > 0 && size === 'full'
  const whole = innerWidth(size) - (both ? 2 * left + viewGap : left)
  const width = both ? Math.floor(whole / 2) : whole
  const order = [...labels.values()]
  const repliesView = replies.length === 0 ? [] : [byReplies(replies, width, size)]
  const cost = priced.length === 0 ? null : againstCost(priced, both ? whole - width : width, size, order)
  const panels = [...repliesView, ...(cost === null ? [] : [cost.view])]
  const key = cost?.labels.numbered ? [[legend(numberKey(order), innerWidth(size), left)]] : []
  const rows = [...replies, ...priced]
  return {
    ...about,
    kind: 'drawn',
    rows,
    spec: canvas(
      size,
      [...(size === 'full' ? [panels] : panels.map((panel) => [panel])), ...key],
      [],
      banner(estimates),
      viewGap + left,
    ),
    caption: [
      ...(replies.length === 0
        ? []
        : [
            `Score by replies: mean overall score of the conversations of arm full with so many replies of the model under test, all models together (${span(replies.map(({ conversations }) => conversations))} conversations on ${span(replies.map(({ images }) => images))} images a mark). How long a conversation gets is the model’s choice, so this describes and explains nothing.`,
          ]),
      ...(priced.length === 0
        ? [`Cost against score is not drawn: ${why}.`]
        : [
            `Cost against score: mean overall score of each model against what it cost a conversation in US dollars, replies kept from before at what they once cost, the jury not counted (${span(priced.map(({ conversations }) => conversations))} conversations with a known cost a model).${unpriced(estimates)}`,
          ]),
      ...intervalWords(rows),
      ...(rows.some(({ exploratory }) => exploratory)
        ? ['Open marks: exploratory, fewer than 20 images or 4 degrees of freedom.']
        : []),
      missingWords([{ arm: 'full', measure: 'overall' }], estimates),
      ...namesKey(labels),
    ].join(' '),
    alt: `${about.title}: ${[replies.length > 0 ? 'score by replies' : '', priced.length > 0 ? 'cost against score' : ''].filter((part) => part !== '').join('; ')}. The figure’s CSV holds all its numbers. ${banner(estimates)}`,
  }
}

function unpriced({ descriptions }: Estimates): string {
  const count = descriptions.costs.reduce((sum, { nUnpriced }) => sum + nUnpriced, 0)
  return count === 0
    ? ''
    : ` ${counted(count, 'conversation')} without a known cost ${count === 1 ? 'is' : 'are'} left out of costs.`
}

function scoreAxis(rows: readonly Row[], height: number): XyAxis {
  const numbers = rows
    .flatMap(({ score, low, high }) => [score, low ?? score, high ?? score])
    .map((value) => Math.min(5, Math.max(1, value)))
  return linearAxis('Overall score, 1–5', stretch(numbers, { unit: pointUnit, limits: [1, 5] }), pointUnit, height)
}

function marks(rows: readonly Row[], frame: XyFrame, [x, y]: readonly [object, object], field: 'replies' | 'costUsd'): object[] {
  const drawn = rows.map((row) => ({ ...row, fill: row.exploratory ? '#FFFFFF' : colours.blue }))
  return [
    {
      data: { values: drawn.filter(({ low }) => low !== null) },
      transform: cutTo(frame.y, 'low', 'high'),
      mark: { type: 'rule', strokeWidth: 0.75, color: colours.blue, opacity: 0.7 },
      encoding: { x: { ...x, field }, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    },
    {
      data: { values: drawn },
      mark: { type: 'point', shape: 'circle', size: 26, strokeWidth: 1, opacity: 1, stroke: colours.blue },
      encoding: { x: { ...x, field }, y: { ...y, field: 'score' }, fill: { field: 'fill', type: 'nominal', scale: null } },
    },
  ].filter(({ data }) => data.values.length > 0)
}

function byReplies(rows: readonly Row[], width: number, size: FigureSize): View {
  const height = size === 'column' ? 120 : 160
  const most = Math.max(2, ...rows.map(({ replies }) => replies ?? 1))
  const unit = { ...pointUnit, grain: 1, steps: [1, 2, 5, 10], spacing: 14 }
  const x = linearAxis('Replies of the model under test', [1, most], unit, width)
  const frame = { title: 'Score by replies', width, height, left, x, y: scoreAxis(rows, height) }
  return xyPanel(frame, (across, up) => marks(rows, frame, [across, up], 'replies'))
}

function againstCost(
  rows: readonly Row[],
  width: number,
  size: FigureSize,
  order: readonly string[],
): { view: View; labels: PointLabels } {
  const height = size === 'column' ? 150 : 160
  const frame: XyFrame = {
    title: 'Cost against score',
    width,
    height,
    left,
    x: costAxis(rows, width),
    y: scoreAxis(rows, height),
  }
  const points = rows.map(({ label, costUsd, score, low, high }) => ({
    label,
    x: costUsd ?? 0,
    y: score,
    yLow: low,
    yHigh: high,
  }))
  const labels = pointLabels(frame, points, order, false)
  return { labels, view: xyPanel(frame, (x, y) => [...marks(rows, frame, [x, y], 'costUsd'), ...labelLayers(x, y, labels)]) }
}

// Prices of models differ by orders of magnitude: a logarithmic axis with ticks at 1, 2 and 5, where no cost is 0.
function costAxis(rows: readonly Row[], width: number): XyAxis {
  const costs = rows.map(({ costUsd }) => costUsd ?? 0)
  const [low, high] = [Math.min(...costs), Math.max(...costs)]
  const title = 'US dollars a conversation'
  const nice = Array.from({ length: 60 }, (_, index) => Number(`${[1, 2, 5][index % 3]}e${Math.floor(index / 3) - 10}`))
  if (low > 0) {
    const domain = [low / 1.6, high * 1.6] as const
    const inside = nice.filter((value) => value >= domain[0] && value <= domain[1])
    const values = inside.length > 6 ? inside.filter((value) => /^1/u.test(value.toExponential())) : inside
    const axis: XyAxis = { title: `${title} (logarithmic)`, domain, values, format: '~g', kind: 'log' }
    // A label near the end would reach past the figure.
    const reach = (value: number) => placeOn(axis, value, width) + textWidth(String(value), typeSize.label) / 2
    return { ...axis, values: values.filter((value) => reach(value) <= width) }
  }
  const step = nice.find((value) => high / value <= 4) ?? high
  const values = Array.from({ length: Math.floor(high / step) + 1 }, (_, index) => Number((index * step).toPrecision(6)))
  return { title, domain: [-high * 0.05, high * 1.08], values, format: '~g', kind: 'linear' }
}
