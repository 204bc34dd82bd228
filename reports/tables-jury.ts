import type { Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { percent, whole } from './format.ts'
import { plainName } from './names.ts'
import { type AbsentTable, type Cell, count, type PaperTable, plainEstimate, words } from './paper-table.ts'

type Quantity = { value: number | null; low: number | null; high: number | null; reason: string | null }
/** A statistic of raters on one dimension; `rater` is null where it is of all jurors together. */
export type StatisticLine = {
  dimension: string
  rater: string | null
  /** The clinicians that a rater is compared with, null where there is no such comparison. */
  target: string | null
  statistic: string
  conversations: number
  quantity: Quantity
}

/** How far the jurors agree, a row per dimension and statistic. */
export function juryLines({ jury }: Estimates): StatisticLine[] {
  return jury.reliability.flatMap((row) => {
    const line = (statistic: string, conversations: number, quantity: Quantity): StatisticLine => ({
      dimension: row.dimension,
      rater: null,
      target: null,
      statistic,
      conversations,
      quantity,
    })
    const icc = (form: '2,1' | '2,k') => row.icc.filter((one) => one.form === form)
    return [
      line('Krippendorff’s alpha, ordinal', row.nConversations, row.alphaOrdinal),
      ...icc('2,1').map((one) => line('ICC(2,1), one juror', row.nComplete, one)),
      ...icc('2,k').map((one) => line('ICC(2,k), mean of the jurors', row.nComplete, one)),
      line('Fleiss’ kappa', row.nComplete, row.fleissKappa),
      line('Kendall’s W', row.nComplete, row.kendallW),
    ]
  })
}

/** The jury, its jurors and a clinician left out against the clinicians, a row per dimension, rater and statistic. */
export function clinicianLines({ jury }: Estimates): StatisticLine[] {
  return jury.againstClinicians.flatMap((row) => {
    const target = row.leftOut === null ? 'all clinicians' : `clinicians but ${plainName(row.leftOut)}`
    const rater = row.kind === 'jury' ? 'jury' : `${row.kind} ${plainName(row.rater)}`
    const line = (statistic: string, quantity: Quantity): StatisticLine => ({
      dimension: row.dimension,
      rater,
      target,
      statistic,
      conversations: row.nConversations,
      quantity,
    })
    return [
      line('bias', row.bias),
      line('mean absolute error', row.meanAbsoluteError),
      line('root mean square error', row.rootMeanSquareError),
      line('concordance (Lin)', row.concordance),
    ]
  })
}

/** Jury reliability by dimension. */
export function juryPaperTable(estimates: Estimates): PaperTable | AbsentTable {
  const [name, title, data] = ['jury', 'Jury reliability', banner(estimates)]
  const lines = juryLines(estimates)
  if (lines.length === 0) return { kind: 'absent', name, title, sentence: 'No jury reliability could be computed.', data }
  const { cell, notes } = reasonCells(lines)
  return {
    kind: 'table',
    name,
    title,
    caption: `Agreement of the jurors, arm full, with ${percent(estimates.settings.level)} intervals: alpha by resampling images, ICC by F, which takes conversations as independent. Agreement is not accuracy: jurors can be wrong together.`,
    columns: [
      { heading: 'Statistic', kind: 'text' },
      { heading: 'value', kind: 'estimate' },
      { heading: 'Conversations', kind: 'count' },
    ],
    groups: [...Map.groupBy(lines, ({ dimension }) => dimension)].map(([heading, members]) => ({
      heading,
      rows: members.map((line) => ({
        average: false,
        cells: [words(line.statistic), cell(line), count(whole(line.conversations))],
      })),
    })),
    notes,
    data,
  }
}

/** The jury against clinicians: a row per rater, a column per statistic, grouped by dimension and target. */
export function cliniciansPaperTable(estimates: Estimates): PaperTable | AbsentTable {
  const [name, title, data] = ['jury-clinicians', 'Jury against clinicians', banner(estimates)]
  const lines = clinicianLines(estimates)
  if (lines.length === 0) {
    const sentence = 'There are no clinicians’ labels in this run: nothing is known of how the jury compares with clinicians.'
    return { kind: 'absent', name, title, sentence, data }
  }
  const { cell, notes } = reasonCells(lines)
  const heads = [...new Set(lines.map(({ statistic }) => statistic))]
  const groups = [...Map.groupBy(lines, ({ dimension, target }) => `${dimension}, against ${target ?? ''}`)]
  return {
    kind: 'table',
    name,
    title,
    caption: `Raters against the mean of clinicians on the conversations that both scored, arm full, with ${percent(estimates.settings.level)} intervals by image; errors are rater minus clinicians. A row of a clinician against the others is the ceiling.`,
    columns: [
      { heading: 'Rater', kind: 'text' },
      ...heads.map((heading) => ({ heading, kind: 'estimate' as const })),
      { heading: 'Conversations', kind: 'count' },
    ],
    groups: groups.map(([heading, members]) => ({
      heading,
      rows: [...Map.groupBy(members, ({ rater }) => rater)].map(([rater, of]) => ({
        average: false,
        cells: [words(rater ?? ''), ...of.map(cell), count(whole(of[0]?.conversations ?? 0))],
      })),
    })),
    notes,
    data,
  }
}

/** Cells of lines, each reason once as a numbered note. */
function reasonCells(lines: readonly StatisticLine[]): { cell: (line: StatisticLine) => Cell; notes: PaperTable['notes'] } {
  const reasons = [...new Set(lines.flatMap(({ quantity }) => (quantity.reason === null ? [] : [quantity.reason])))]
  const cell = ({ quantity: { value, low, high, reason } }: StatisticLine): Cell => ({
    ...plainEstimate(value, low, high),
    marks: reason === null ? [] : [String(reasons.indexOf(reason) + 1)],
  })
  return { cell, notes: reasons.map((text, index) => ({ mark: String(index + 1), text })) }
}
