import type { Estimates } from '../analysis/estimate.ts'

/** Whether the scores were mapped to clinicians’ scores by labels of real clinicians. The one place that reads it for words and tables. */
export function juryIsCalibrated({ calibrated }: Pick<Estimates, 'calibrated'>): boolean {
  return calibrated
}
