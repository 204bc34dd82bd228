import { type CalibrationFile, calibratedBlock, refittable } from './calibrated.ts'
import { refittedEstimates } from './calibration-refit.ts'
import type { Study } from './estimands.ts'
import type { Estimates } from './estimate.ts'
import type { LabelSet } from './label-files.ts'
import { scoredEstimates } from './scored-estimates.ts'
import type { Trial } from './trial.ts'

/** The calibrated trials, what they were calibrated with, and the labels beside it. */
export type CalibratedBy = { trials: readonly Trial[]; calibration: CalibrationFile; labels: LabelSet | null }

/**
 * The means, deltas and effects of a study with the study on which they stand. `numbers` take the calibration as given, for
 * what needs degrees of freedom; `estimates` are those of the report, which carry its error where they can.
 */
export type ScoredStudy = Pick<Estimates, 'calibrated' | 'estimates' | 'raw'> & { study: Study; numbers: Estimates['estimates'] }

/** The numbers of the jury’s own scores. */
export function uncalibratedNumbers(study: Study): ScoredStudy {
  const numbers = scoredEstimates(study)
  return { study, numbers, estimates: numbers, raw: [], calibrated: { status: 'uncalibrated' } }
}

/** The numbers of calibrated scores, with those of the jury’s own scores, on which `own` stands, as `raw`. */
export function calibratedNumbers(own: Study, { trials, calibration: file, labels }: CalibratedBy): ScoredStudy {
  const { calibration } = file
  const study: Study = { ...own, trials, calibrations: calibration.dimensions }
  const numbers = scoredEstimates(study)
  const again = refittable(trials, file, labels)
  return {
    study,
    numbers,
    estimates: again.notRefitted === null ? refittedEstimates(study, calibration, again.labelled, numbers) : numbers,
    raw: scoredEstimates(own),
    calibrated: calibratedBlock(study, file, labels, again),
  }
}
