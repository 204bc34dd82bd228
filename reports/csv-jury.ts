import { csv } from './csv.ts'
import type { StatisticLine } from './tables-jury.ts'

/** Statistics of the jury as CSV, as in {@link csv}; `rater` is empty where a statistic is of all jurors together. */
export function juryCsv(lines: readonly StatisticLine[], banner: string): string {
  return csv(lines, banner, {
    dimension: (line) => line.dimension,
    rater: (line) => line.rater,
    against: (line) => line.target,
    statistic: (line) => line.statistic,
    value: (line) => line.quantity.value,
    low: (line) => line.quantity.low,
    high: (line) => line.quantity.high,
    conversations: (line) => line.conversations,
    reason: (line) => line.quantity.reason,
  })
}
