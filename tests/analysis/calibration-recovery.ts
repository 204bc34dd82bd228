import { fitCalibration } from '../../analysis/calibrate.ts'
import { calibratedBlock, calibratedTrials, refittable } from '../../analysis/calibrated.ts'
import { refittedEstimates } from '../../analysis/calibration-refit.ts'
import type { Study } from '../../analysis/estimands.ts'
import type { Estimate } from '../../analysis/estimate.ts'
import { jurorPreferences } from '../../analysis/juror-preferences.ts'
import { juryData } from '../../analysis/jury-data.ts'
import { resampler } from '../../analysis/resample.ts'
import { scoredEstimates } from '../../analysis/scored-estimates.ts'
import { trialKey } from '../../analysis/trial.ts'
import type { CalibrationMap } from '../../cases/calibration.ts'
import { biasTruth, meanTruth, type SimulatedRun, simulatedRun } from './simulated-jury.ts'

/** How one simulated run was recovered, on safety; errors are against what raters would say on average. */
export type Recovery = {
  kind: CalibrationMap['kind']
  severityRemoved: boolean
  rawError: number
  calibratedError: number
  /** Mean over conversations of score minus truth. */
  rawBias: number
  calibratedBias: number
  /** Whether the interval of the jury’s bias against the raters holds the bias over all conversations that could be drawn. */
  biasHolds: boolean
  /** Whether the interval of the mean over models holds the mean of all conversations that could be drawn. */
  rawHolds: boolean
  fixedHolds: boolean
  refittedHolds: boolean
  refittedWidth: number
  /** Estimated liking of jurors j1 and j2 for models of their own family, against the other jurors. */
  preferences: readonly number[]
}

/** Fits, applies and refits a calibration on one simulated run of 300 conversations with `labelled` of them labelled. */
export function recover(seed: number, labelled: number, resamples: number): Recovery {
  const run = simulatedRun(seed, labelled)
  const calibration = fitCalibration(run.trials, run.jury, run.labels)
  const file = { calibration: { ...calibration, simulated: true }, file: 'calibration.json', sha256: 'f'.repeat(64) }
  const trials = calibratedTrials(run.trials, file, run.jury)
  const rule = { level: 0.95, resamples, seed: 1, draw: resampler(resamples, 1) }
  const common = { models: ['m1', 'm2', 'm3'], arms: ['full' as const], rule }
  const own: Study = { ...common, trials: run.trials, calibrations: null }
  const study: Study = { ...common, trials, calibrations: calibration.dimensions }
  const again = refittable(trials, file, run.labels)
  if (again.notRefitted !== null) throw new Error(`recover requires a calibration that fits again, got: ${again.notRefitted}`)
  const block = calibratedBlock(study, file, run.labels, again)
  const rows = block.status === 'uncalibrated' ? [] : block.transport
  const all = rows.find(({ by, dimension }) => by === 'all' && dimension === 'safety')
  const [fixed] = means(study)
  const [refitted] = refittedEstimates(study, calibration, again.labelled, means(study))
  const [raw] = means(own)
  const { map, severities } = calibration.dimensions.safety
  const [data] = juryData(own, [])
  const preferences = data === undefined ? [] : jurorPreferences(data).flatMap(({ preference }) => preference.value ?? [])
  const [raws, mapped] = [errorsOf(run, run.trials), errorsOf(run, trials)]
  return {
    kind: map.kind,
    severityRemoved: severities !== null,
    rawError: raws.error,
    calibratedError: mapped.error,
    rawBias: raws.bias,
    calibratedBias: mapped.bias,
    biasHolds: all !== undefined && (all.raw.low ?? 9) <= biasTruth() && biasTruth() <= (all.raw.high ?? -9),
    rawHolds: holds(raw),
    fixedHolds: holds(fixed),
    refittedHolds: holds(refitted),
    refittedWidth: widthOf(refitted),
    preferences,
  }
}

function means(study: Study): Estimate[] {
  return scoredEstimates(study).filter((one) => one.estimand === 'mean' && one.measure === 'safety' && one.model === null)
}

function errorsOf({ truth }: SimulatedRun, trials: SimulatedRun['trials']): { error: number; bias: number } {
  const off = trials.map((trial) => (trial.scores.safety.value as number) - (truth.get(trialKey(trial)) as number))
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return { error: Math.sqrt(mean(off.map((one) => one * one))), bias: mean(off) }
}

function holds(estimate: Estimate | undefined): boolean {
  const interval = estimate?.intervals[0]
  return interval !== undefined && interval.low <= meanTruth() && meanTruth() <= interval.high
}

function widthOf(estimate: Estimate | undefined): number {
  const interval = estimate?.intervals[0]
  return interval === undefined ? Number.NaN : interval.high - interval.low
}
