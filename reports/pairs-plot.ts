import type { Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { canvas, innerWidth, legend, viewGap } from './canvas.ts'
import { behindWords, exploratoryMeaning, missingWords } from './caption.ts'
import { type Figure, type FigureRow, namesKey, rowLabels } from './figure.ts'
import { points } from './format.ts'
import { labelColumn } from './label-column.ts'
import { leadMeasure, measureWords } from './lead-measure.ts'
import { cellRoom, matrix } from './matrix.ts'
import { modelOrder } from './names.ts'
import { signColours } from './palette.ts'
import { colours, type FigureSize, lineHeight } from './theme.ts'

type Row = FigureRow & {
  measure: string
  better: string
  other: string
  value: number | null
  low: number | null
  high: number | null
  p: number | null
  pHolm: number | null
  separable: boolean
  exploratory: boolean
  cases: number
  images: number
  reason: string | null
}

const alpha = 0.05

/** Figure of every pair of models in arm full: the mean difference of the column’s model minus the row’s, marked where Holm’s test separates them. */
export function pairsPlot(estimates: Estimates, size: FigureSize = 'full'): Figure {
  const about = { name: 'pairs', title: 'Pairs of models in arm full' }
  const all = estimates.comparisons.pairs
  const measure = leadMeasure((wanted) => all.some((pair) => pair.measure === wanted && pair.value !== null))
  const models = modelOrder(estimates)
  const rows = models.flatMap((better, index) => models.slice(index + 1).flatMap((other) => rowOf(all, measure, better, other)))
  if (rows.every(({ value }) => value === null)) {
    const reasons = [...new Set(rows.flatMap(({ reason }) => reason ?? []))]
    const why =
      models.length < 2
        ? 'there is one model only'
        : reasons.length > 0
          ? reasons.join('; ')
          : 'this run holds no comparison of models'
    return { ...about, kind: 'absent', sentence: `There is no figure of pairs of models: ${why}.` }
  }
  const names = rowLabels(models)
  const number = (model: string) => String(models.indexOf(model) + 1)
  const words = new Map(models.map((model) => [model, `${number(model)} ${names.get(model)}`]))
  const column = labelColumn([...words.values()], size)
  const place = (model: string) => column.text.get(words.get(model) ?? '') ?? ''
  const room = cellRoom(rows.map(textOf))
  const cellWidth = Math.max(
    2,
    Math.min(room + 12, Math.floor((innerWidth(size) - column.width - viewGap) / (models.length - 1))),
  )
  const written = cellWidth >= room
  const cells = rows.map((row) => {
    const paint =
      row.value === null ? '#FFFFFF' : !row.separable ? colours.faint : row.value > 0 ? signColours.above : signColours.below
    return {
      row: place(row.other),
      column: number(row.better),
      paint,
      ink: colours.black,
      text: written ? textOf(row) : row.value === null ? '–' : '',
      sign: signOf(row),
    }
  })
  const view = matrix(
    {
      title: '',
      rows: models.map(place),
      columns: models.slice(0, -1).map(number),
      cells,
      cellWidth,
      cellHeight: column.lines * lineHeight + 5,
      labelColumn: column.width,
    },
    (x, y) => (written ? [] : [signs(x, y)]),
  )
  const square = (text: string, fill: string) => ({ text, shape: 'square', fill, stroke: colours.grey })
  const key = [
    square(written ? 'column’s model better (*)' : 'column’s model better (triangle up)', signColours.above),
    square(written ? 'row’s model better (*)' : 'row’s model better (triangle down)', signColours.below),
    square('not separable', colours.faint),
  ]
  return {
    ...about,
    kind: 'drawn',
    rows,
    spec: canvas(size, [[view], [legend(key, innerWidth(size), column.width)]], [], banner(estimates)),
    caption: [
      `Mean difference in the ${measureWords(measure)} of the column’s model minus the row’s on the same cases of arm full, in points. Columns have the numbers of the rows, best model first. Coloured${written ? ' and marked *' : ', with a triangle up or down'}: separable, p below ${alpha} after Holm over all pairs (two-sided CR2 t test clustered by image); grey: not separable. ${written ? 'Intervals' : 'Numbers and intervals'} are in the figure’s CSV.`,
      ...(rows.some(({ exploratory }) => exploratory) ? [`Some or all pairs are ${exploratoryMeaning}.`] : []),
      ...(rows.some(({ value }) => value === null) ? ['–: no estimate.'] : []),
      behindWords(rows),
      missingWords([{ arm: 'full', measure }], estimates),
      ...namesKey(names),
    ].join(' '),
    alt: `Matrix, ${about.title}: ${models.length} models; ${rows.filter(({ separable }) => separable).length} of ${rows.length} pairs are separable. The figure’s CSV holds all its numbers. ${banner(estimates)}`,
  }
}

function rowOf(pairs: Estimates['comparisons']['pairs'], measure: string, better: string, other: string): Row[] {
  const pair = pairs.find(
    (one) => one.measure === measure && [one.first, one.second].includes(better) && [one.first, one.second].includes(other),
  )
  if (pair === undefined) return []
  const turned = pair.first !== better
  const turn = (value: number | null | undefined) => (value == null ? null : turned ? -value : value)
  const { interval, p, pHolm, exploratory, reason } = pair
  const [low, high] = turned ? [turn(interval?.high), turn(interval?.low)] : [turn(interval?.low), turn(interval?.high)]
  const test = { p, pHolm, separable: pHolm !== null && pHolm < alpha, exploratory }
  return [
    { measure, better, other, value: turn(pair.value), low, high, ...test, cases: pair.nCases, images: pair.nImages, reason },
  ]
}

function textOf({ value, separable }: Row): string {
  return value === null ? '–' : `${points(value)}${separable ? '*' : ''}`
}

function signOf({ value, separable }: Row): string | null {
  return value === null || !separable ? null : value > 0 ? 'triangle-up' : 'triangle-down'
}

function signs(x: object, y: object): object {
  return {
    transform: [{ filter: 'datum.sign !== null' }],
    mark: { type: 'point', filled: true, size: 14, color: colours.black, opacity: 1 },
    encoding: { x, y, shape: { field: 'sign', type: 'nominal', scale: null, legend: null } },
  }
}
