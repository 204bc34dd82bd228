import { stringify } from 'csv-stringify/sync'
import type { Exclusion } from '../analysis/estimate.ts'
import type { EstimateRow } from './tables.ts'

type CsvCell = string | number | boolean | null

/**
 * Rows as CSV: a header, commas, line feeds, UTF-8, numbers at full precision, nothing for a missing value. The first
 * column, `data`, holds the banner in every row. A text that a spreadsheet would run as a formula (it begins with = + - @,
 * tab or carriage return) gets a leading apostrophe; numbers stay numbers. `columns` maps column names to values, in order.
 * No rows give the header alone.
 */
export function csv<Row>(rows: readonly Row[], banner: string, columns: Readonly<Record<string, (row: Row) => CsvCell>>): string {
  const cells = rows.map((row) => [banner, ...Object.values(columns).map((column) => column(row))])
  return stringify([['data', ...Object.keys(columns)], ...cells], {
    escape_formulas: true,
    cast: { boolean: (value) => (value ? 'yes' : 'no') },
  })
}

function scope({ model }: { model: string | null }): string {
  return model === null ? 'average of models' : 'model'
}

/** A table of estimates as CSV, both intervals beside each other. */
export function estimateCsv(rows: readonly EstimateRow[], banner: string): string {
  return csv(rows, banner, {
    estimand: (row) => row.estimand,
    measure: (row) => row.measure,
    arm: (row) => row.arm,
    scope,
    model: (row) => row.model,
    value: (row) => row.value,
    standard_error: (row) => row.standardError,
    df: (row) => row.df,
    cr2_low: (row) => row.cr2Low,
    cr2_high: (row) => row.cr2High,
    bca_low: (row) => row.bcaLow,
    bca_high: (row) => row.bcaHigh,
    level: (row) => row.level,
    cases: (row) => row.cases,
    cases_left_out: (row) => row.casesLeftOut,
    images: (row) => row.images,
    trials: (row) => row.trials,
    flagged_cases: (row) => row.flagged,
    unflagged_cases: (row) => row.unflagged,
    flag: (row) => row.flag,
    reason: (row) => row.reason,
  })
}

/** What is missing, as CSV; without any exclusion one row says so with count 0, so that the banner is there. */
export function exclusionCsv(rows: readonly Exclusion[], banner: string): string {
  const none = { model: null, arm: null, measure: null, reason: 'nothing is missing', count: 0 }
  return csv<Omit<Exclusion, 'model' | 'arm'> & { model: string | null; arm: string | null }>(
    rows.length > 0 ? rows : [none],
    banner,
    {
      model: (row) => row.model,
      arm: (row) => row.arm,
      missing: (row) => row.measure ?? (row.count === 0 ? null : 'whole trial'),
      reason: (row) => row.reason,
      count: (row) => row.count,
    },
  )
}
