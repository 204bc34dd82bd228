import type { Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { canvas, innerWidth, legend, type View, viewGap } from './canvas.ts'
import type { Figure, FigureRow } from './figure.ts'
import { dimensionPanels } from './forest-figure.ts'
import { counted, percent, points } from './format.ts'
import { pointUnit } from './scale-unit.ts'
import { colours, type FigureSize } from './theme.ts'
import { across, guide, linearAxis, type XyFrame, xyPanel } from './xy-panel.ts'

type Row = FigureRow & {
  panel: string
  mark: 'conversations' | 'isotonic map' | 'bias' | 'lower limit' | 'upper limit'
  jury: number | null
  clinicians: number | null
  difference: number | null
  conversations: number | null
}

type Panel = (typeof dimensionPanels)[number] & {
  rows: Row[]
  against: Estimates['jury']['againstClinicians'][number] | undefined
}

const left = 24
const blueMark = { shape: 'circle', fill: colours.blue, stroke: colours.blue }

function panelRows({ descriptions, jury }: Estimates, { measure, title }: (typeof dimensionPanels)[number]): Row[] {
  const bubbles = descriptions.scorePoints
    .filter(({ dimension }) => dimension === measure)
    .map((one): Row => {
      const { jury: score, clinicians, nConversations } = one
      return {
        panel: title,
        mark: 'conversations',
        jury: score,
        clinicians,
        difference: score - clinicians,
        conversations: nConversations,
      }
    })
  if (bubbles.length === 0) return []
  const map = jury.calibration.find(({ dimension, candidate }) => dimension === measure && candidate === 'isotonic')?.isotonic
  const steps = (map?.knots ?? []).map((knot, index): Row => {
    const fitted = map?.fitted[index] ?? null
    return { panel: title, mark: 'isotonic map', jury: knot, clinicians: fitted, difference: null, conversations: null }
  })
  const against = againstAll(jury, measure)
  const line = (mark: Row['mark'], difference: number | null | undefined): Row[] =>
    difference == null ? [] : [{ panel: title, mark, jury: null, clinicians: null, difference, conversations: null }]
  const limits = against?.limitsOfAgreement
  return [
    ...bubbles,
    ...steps,
    ...line('bias', against?.bias.value),
    ...line('lower limit', limits?.low.value),
    ...line('upper limit', limits?.high.value),
  ]
}

function againstAll(jury: Estimates['jury'], measure: string) {
  return jury.againstClinicians.find(
    ({ dimension, kind, leftOut }) => dimension === measure && kind === 'jury' && leftOut === null,
  )
}

/** Figure of the jury’s scores against the clinicians’: bubbles, identity line, isotonic map, and a strip of the differences. */
export function juryCliniciansPlot(estimates: Estimates, size: FigureSize = 'full'): Figure {
  const about = { name: 'jury-clinicians', title: 'Jury against clinicians' }
  const panels = dimensionPanels
    .map((one): Panel => ({ ...one, rows: panelRows(estimates, one), against: againstAll(estimates.jury, one.measure) }))
    .filter(({ rows }) => rows.length > 0)
  if (panels.length === 0)
    return {
      ...about,
      kind: 'absent',
      sentence: 'There is no figure of the jury against clinicians: this run has no clinicians’ labels of scored conversations.',
    }
  const rows = panels.flatMap((panel) => panel.rows)
  const most = Math.max(...rows.map(({ conversations }) => conversations ?? 0))
  const lines = panels.flatMap((panel) => {
    const [main, strip] = views(panel, size, most)
    return size === 'full' ? [[main, strip]] : [[main], [strip]]
  })
  const key = [
    { text: 'conversations (area: how many)', ...blueMark },
    { text: 'isotonic map', shape: 'stroke', fill: colours.vermilion, stroke: colours.vermilion },
    { text: 'identity, zero (dashed)', shape: 'stroke', fill: colours.grey, stroke: colours.grey },
    { text: 'bias', shape: 'stroke', fill: colours.black, stroke: colours.black },
  ]
  return {
    ...about,
    kind: 'drawn',
    rows,
    spec: canvas(size, [[legend(key, innerWidth(size), left)], ...lines], [], banner(estimates), viewGap + left),
    caption: [
      `Pooled score of the jury (across) against the mean score of the clinicians (up) of the same conversations in arm full. The largest bubble stands for ${counted(most, 'conversation')}. Solid line: isotonic map, straight between its knots, from the jury to clinicians, fitted to these conversations for this figure only; it calibrates nothing. Strip: jury minus clinicians, with the bias (solid) and the limits of agreement, bias ± 1.96 standard deviations (dotted).`,
      ...panels.map(words),
    ].join(' '),
    alt: `Bubble plots, ${about.title}: ${panels.map(words).join(' ')} ${banner(estimates)}`,
  }
}

function words({ title, against, rows }: Panel): string {
  const n = rows.reduce((sum, { conversations }) => sum + (conversations ?? 0), 0)
  if (against === undefined || against.bias.value === null) return `${title}: ${counted(n, 'conversation')}.`
  const { value, low, high } = against.bias
  const ends =
    low === null || high === null ? 'no interval' : `CR2 t interval clustered by image ${points(low)} to ${points(high)}`
  const agreed =
    against.exactAgreement.value === null ? '' : `, same level in ${percent(Number(against.exactAgreement.value.toFixed(2)))}`
  return `${title}: ${counted(n, 'conversation')} of ${counted(against.nCases, 'case')} on ${counted(against.nImages, 'image')}; bias ${points(value)} (${ends})${agreed}.`
}

function views({ title, rows }: Panel, size: FigureSize, most: number): [View, View] {
  const whole = size === 'column' ? innerWidth(size) - left : innerWidth(size) - 2 * left - viewGap
  const width = size === 'column' ? whole : Math.floor(whole / 2)
  const height = size === 'column' ? 170 : 180
  const axis = (words: string, room: number) => linearAxis(words, [1, 5], { ...pointUnit, steps: [1] }, room)
  const main: XyFrame = { title, width, height, left, x: axis('Jury, 1–5', width), y: axis('Clinicians, 1–5', height) }
  const far = Math.ceil(Math.max(1, ...rows.map(({ difference }) => Math.abs(difference ?? 0))))
  const stripHeight = size === 'column' ? 80 : height
  const stripWidth = size === 'column' ? whole : whole - width
  const up = linearAxis('Jury − clinicians, points', [-far, far], { ...pointUnit, steps: [1, 2] }, stripHeight)
  const strip: XyFrame = {
    title: size === 'column' ? '' : `${title}: differences`,
    width: stripWidth,
    height: stripHeight,
    left,
    x: axis('Jury, 1–5', stripWidth),
    y: up,
  }
  const bubbles = rows.filter(({ mark }) => mark === 'conversations')
  const steps = rows.filter(({ mark }) => mark === 'isotonic map')
  const flat = rows.filter(({ jury }) => jury === null)
  const largest = 110
  const bubble = (x: object, y: object, field: string) => ({
    data: { values: bubbles },
    mark: { type: 'point', shape: 'circle', filled: true, color: colours.blue, opacity: 0.55, strokeWidth: 0 },
    encoding: {
      x: { ...x, field: 'jury' },
      y: { ...y, field },
      size: {
        field: 'conversations',
        type: 'quantitative',
        scale: { type: 'linear', domain: [0, most], range: [0, largest], zero: true },
        legend: null,
      },
    },
  })
  return [
    xyPanel(main, (x, y) => [
      guide(x, y, [1, 1], [5, 5]),
      bubble(x, y, 'clinicians'),
      ...(steps.length === 0
        ? []
        : [
            {
              data: { values: steps },
              mark: { type: 'line', interpolate: 'linear', strokeWidth: 1.25, color: colours.vermilion },
              encoding: { x: { ...x, field: 'jury' }, y: { ...y, field: 'clinicians' } },
            },
          ]),
    ]),
    xyPanel(strip, (x, y) => [
      guide(x, y, [across(strip.x)[0], 0], [across(strip.x)[1], 0]),
      bubble(x, y, 'difference'),
      ...flat.map((row) => ({
        data: { values: [row] },
        mark: { type: 'rule', strokeWidth: 1, color: colours.black, ...(row.mark === 'bias' ? {} : { strokeDash: [1, 2] }) },
        encoding: { y: { ...y, field: 'difference' }, x: { ...x, datum: across(strip.x)[0] }, x2: { datum: across(strip.x)[1] } },
      })),
    ]),
  ]
}
