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
    const rater = `${row.kind === 'jury' ? 'jury' : `${row.kind} ${plainName(row.rater)}`} against ${target}`
    const line = (statistic: string, quantity: Quantity): StatisticLine => ({
      dimension: row.dimension,
      rater,
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
  const caption = `Agreement of the jurors, arm full, with ${percent(estimates.settings.level)} intervals: alpha by resampling images, ICC by F, which takes conversations as independent. Agreement is not accuracy: jurors can be wrong together.`
  return linesTable(
    estimates,
    juryLines(estimates),
    'jury',
    'Jury reliability',
    caption,
    'No jury reliability could be computed.',
  )
}

/** The jury against clinicians by dimension and rater. */
export function cliniciansPaperTable(estimates: Estimates): PaperTable | AbsentTable {
  const caption = `Raters against the mean of clinicians on the conversations that both scored, arm full, with ${percent(estimates.settings.level)} intervals by image; errors are rater minus clinicians. Rows of a clinician against the others are the ceiling.`
  const sentence = 'There are no clinicians’ labels in this run: nothing is known of how the jury compares with clinicians.'
  return linesTable(estimates, clinicianLines(estimates), 'jury-clinicians', 'Jury against clinicians', caption, sentence)
}

function linesTable(
  estimates: Estimates,
  lines: readonly StatisticLine[],
  name: string,
  title: string,
  caption: string,
  absence: string,
): PaperTable | AbsentTable {
  const data = banner(estimates)
  if (lines.length === 0) return { kind: 'absent', name, title, sentence: absence, data }
  const reasons = [...new Set(lines.flatMap(({ quantity }) => (quantity.reason === null ? [] : [quantity.reason])))]
  const mark = (reason: string | null) => (reason === null ? [] : [String(reasons.indexOf(reason) + 1)])
  const cell = ({ quantity: { value, low, high, reason } }: StatisticLine): Cell => {
    const plain = plainEstimate(value, low, high)
    return plain.kind === 'estimate' ? { ...plain, marks: mark(reason) } : plain
  }
  const heading = ({ dimension, rater }: StatisticLine) => (rater === null ? dimension : `${dimension}: ${rater}`)
  return {
    kind: 'table',
    name,
    title,
    caption,
    columns: [
      { heading: 'Statistic', kind: 'text' },
      { heading: 'value', kind: 'estimate' },
      { heading: 'Conversations', kind: 'count' },
    ],
    groups: [...Map.groupBy(lines, heading)].map(([of, members]) => ({
      heading: of,
      rows: members.map((line) => ({
        average: false,
        cells: [words(line.statistic), cell(line), count(whole(line.conversations))],
      })),
    })),
    notes: reasons.map((text, index) => ({ mark: String(index + 1), text })),
    data,
  }
}
