import { stringify } from 'csv-stringify/sync'
import { Measure } from './estimate.ts'
import type { Trial } from './trial.ts'

/**
 * The tidy table as CSV (RFC 4180, one header line): a row a trial, missing ones too, with blank cells for what is not
 * known and `missing` saying why. malignant and rare are 1, 0 or blank. A text that a spreadsheet would run as a formula
 * gets a leading apostrophe. `raw` are the same trials with the jury’s own scores when those of `trials` are calibrated: they
 * get columns of their own.
 */
export function trialsCsv(trials: readonly Trial[], raw: readonly Trial[] | null = null): string {
  const records = trials.map((trial, i) => ({
    case: trial.caseId,
    image: trial.image,
    malignant: flag(trial.malignant),
    rare: flag(trial.rare),
    model: trial.model,
    arm: trial.arm,
    repeat: trial.repeat,
    ...Object.fromEntries(Measure.options.map((measure) => [measure, trial.scores[measure].value])),
    ...Object.fromEntries(Measure.options.map((measure) => [`raw_${measure}`, raw?.[i]?.scores[measure].value])),
    missing: trial.missing ?? Measure.options.flatMap((measure) => partMissing(trial, measure)).join('; '),
  }))
  const own = raw === null ? [] : Measure.options.map((measure) => `raw_${measure}`)
  const columns = ['case', 'image', 'malignant', 'rare', 'model', 'arm', 'repeat', ...Measure.options, ...own, 'missing']
  return stringify(records, { header: true, columns, escape_formulas: true })
}

function partMissing(trial: Trial, measure: Measure): string[] {
  const { missing } = trial.scores[measure]
  return missing === null ? [] : [`${measure}: ${missing}`]
}

function flag(value: boolean | null): number | null {
  return value === null ? null : Number(value)
}
