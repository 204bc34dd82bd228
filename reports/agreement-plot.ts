import type { Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { canvas, innerWidth, legend, viewGap } from './canvas.ts'
import { type Figure, type FigureRow, namesKey, rowLabels } from './figure.ts'
import { dimensionPanels } from './forest-figure.ts'
import { listed, points, span } from './format.ts'
import { labelColumn } from './label-column.ts'
import { cellRoom, matrix } from './matrix.ts'
import { heatColours } from './palette.ts'
import { colours, type FigureSize, lineHeight } from './theme.ts'

type Pair = Estimates['jury']['pairs'][number]
type Rater = Pair['a']

type Row = FigureRow & {
  panel: string
  rater: string
  raterKind: string
  other: string
  otherKind: string
  kappa: number | null
  low: number | null
  high: number | null
  conversations: number
  images: number
  reason: string | null
}

const bounds = [0.2, 0.4, 0.6, 0.8]
const boundNames = ['below 0.2', '0.2 to 0.4', '0.4 to 0.6', '0.6 to 0.8', '0.8 and above']
const gapLabel = ' '

function keyOf({ rater, kind }: Rater): string {
  return `${kind} ${rater}`
}

/** Jurors first, clinicians after them, each by name: the raters of any pair. */
function ratersOf(pairs: readonly Pair[]): Rater[] {
  const all = new Map(pairs.flatMap(({ a, b }) => [a, b]).map((rater) => [keyOf(rater), rater]))
  const rank = ({ kind }: Rater) => (kind === 'juror' ? 0 : 1)
  return [...all.values()].sort((a, b) => rank(a) - rank(b) || (a.rater < b.rater ? -1 : 1))
}

/** Figure of how far each two raters agree in arm full: a heat map of quadratic kappas, a panel a dimension, clinicians set apart. */
export function agreementPlot(estimates: Estimates, size: FigureSize = 'full'): Figure {
  const about = { name: 'agreement', title: 'Agreement of raters' }
  const { pairs } = estimates.jury
  const panels = dimensionPanels
    .map(({ measure, title }) => ({ title, pairs: pairs.filter((pair) => pair.dimension === measure) }))
    .filter((panel) => panel.pairs.some(({ quadraticKappa }) => quadraticKappa.value !== null))
  const reasons = [...new Set(pairs.flatMap(({ quadraticKappa }) => quadraticKappa.reason ?? []))]
  if (panels.length === 0)
    return {
      ...about,
      kind: 'absent',
      sentence: `There is no figure of the agreement of raters: no two raters can be compared${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}.`,
    }
  const raters = ratersOf(panels.flatMap((panel) => panel.pairs))
  const numbers = new Map(raters.map((rater, index) => [keyOf(rater), String(index + 1)]))
  const names = rowLabels(
    raters.map(({ rater }) => rater),
    'Rater',
  )
  const words = new Map(raters.map((rater) => [keyOf(rater), `${numbers.get(keyOf(rater))} ${names.get(rater.rater) ?? ''}`]))
  const column = labelColumn([...words.values()], size)
  const perLine = size === 'full' ? 3 : 1
  const widest = Math.floor((innerWidth(size) - column.width - viewGap * (perLine - 1)) / perLine / withGap(raters).length)
  const cellWidth = Math.max(2, Math.min(30, widest))
  const rows = panels.flatMap((panel) => panel.pairs.map((pair) => rowOf(panel.title, pair, raters)))
  const showText = cellWidth >= cellRoom(rows.map(({ kappa }) => (kappa === null ? '–' : points(kappa))))
  const place = (rater: Rater) => column.text.get(words.get(keyOf(rater)) ?? '') ?? ''
  const ordered = withGap(raters)
  const views = panels.map((panel, index) =>
    matrix({
      title: panel.title,
      rows: ordered.map((rater) => (rater === null ? gapLabel : place(rater))),
      columns: columnsOf(panel.pairs, raters).map((rater) => (rater === null ? gapLabel : (numbers.get(keyOf(rater)) ?? ''))),
      cells: panel.pairs.map((pair) => {
        const { kappa } = rowOf(panel.title, pair, raters)
        const [upper, lower] = ranked(pair, raters)
        const step = kappa === null ? -1 : bounds.filter((bound) => kappa >= bound).length
        const text = showText ? (kappa === null ? '–' : points(kappa)) : ''
        return {
          row: place(lower),
          column: numbers.get(keyOf(upper)) ?? '',
          text,
          paint: heatColours[step] ?? '#FFFFFF',
          ink: step >= 3 ? '#FFFFFF' : colours.black,
        }
      }),
      cellWidth,
      cellHeight: column.lines * lineHeight + 6,
      labelColumn: index % perLine === 0 ? column.width : null,
    }),
  )
  const lines = size === 'full' ? [views] : views.map((view) => [view])
  const key = legend(
    boundNames.map((text, index) => ({ text, shape: 'square', fill: heatColours[index] ?? '', stroke: colours.grey })),
    innerWidth(size),
    column.width,
  )
  const clinicians = raters.some(({ kind }) => kind === 'clinician')
  return {
    ...about,
    kind: 'drawn',
    rows,
    spec: canvas(size, [...lines, [key]], [], banner(estimates)),
    caption: [
      'Cohen’s kappa with quadratic weights of each two raters on the conversations of arm full that both scored: 1 full agreement, 0 as by chance. Columns have the numbers of the rows.',
      clinicians ? 'Clinicians stand apart below the jurors.' : 'There are no clinicians’ labels.',
      `Behind each cell: ${span(rows.map(({ conversations }) => conversations))} conversations on ${span(rows.map(({ images }) => images))} images. Intervals (by resampling of images) are in the figure’s CSV.`,
      ...(rows.some(({ kappa }) => kappa === null) ? [`Empty or “–”: no kappa (${reasons.join('; ')}).`] : []),
      ...namesKey(names),
    ].join(' '),
    alt: `Heat map, ${about.title}: ${raters.length} raters, panels ${listed(panels.map(({ title }) => title))}. The figure’s CSV holds all its numbers. ${banner(estimates)}`,
  }
}

function withGap(raters: readonly Rater[]): (Rater | null)[] {
  const jurors = raters.filter(({ kind }) => kind === 'juror')
  const others = raters.filter(({ kind }) => kind !== 'juror')
  return jurors.length === 0 || others.length === 0 ? [...raters] : [...jurors, null, ...others]
}

// Only the raters who stand first in a pair of the panel have a column.
function columnsOf(pairs: readonly Pair[], raters: readonly Rater[]): (Rater | null)[] {
  const first = new Set(pairs.map((pair) => keyOf(ranked(pair, raters)[0])))
  return withGap(raters.filter((rater) => first.has(keyOf(rater))))
}

// The lower triangle: the rater who stands first is the column.
function ranked({ a, b }: Pair, raters: readonly Rater[]): [Rater, Rater] {
  const place = (rater: Rater) => raters.findIndex((one) => keyOf(one) === keyOf(rater))
  return place(a) < place(b) ? [a, b] : [b, a]
}

function rowOf(panel: string, pair: Pair, raters: readonly Rater[]): Row {
  const [upper, lower] = ranked(pair, raters)
  const { value, low, high, reason } = pair.quadraticKappa
  const names = { rater: lower.rater, raterKind: lower.kind, other: upper.rater, otherKind: upper.kind }
  return { panel, ...names, kappa: value, low, high, conversations: pair.nConversations, images: pair.nImages, reason }
}
