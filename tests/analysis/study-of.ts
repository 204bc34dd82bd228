import type { Study } from '../../analysis/estimands.ts'
import { resampler } from '../../analysis/resample.ts'
import { rowContent } from '../../analysis/row-content.ts'
import { toTrials } from '../../analysis/trials.ts'
import { Arm } from '../../cases/schema.ts'
import { type RowSpec, rowsOf } from './rows.ts'

/** The study that rows make, at level 0.95, for tests of one section of the analysis. */
export function studyOf(specs: readonly RowSpec[]): Study {
  const contents = rowsOf(specs).map((row, i) => rowContent(row, `row ${i + 1}`))
  const trials = toTrials(contents, 'results.json')
  return {
    trials,
    models: [...new Set(trials.map((trial) => trial.model))].sort(),
    arms: Arm.options.filter((arm) => trials.some((trial) => trial.arm === arm)),
    rule: { level: 0.95, resamples: 50, seed: 1, draw: resampler(50, 1) },
    calibrations: null,
  }
}
