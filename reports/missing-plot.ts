import type { Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { canvas, innerWidth, legend, viewGap } from './canvas.ts'
import { type Figure, type FigureRow, namesKey, rowLabels } from './figure.ts'
import { counted, whole } from './format.ts'
import { labelColumn } from './label-column.ts'
import { cellRoom, matrix } from './matrix.ts'
import { modelOrder, plainName } from './names.ts'
import { heatColours } from './palette.ts'
import { colours, type FigureSize, lineHeight } from './theme.ts'

type Row = FigureRow & { model: string; label: string; missing: string; reason: string; count: number }

const mostReasons = 8
const other = 'other reasons'

/** Figure of what is missing, over all arms: a heat map of counts by model and reason, the most frequent reasons first. */
export function missingPlot(estimates: Estimates, size: FigureSize = 'full'): Figure {
  const about = { name: 'missing', title: 'Missing data' }
  // A missing dimension takes the overall score with it; it is one score that is missing, not two.
  const exclusions = estimates.exclusions.filter(({ measure }) => measure !== 'overall')
  if (exclusions.length === 0)
    return { ...about, kind: 'absent', sentence: 'There is no figure of missing data: nothing is missing.' }
  const models = modelOrder({ ...estimates, models: [...estimates.models, ...exclusions.map(({ model }) => model)] })
  const labels = rowLabels(models)
  const totals = new Map<string, number>()
  for (const one of exclusions) totals.set(reasonOf(one), (totals.get(reasonOf(one)) ?? 0) + one.count)
  const ordered = [...totals].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([reason]) => reason)
  const shown = ordered.length > mostReasons ? [...ordered.slice(0, mostReasons - 1), other] : ordered
  const columnOf = (reason: string) => (shown.includes(reason) ? reason : other)
  const rows = models.flatMap((model) =>
    shown.flatMap((reason): Row[] => {
      const same = exclusions.filter((one) => one.model === model && columnOf(reasonOf(one)) === reason)
      const count = same.reduce((sum, one) => sum + one.count, 0)
      const kinds = new Set(same.map(({ measure }) => (measure === null ? 'whole trials' : 'single scores')))
      return [
        {
          model,
          label: labels.get(model) ?? model,
          missing: kinds.size === 0 ? '' : [...kinds].sort().join(' and '),
          reason,
          count,
        },
      ]
    }),
  )
  const column = labelColumn([...labels.values()], size)
  const letter = (reason: string) => String.fromCharCode(65 + shown.indexOf(reason))
  const most = Math.max(...rows.map(({ count }) => count))
  const room = cellRoom(rows.map(({ count }) => whole(count)))
  const cellWidth = Math.min(Math.max(room, 30), Math.floor((innerWidth(size) - column.width - viewGap) / shown.length))
  const view = matrix({
    title: '',
    rows: models.map((model) => column.text.get(labels.get(model) ?? '') ?? ''),
    columns: shown.map(letter),
    cells: rows.map(({ label, reason, count }) => {
      const step = count === 0 ? -1 : Math.min(4, Math.floor((count / most) * 5))
      const look = {
        paint: heatColours[step] ?? '#FFFFFF',
        ink: step >= 3 ? '#FFFFFF' : count === 0 ? colours.grey : colours.black,
      }
      return { row: column.text.get(label) ?? label, column: letter(reason), text: whole(count), ...look }
    }),
    cellWidth,
    cellHeight: column.lines * lineHeight + 5,
    labelColumn: column.width,
  })
  const key = legend(
    shown.map((reason) => ({ key: letter(reason), text: reason })),
    innerWidth(size),
    column.width,
  )
  const trials = exclusions.filter(({ measure }) => measure === null).reduce((sum, { count }) => sum + count, 0)
  const scores = exclusions.filter(({ measure }) => measure !== null).reduce((sum, { count }) => sum + count, 0)
  return {
    ...about,
    kind: 'drawn',
    rows,
    spec: canvas(size, [[view], [key]], [], banner(estimates)),
    caption: [
      `What is missing over all arms, by model and reason: ${counted(trials, 'whole trial')} of ${whole(estimates.trials.planned)} planned, and ${counted(scores, 'single score')} of other trials. Darker: more. A missing trial or score is left out of every mean, never counted as a low score.`,
      ...(shown.includes(other)
        ? [`“${other}” adds up ${ordered.length - mostReasons + 1} rarer ones; the table of missing data names them.`]
        : []),
      `Run on ${counted(estimates.trials.cases, 'case')} and ${counted(estimates.trials.images, 'image')}.`,
      ...namesKey(labels),
    ].join(' '),
    alt: `Heat map, ${about.title}: ${models.length} models, ${shown.length} reasons. The figure’s CSV holds all its numbers. ${banner(estimates)}`,
  }
}

function reasonOf({ measure, reason }: Estimates['exclusions'][number]): string {
  return measure === null ? plainName(reason) : `no score of ${measure}: ${plainName(reason)}`
}
