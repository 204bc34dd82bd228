import type { Estimates, Exclusion } from '../analysis/estimate.ts'
import { armMarks } from './arm-marks.ts'
import { banner } from './banner.ts'
import { whole } from './format.ts'
import { plainName } from './names.ts'
import { type AbsentTable, count, type PaperTable, words } from './paper-table.ts'
import { exclusionTable } from './tables.ts'

/** What is missing by arm, what and reason, with the count of each model; models in the common order. */
export function missingPaperTable(estimates: Estimates): PaperTable | AbsentTable {
  const data = banner(estimates)
  const rows = exclusionTable(estimates)
  const [name, title] = ['missing', 'Missing data']
  if (rows.length === 0) return { kind: 'absent', name, title, sentence: 'No trial and no score is missing.', data }
  const arms = [...Map.groupBy(rows, ({ arm }) => arm)]
  return {
    kind: 'table',
    name,
    title,
    caption: `Missing trials and scores by arm, what is missing and reason, of ${whole(estimates.trials.planned)} planned trials. None is counted as a score. A missing dimension takes the overall score with it.`,
    columns: [
      { heading: 'Missing', kind: 'text' },
      { heading: 'Reason', kind: 'text' },
      { heading: 'Models (count)', kind: 'text' },
      { heading: 'Together', kind: 'count' },
    ],
    groups: arms.map(([arm, members]) => ({
      heading: `Arm ${armMarks[arm].name}`,
      rows: [...Map.groupBy(members, ({ measure, reason }) => JSON.stringify([measure, reason])).values()].map(merged),
    })),
    notes: [],
    data,
  }
}

function merged(rows: readonly Exclusion[]) {
  const [first] = rows
  const models = rows.map(({ model, count: missing }) => `${plainName(model)} (${whole(missing)})`).join(', ')
  const together = rows.reduce((sum, row) => sum + row.count, 0)
  return {
    average: false,
    cells: [words(first?.measure ?? 'whole trial'), words(plainName(first?.reason ?? '')), words(models), count(whole(together))],
  }
}
