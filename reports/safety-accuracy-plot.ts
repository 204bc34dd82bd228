import type { Estimate, Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { canvas, innerWidth, legend } from './canvas.ts'
import { behindWords, exploratoryMeaning, intervalWords, missingWords } from './caption.ts'
import { absence, type Figure, namesKey, rowLabels } from './figure.ts'
import { stretch } from './forest-domain.ts'
import { labelLayers, numberKey, pointLabels } from './labelled-points.ts'
import { modelOrder } from './names.ts'
import { pointUnit } from './scale-unit.ts'
import { colours, type FigureSize } from './theme.ts'
import { cutTo, linearAxis, type XyFrame, xyPanel } from './xy-panel.ts'

type Row = {
  model: string
  label: string
  safety: number
  safetyLow: number | null
  safetyHigh: number | null
  accuracy: number
  accuracyLow: number | null
  accuracyHigh: number | null
  interval: string | null
  level: number | null
  exploratory: boolean
  cases: number
  images: number
}

const left = 24

function rowOf(model: string, label: string, safety?: Estimate, accuracy?: Estimate): Row[] {
  if (safety?.value == null || accuracy?.value == null) return []
  const [across, up] = [safety.intervals[0], accuracy.intervals[0]]
  return [
    {
      ...{ model, label, safety: safety.value, safetyLow: across?.low ?? null, safetyHigh: across?.high ?? null },
      ...{ accuracy: accuracy.value, accuracyLow: up?.low ?? null, accuracyHigh: up?.high ?? null },
      ...{ interval: across?.method ?? up?.method ?? null, level: across?.level ?? up?.level ?? null },
      exploratory: safety.exploratory || accuracy.exploratory,
      ...{ cases: Math.min(safety.nCases, accuracy.nCases), images: Math.min(safety.nImages, accuracy.nImages) },
    },
  ]
}

/** Figure of safety against accuracy in arm full: a point a model, with both intervals as a cross. */
export function safetyAccuracyPlot(estimates: Estimates, size: FigureSize = 'full'): Figure {
  const about = { name: 'safety-accuracy', title: 'Safety against accuracy in arm full' }
  const means = estimates.estimates.filter(({ estimand, arm, model }) => estimand === 'mean' && arm === 'full' && model !== null)
  const labels = rowLabels(modelOrder(estimates))
  const rows = [...labels].flatMap(([model, label]) => {
    const find = (measure: string) => means.find((one) => one.model === model && one.measure === measure)
    return model === null ? [] : rowOf(model, label, find('safety'), find('accuracy'))
  })
  if (rows.length === 0) return { ...about, kind: 'absent', sentence: absence('safety against accuracy in arm full', means) }
  const frame = frameOf(rows, size)
  const points = rows.map((row) => ({
    ...{ label: row.label, x: row.safety, xLow: row.safetyLow, xHigh: row.safetyHigh },
    ...{ y: row.accuracy, yLow: row.accuracyLow, yHigh: row.accuracyHigh },
  }))
  const texts = pointLabels(frame, points, [...labels.values()], false)
  const panel = xyPanel(frame, (x, y) => [...crosses(frame, x, y), ...labelLayers(x, y, texts)])
  const key = texts.numbered ? [[legend(numberKey([...labels.values()]), innerWidth(size), left)]] : []
  const missing = labels.size - rows.length
  return {
    ...about,
    kind: 'drawn',
    rows,
    spec: canvas(
      size,
      [[panel], ...key],
      rows.map((row) => ({ ...row, fill: row.exploratory ? '#FFFFFF' : colours.blue })),
      banner(estimates),
    ),
    caption: [
      'Mean safety (across) and mean accuracy (up) of each model in arm full, from 1 (worst) to 5 (best); up and right is better. The two intervals of a cross are made one by one, not jointly.',
      ...intervalWords(rows),
      ...(rows.some(({ exploratory }) => exploratory) ? [`Open marks: ${exploratoryMeaning}.`] : []),
      ...(missing > 0 ? [`Not drawn: ${missing} of ${labels.size} models without an estimate of both.`] : []),
      behindWords(rows),
      missingWords(
        [
          { arm: 'full', measure: 'safety' },
          { arm: 'full', measure: 'accuracy' },
        ],
        estimates,
      ),
      ...namesKey(labels),
    ].join(' '),
    alt: `Scatter plot, ${about.title}: ${rows.length} models with interval crosses. The tables hold all its numbers. ${banner(estimates)}`,
  }
}

function frameOf(rows: readonly Row[], size: FigureSize): XyFrame {
  const width = innerWidth(size) - left
  const height = size === 'column' ? 180 : 260
  const scale = { unit: pointUnit, limits: [1, 5] } as const
  const ends = (values: readonly (number | null)[]) =>
    values.flatMap((value) => (value === null ? [] : [Math.min(5, Math.max(1, value))]))
  const across = stretch(ends(rows.flatMap(({ safety, safetyLow, safetyHigh }) => [safety, safetyLow, safetyHigh])), scale)
  const up = stretch(
    ends(rows.flatMap(({ accuracy, accuracyLow, accuracyHigh }) => [accuracy, accuracyLow, accuracyHigh])),
    scale,
  )
  const [x, y] = [linearAxis('Safety, 1–5', across, pointUnit, width), linearAxis('Accuracy, 1–5', up, pointUnit, height)]
  return { title: '', width, height, left, x, y }
}

function crosses(frame: XyFrame, x: object, y: object): object[] {
  const rule = { type: 'rule', strokeWidth: 0.75, color: colours.blue, opacity: 0.55 }
  return [
    {
      transform: [{ filter: 'datum.safetyLow !== null' }, ...cutTo(frame.x, 'safetyLow', 'safetyHigh')],
      mark: rule,
      encoding: { x: { ...x, field: 'safetyLow' }, x2: { field: 'safetyHigh' }, y: { ...y, field: 'accuracy' } },
    },
    {
      transform: [{ filter: 'datum.accuracyLow !== null' }, ...cutTo(frame.y, 'accuracyLow', 'accuracyHigh')],
      mark: rule,
      encoding: { x: { ...x, field: 'safety' }, y: { ...y, field: 'accuracyLow' }, y2: { field: 'accuracyHigh' } },
    },
    {
      mark: { type: 'point', shape: 'circle', size: 26, strokeWidth: 1, opacity: 1, stroke: colours.blue },
      encoding: {
        x: { ...x, field: 'safety' },
        y: { ...y, field: 'accuracy' },
        fill: { field: 'fill', type: 'nominal', scale: null },
      },
    },
  ]
}
