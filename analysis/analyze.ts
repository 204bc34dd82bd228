import { createHash } from 'node:crypto'
import { Arm } from '../cases/schema.ts'
import software from '../package.json' with { type: 'json' }
import { type CalibrationFile, calibratedTrials } from './calibrated.ts'
import { type CalibratedBy, calibratedNumbers, uncalibratedNumbers } from './calibrated-numbers.ts'
import { checklistRates } from './checklist-rates.ts'
import type { ClinicianLabel } from './clinician-labels.ts'
import { describeStudy } from './descriptions.ts'
import { contrastsOf, detectableEffects } from './detectable-effects.ts'
import type { Study } from './estimands.ts'
import { Estimates } from './estimate.ts'
import { countExclusions } from './exclusions.ts'
import { juryTables } from './jury.ts'
import { clinicianLabels, type LabelSet, requireSameWords } from './label-files.ts'
import { compareModels } from './model-comparisons.ts'
import { oneJury } from './one-jury.ts'
import { compareText } from './order.ts'
import { NO_PATIENTS, patientsOf } from './patients.ts'
import { resampler } from './resample.ts'
import type { ResultRow } from './results.ts'
import { reviewList } from './review-list.ts'
import { type RowContent, rowContent } from './row-content.ts'
import { subgroupRows } from './subgroup-rows.ts'
import { type Trial, trialKey } from './trial.ts'
import { toTrials } from './trials.ts'

/** How the intervals are made; all three are written into estimates.json. */
export type Settings = { level: number; resamples: number; seed: number }

/** Clinicians’ labels of these trials; none where there are no clinicians. */
export type Labels = (trials: readonly Trial[]) => readonly ClinicianLabel[]

/** What people said of the conversations of a run: files of labels, and a calibration fitted to such labels before. */
export type Experts = { labels: LabelSet | null; calibration: CalibrationFile | null }

const NO_EXPERTS: Experts = { labels: null, calibration: null }

/** 95 % intervals from 10,000 resamples; the seed is fixed so that equal data give equal bytes. */
export const DEFAULT_SETTINGS: Settings = { level: 0.95, resamples: 10_000, seed: 20260628 }

/** Rows of promptfoo from one file or store; `source` names them in messages. */
export type Run = { rows: readonly ResultRow[]; source: string }

/** What an analysis gives: the hand-over file, and the tidy table behind it. */
export type Analysis = {
  estimates: Estimates
  trials: Trial[]
  /** The same trials with the jury’s own scores when `trials` are calibrated, else null. */
  raw: Trial[] | null
}

/** The parts of the hand-over file that do not follow from trials. */
type About = Pick<Estimates, 'source' | 'bank' | 'rubric' | 'simulated' | 'patients' | 'labels'> & { repeated: number }

/** `analyzeRuns` of a single run without clinicians’ labels. */
export function analyze(rows: readonly ResultRow[], source: string, settings: Settings = DEFAULT_SETTINGS): Analysis {
  return analyzeRuns([{ rows, source }], settings)
}

/**
 * From promptfoo rows to every estimate and the tidy trials behind them. Pure: the same rows in any order, with the same
 * settings, give the same estimates to the bit; they hold no time, run id, path or latency. Several runs are merged; a trial
 * that two of them hold is an Error unless they agree. `labels` makes the clinicians’ labels from the trials. Rows of two
 * banks or rubrics, rows without our identity, or no scored trial at all are an Error.
 *
 * With a calibration every score is made anew from raw votes; one of another jury is an Error. With its own labels beside
 * it, the intervals of `estimates` refit it. Labels of trials that are not in the runs are an Error.
 */
export function analyzeRuns(
  runs: readonly Run[],
  settings: Settings = DEFAULT_SETTINGS,
  labels: Labels = noLabels,
  experts: Experts = NO_EXPERTS,
): Analysis {
  const source = runs.map((run) => run.source).join(', ')
  const byRun = runs.map((run) => run.rows.map((row, index) => rowContent(row, `${run.source} row ${index + 1}`)))
  const contents = byRun.flat()
  const bank = theOnly(
    contents.map(({ identity }) => identity.bank),
    'bank',
    source,
  )
  const trials = toTrials(contents, source)
  if (experts.labels !== null) requireSameWords(experts.labels, contents)
  requireScored(trials, source)
  const rubrics = contents.flatMap(({ grade }) => grade?.jury.rubric ?? [])
  const rubric = theOnly(rubrics, 'rubric', source)
  const about: About = {
    source: 'promptfoo',
    repeated: byRun.reduce((sum, rows) => sum + rows.length - new Set(rows.map(rowKey)).size, 0),
    bank,
    rubric: `${rubric.version} (sha256 ${rubric.sha256.slice(0, 12)})`,
    simulated: simulatedParts(contents, trials),
    patients: patientsOf(contents),
    labels: labelsUsed(experts.labels),
  }
  const ratings = experts.labels === null ? labels(trials) : clinicianLabels(experts.labels, trials)
  if (experts.calibration === null) return { estimates: estimatesFrom(trials, about, settings, ratings), trials, raw: null }
  const jury = oneJury(
    contents.flatMap((content) => content.grade?.jury ?? []),
    source,
  )
  const calibrated = calibratedTrials(trials, experts.calibration, jury)
  requireScored(calibrated, source)
  const by = { ...experts, calibration: experts.calibration, trials: calibrated }
  return { estimates: estimatesFrom(trials, about, settings, ratings, by), trials: calibrated, raw: trials }
}

/**
 * The same from trials of a table of ratings by any tool (`readScores`). `name` is what the report calls the cases, such as
 * the table’s file name; their sha256 is of the votes, in any order of the lines. What in such a table is simulated, and by
 * which rubric it was rated, nobody says. No scored trial is an Error.
 */
export function analyzeTable(
  trials: Trial[],
  name: string,
  settings: Settings = DEFAULT_SETTINGS,
  labels: Labels = noLabels,
): Analysis {
  requireScored(trials, name)
  const cases = new Map(trials.map((trial) => [trial.caseId, trial.image]))
  const about: About = {
    source: 'table',
    repeated: 0,
    bank: { name, sha256: votesSha256(trials), cases: cases.size, images: new Set(cases.values()).size },
    rubric: 'not told by the table of scores',
    simulated: { models: [], jurors: [], patient: false, drawnImages: 0 },
    patients: NO_PATIENTS,
    labels: null,
  }
  return { estimates: estimatesFrom(trials, about, settings, labels(trials)), trials, raw: null }
}

function estimatesFrom(
  trials: readonly Trial[],
  about: About,
  settings: Settings,
  labels: readonly ClinicianLabel[],
  by: CalibratedBy | null = null,
): Estimates {
  requireSettings(settings)
  const models = sortedUnique(trials.map((trial) => trial.model))
  const arms = Arm.options.filter((arm) => trials.some((trial) => trial.arm === arm))
  const rule = { ...settings, draw: resampler(settings.resamples, settings.seed) }
  const own: Study = { trials, models, arms, rule, calibrations: null }
  const scored = by === null ? uncalibratedNumbers(own) : calibratedNumbers(own, by)
  const { study, numbers } = scored
  const comparisons = compareModels(study)
  const estimates: Estimates = {
    version: 1,
    software: { name: software.name, version: software.version },
    source: about.source,
    bank: about.bank,
    rubric: about.rubric,
    simulated: about.simulated,
    calibrated: scored.calibrated,
    labels: about.labels,
    models,
    arms,
    jurors: sortedUnique(trials.flatMap((trial) => trial.votes.map((vote) => vote.juror))),
    settings,
    trials: {
      planned: trials.length,
      scored: study.trials.filter((trial) => trial.missing === null).length,
      repeated: about.repeated,
      cases: new Set(trials.map((trial) => trial.caseId)).size,
      images: new Set(trials.map((trial) => trial.image)).size,
    },
    strata: strataOf(trials),
    estimates: scored.estimates,
    raw: scored.raw,
    comparisons,
    jury: juryTables(own, labels),
    review: reviewList(trials),
    rates: checklistRates(study),
    subgroups: subgroupRows(study),
    detectable: detectableEffects(contrastsOf(numbers, comparisons.pairs), settings.level),
    patients: about.patients,
    descriptions: describeStudy(study, labels),
    exclusions: countExclusions(study.trials),
  }
  return Estimates.parse(estimates)
}

function labelsUsed(labels: LabelSet | null): Estimates['labels'] {
  if (labels === null) return null
  return { sha256: labels.sha256, simulated: labels.simulated, raters: labels.raters, nRatings: labels.ratings.length }
}

function noLabels(): readonly ClinicianLabel[] {
  return []
}

function requireScored(trials: readonly Trial[], source: string): void {
  if (trials.some((trial) => trial.missing === null)) return
  const reasons = countExclusions(trials).map(({ model, arm, reason, count }) => `\n  ${count} × ${model}, ${arm}: ${reason}`)
  throw new Error(`${source} requires at least one scored trial, got 0 of ${trials.length}${reasons.join('')}`)
}

function votesSha256(trials: readonly Trial[]): string {
  const hash = createHash('sha256')
  for (const { caseId, image, malignant, rare, model, arm, repeat, votes } of trials) {
    const scores = votes.map(({ juror, dimension, score }) => [juror, dimension, score])
    hash.update(JSON.stringify([caseId, image, malignant, rare, model, arm, repeat, scores]))
  }
  return hash.digest('hex')
}

function requireSettings({ level, resamples, seed }: Settings): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`analyze requires a level between 0 and 1, got ${level}`)
  if (!(Number.isInteger(resamples) && resamples >= 1))
    throw new RangeError(`analyze requires at least 1 resample, got ${resamples}`)
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31))
    throw new RangeError(`analyze requires a whole seed from 0 to 2147483647, got ${seed}`)
}

function rowKey({ identity, arm, model }: RowContent): string {
  return trialKey({ caseId: identity.caseId, repeat: identity.repeat, arm, model })
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
    // Rules that answer for the patient; models that do are told in `patients`.
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
