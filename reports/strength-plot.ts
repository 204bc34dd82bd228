import type { Estimates, Measure } from '../analysis/estimate.ts'
import type { Arm } from '../cases/schema.ts'
import { armMarks, armOrder } from './arm-marks.ts'
import { banner } from './banner.ts'
import { canvas, innerWidth, legend, type View, viewGap } from './canvas.ts'
import { behindWords, exploratoryMeaning, intervalWords, missingWords } from './caption.ts'
import { absence, type Figure, type FigureRow, namesKey, rowLabels } from './figure.ts'
import { stretch } from './forest-domain.ts'
import { percent, points } from './format.ts'
import { labelLayers, numberKey, pointLabels } from './labelled-points.ts'
import { leadMeasure, measureWords } from './lead-measure.ts'
import { modelOrder } from './names.ts'
import { pointUnit } from './scale-unit.ts'
import { colours, type FigureSize } from './theme.ts'
import { across, cutTo, guide, linearAxis, type XyFrame, xyPanel } from './xy-panel.ts'

type Interaction = Estimates['comparisons']['interactions'][number]

type Row = FigureRow & {
  panel: string
  arm: Arm
  measure: Measure
  mark: 'model' | 'line'
  model: string | null
  label: string
  strength: number
  benefit: number
  low: number | null
  high: number | null
  interval: string | null
  level: number | null
  exploratory: boolean
  cases: number
  images: number
}

const left = 24

function modelRows(estimates: Estimates, one: Interaction, labels: ReadonlyMap<string | null, string>): Row[] {
  const shared = { panel: armMarks[one.arm].name, arm: one.arm, measure: one.measure, exploratory: one.exploratory }
  const counts = { cases: one.nCases, images: one.nImages }
  const ordered = [...labels].flatMap(([model, label]) =>
    one.points.filter((point) => point.model === model).map((point) => ({ ...point, label })),
  )
  const models = ordered.map(({ model, label, strength, benefit }): Row => {
    const effect = estimates.estimates.find(
      (found) =>
        found.estimand === 'ablation-effect' && found.measure === one.measure && found.arm === one.arm && found.model === model,
    )
    // The effect’s interval belongs to this point only when both rest on the same cases.
    const interval = effect?.value != null && Math.abs(effect.value + benefit) < 1e-9 ? effect.intervals[0] : undefined
    const [low, high] = interval === undefined ? [null, null] : [-interval.high, -interval.low]
    const words = { interval: interval?.method ?? null, level: interval?.level ?? null }
    return { ...shared, mark: 'model', model, label, strength, benefit, low, high, ...words, ...counts }
  })
  const { value } = one
  if (value === null) return models
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length
  const strengths = models.map(({ strength }) => strength)
  const [centre, height] = [mean(strengths), mean(models.map(({ benefit }) => benefit))]
  const ends = [Math.min(...strengths), Math.max(...strengths)].map((strength): Row => {
    const benefit = height + value * (strength - centre)
    const none = { model: null, label: '', low: null, high: null, interval: null, level: null }
    return { ...shared, mark: 'line', ...none, strength, benefit, ...counts }
  })
  return [...models, ...ends]
}

/** Figure of what models lose without image or record against how strong they are: a panel an arm, a point a model, and the line through them. */
export function strengthPlot(estimates: Estimates, size: FigureSize = 'full'): Figure {
  const about = { name: 'strength', title: 'Benefit of image and record against model strength' }
  const found = estimates.comparisons.interactions.filter(({ method }) => method === 'oldham')
  const drawable = (measure: Measure) => found.filter((one) => one.measure === measure && one.points.length >= 2)
  const measure = leadMeasure((wanted) => drawable(wanted).length > 0)
  const kept = drawable(measure)
  const drawn = armOrder(kept.map(({ arm }) => arm)).flatMap((arm) => kept.filter((one) => one.arm === arm))
  if (drawn.length === 0)
    return {
      ...about,
      kind: 'absent',
      sentence: absence('the benefit of the image against model strength (it needs two models and an arm besides full)', found),
    }
  const labels = rowLabels(modelOrder(estimates))
  const rows = drawn.flatMap((one) => modelRows(estimates, one, labels))
  const frames = framesOf(drawn, rows, size)
  const order = [...labels.values()]
  const names = frames.map((frame) => pointLabels(frame, pointsOf(rows, frame.title), order, false))
  const numbered = names.some((one) => one.numbered)
  const panels = frames.map((frame) => panelOf(frame, rows, pointLabels(frame, pointsOf(rows, frame.title), order, numbered)))
  const lines = size === 'full' ? chunks(panels, 3) : panels.map((panel) => [panel])
  const key = numbered ? [[legend(numberKey(order), innerWidth(size), left)]] : []
  return {
    ...about,
    kind: 'drawn',
    rows,
    spec: canvas(size, [...lines, ...key], rows, banner(estimates), viewGap + left),
    caption: [
      `Benefit: mean ${measureWords(measure)} in arm full minus that without image or record, in points, against the mean of both (Oldham’s axis, which does not share its noise with the benefit). Above the dashed zero line: worse without.`,
      ...drawn.map(slopeWords),
      ...intervalWords(rows),
      ...(rows.some(({ exploratory }) => exploratory) ? [`Open marks: ${exploratoryMeaning}.`] : []),
      behindWords(rows),
      missingWords(
        rows.map(({ arm }) => ({ arm, measure })),
        estimates,
      ),
      ...namesKey(labels),
    ].join(' '),
    alt: `Scatter plots, ${about.title}: ${frames.map(({ title }) => title).join(', ')}; ${drawn.map(slopeWords).join(' ')} ${banner(estimates)}`,
  }
}

function slopeWords({ arm, value, interval, reason }: Interaction): string {
  const name = armMarks[arm].name
  if (value === null) return `Arm ${name}: no line (${reason ?? 'no reason is given'}).`
  const ends =
    interval === null
      ? ', no interval'
      : ` (${percent(interval.level)} CR2 t interval ${points(interval.low)} to ${points(interval.high)})`
  return `Arm ${name}: slope ${points(value)}${ends}.`
}

function pointsOf(rows: readonly Row[], panel: string) {
  return rows
    .filter((row) => row.panel === panel && row.mark === 'model')
    .map(({ label, strength, benefit, low, high }) => ({ label, x: strength, y: benefit, yLow: low, yHigh: high }))
}

function framesOf(drawn: readonly Interaction[], rows: readonly Row[], size: FigureSize): XyFrame[] {
  const strengths = stretch(
    rows.map(({ strength }) => strength),
    { unit: pointUnit, limits: [1, 5] },
  )
  const numbers = rows.flatMap(({ benefit, low, high }) => [0, benefit, low ?? benefit, high ?? benefit])
  const up = stretch(
    numbers.map((number) => Math.max(-4, Math.min(4, number))),
    { unit: pointUnit, limits: [-4, 4] },
  )
  const columns = size === 'column' ? 1 : Math.min(3, drawn.length)
  // Half a point less, since the strokes of grid lines reach a quarter of a point past each panel.
  const whole = (innerWidth(size) - 0.5 - left * columns - viewGap * (columns - 1)) / columns
  return drawn.map(({ arm }, index): XyFrame => {
    const width = index % columns === columns - 1 ? whole * columns - Math.floor(whole) * (columns - 1) : Math.floor(whole)
    const height = size === 'column' ? 120 : 150
    const title = armMarks[arm].name
    return {
      title,
      width,
      height,
      left,
      x: linearAxis('Strength, 1–5', strengths, pointUnit, width),
      y: linearAxis('Benefit, points', up, pointUnit, height),
    }
  })
}

function panelOf(frame: XyFrame, rows: readonly Row[], names: ReturnType<typeof pointLabels>): View {
  const of = (mark: Row['mark']) => [
    { filter: { field: 'panel', equal: frame.title } },
    { filter: { field: 'mark', equal: mark } },
  ]
  const look = Object.values(armMarks).find(({ name }) => name === frame.title)
  const open = rows.some(({ panel, exploratory }) => panel === frame.title && exploratory)
  return xyPanel(frame, (x, y) => [
    guide(x, y, [across(frame.x)[0], 0], [across(frame.x)[1], 0]),
    {
      transform: of('line'),
      mark: { type: 'line', strokeWidth: 1, color: look?.colour ?? colours.black },
      encoding: { x: { ...x, field: 'strength' }, y: { ...y, field: 'benefit' } },
    },
    {
      transform: [...of('model'), { filter: 'datum.low !== null' }, ...cutTo(frame.y, 'low', 'high')],
      mark: { type: 'rule', strokeWidth: 0.75, color: look?.colour ?? colours.black, opacity: 0.55 },
      encoding: { x: { ...x, field: 'strength' }, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    },
    {
      transform: of('model'),
      mark: {
        type: 'point',
        shape: look?.shape ?? 'circle',
        size: 26,
        strokeWidth: 1,
        opacity: 1,
        stroke: look?.colour ?? colours.black,
        fill: open ? '#FFFFFF' : (look?.colour ?? colours.black),
      },
      encoding: { x: { ...x, field: 'strength' }, y: { ...y, field: 'benefit' } },
    },
    ...labelLayers(x, y, names),
  ])
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))
}
