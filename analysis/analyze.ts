import { Arm } from '../cases/schema.ts'
import software from '../package.json' with { type: 'json' }
import { ESTIMANDS } from './estimands.ts'
import { Estimates } from './estimate.ts'
import { countExclusions } from './exclusions.ts'
import { compareText } from './order.ts'
import { resampler } from './resample.ts'
import type { ResultRow } from './results.ts'
import { type RowContent, rowContent } from './row-content.ts'
import type { Trial } from './trial.ts'
import { toTrials } from './trials.ts'

/** How the intervals are made; all three are written into estimates.json. */
export type Settings = { level: number; resamples: number; seed: number }

/** 95 % intervals from 10,000 resamples; the seed is fixed so that equal data give equal bytes. */
export const DEFAULT_SETTINGS: Settings = { level: 0.95, resamples: 10_000, seed: 20260628 }

/**
 * From promptfoo rows to every estimate and the tidy trials behind them. Pure: the same rows in any order, with the same
 * settings, give the same estimates to the bit; they hold no time, run id, path or latency. `source` names the rows' origin in
 * messages only. Rows of two banks or rubrics, rows without our identity, or no scored trial at all are an Error.
 */
export function analyze(
  rows: readonly ResultRow[],
  source: string,
  settings: Settings = DEFAULT_SETTINGS,
): { estimates: Estimates; trials: Trial[] } {
  requireSettings(settings)
  const contents = rows.map((row, index) => rowContent(row, `${source} row ${index + 1}`))
  const bank = theOnly(
    contents.map(({ identity }) => identity.bank),
    'bank',
    source,
  )
  const trials = toTrials(contents, source)
  const exclusions = countExclusions(trials)
  const scored = trials.filter((trial) => trial.missing === null)
  if (scored.length === 0) {
    const reasons = exclusions.map(({ model, arm, reason, count }) => `\n  ${count} × ${model}, ${arm}: ${reason}`)
    throw new Error(`${source} requires at least one scored trial, got 0 of ${trials.length}${reasons.join('')}`)
  }
  const rubrics = contents.flatMap(({ grade }) => grade?.rubric ?? [])
  const rubric = theOnly(rubrics, 'rubric', source)
  const models = sortedUnique(trials.map((trial) => trial.model))
  const arms = Arm.options.filter((arm) => trials.some((trial) => trial.arm === arm))
  const draw = resampler(settings.resamples, settings.seed)
  const study = { trials, models, arms, rule: { level: settings.level, draw } }
  const estimates: Estimates = {
    version: 1,
    software: { name: software.name, version: software.version },
    bank,
    simulated: simulatedParts(contents, trials),
    calibrated: false,
    models,
    arms,
    jurors: sortedUnique(trials.flatMap((trial) => trial.votes.map((vote) => vote.juror))),
    rubric: `${rubric.version} (sha256 ${rubric.sha256.slice(0, 12)})`,
    settings,
    trials: { planned: trials.length, scored: scored.length },
    strata: strataOf(trials),
    estimates: ESTIMANDS.flatMap((estimand) => estimand.estimate(study)),
    exclusions,
  }
  return { estimates: Estimates.parse(estimates), trials }
}

function requireSettings({ level, resamples, seed }: Settings): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`analyze requires a level between 0 and 1, got ${level}`)
  if (!(Number.isInteger(resamples) && resamples >= 1))
    throw new RangeError(`analyze requires at least 1 resample, got ${resamples}`)
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31))
    throw new RangeError(`analyze requires a whole seed from 0 to 2147483647, got ${seed}`)
}

function theOnly<Item extends { sha256: string }>(items: readonly Item[], what: string, source: string): Item {
  const [first, second] = new Map(items.map((item) => [JSON.stringify(item), item])).values()
  if (first === undefined) throw new Error(`${source} requires at least one ${what}, got none`)
  if (second === undefined) return first
  throw new Error(`${source} requires rows of one ${what}, got ${JSON.stringify(first)} and ${JSON.stringify(second)}`)
}

function simulatedParts(contents: readonly RowContent[], trials: readonly Trial[]): Estimates['simulated'] {
  const drawn = new Map<string, number>()
  for (const { identity } of contents) drawn.set(identity.image, Math.max(drawn.get(identity.image) ?? 0, identity.drawnImages))
  return {
    models: sortedUnique(trials.filter((trial) => trial.simulated === true).map((trial) => trial.model)),
    jurors: sortedUnique(trials.flatMap((trial) => trial.votes.filter((vote) => vote.simulated).map((vote) => vote.juror))),
    // A scripted patient is a simulated one; the transcript format knows no other yet.
    patient: contents.some(({ transcript }) => transcript?.patient.mode === 'scripted'),
    drawnImages: [...drawn.values()].reduce((sum, count) => sum + count, 0),
  }
}

function strataOf(trials: readonly Trial[]): Estimates['strata'] {
  const cases = [...new Map(trials.map((trial) => [trial.caseId, trial])).values()]
  const count = (malignant: boolean, rare: boolean) => cases.filter((c) => c.malignant === malignant && c.rare === rare).length
  return {
    malignantRare: count(true, true),
    malignantCommon: count(true, false),
    notMalignantRare: count(false, true),
    notMalignantCommon: count(false, false),
    unknown: cases.filter((c) => c.malignant === null || c.rare === null).length,
  }
}

function sortedUnique(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compareText)
}
