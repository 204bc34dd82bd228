import { beforeAll, describe, expect, test } from 'vitest'
import { analyzeRuns, type Experts } from '../../analysis/analyze.ts'
import { fitCalibration } from '../../analysis/calibrate.ts'
import { Estimates } from '../../analysis/estimate.ts'
import type { Calibrated } from '../../analysis/estimate-calibration.ts'
import { readLabels } from '../../analysis/label-files.ts'
import { oneJury } from '../../analysis/one-jury.ts'
import { rowContent } from '../../analysis/row-content.ts'
import { toTrials } from '../../analysis/trials.ts'
import { type Calibration, jurorScores, mapScore } from '../../cases/calibration.ts'
import { judgedStudy, labelsFile, ratingsFor } from './judged-study.ts'
import { type RowSpec, rowsOf } from './rows.ts'

const SETTINGS = { level: 0.95, resamples: 200, seed: 3 }
const LABELS = readLabels([{ file: 'labels.json', text: labelsFile(ratingsFor(20)) }])
const SPECS = judgedStudy(30)

function analysed(specs: readonly RowSpec[], experts: Experts) {
  return analyzeRuns([{ rows: rowsOf(specs), source: 'results.json' }], SETTINGS, () => [], experts)
}

function fittedOn(specs: readonly RowSpec[]): Calibration {
  const contents = rowsOf(specs).map((row, i) => rowContent(row, `row ${i}`))
  const marks = contents.flatMap(({ grade }) => grade?.jury ?? [])
  return fitCalibration(toTrials(contents, 'r.json'), oneJury(marks, 'r.json'), LABELS)
}

const CALIBRATION = fittedOn(SPECS)
const asFile = (calibration: Calibration) => ({ calibration, file: 'calibration.json', sha256: 'f'.repeat(64) })
const withMap = (map: Calibration['dimensions']['safety']['map']): Calibration => {
  const each = { ...CALIBRATION.dimensions.safety, map, severities: null }
  return { ...CALIBRATION, dimensions: { safety: each, accuracy: each, uncertainty: each } }
}

/** The calibrated form of the block. */
function blockOf({ calibrated }: Estimates): Exclude<Calibrated, { status: 'uncalibrated' }> {
  if (calibrated.status === 'uncalibrated') throw new Error('blockOf requires calibrated estimates')
  return calibrated
}

describe('a calibrated analysis', () => {
  let raw: Estimates
  let both: ReturnType<typeof analysed>
  let fixed: Estimates
  beforeAll(() => {
    raw = analysed(SPECS, { labels: null, calibration: null }).estimates
    both = analysed(SPECS, { labels: LABELS, calibration: asFile(CALIBRATION) })
    fixed = analysed(SPECS, { labels: null, calibration: asFile(CALIBRATION) }).estimates
  })

  test('fits its schema and keeps every raw number in the same order beside', () => {
    expect(Estimates.parse(both.estimates)).toEqual(both.estimates)
    expect(raw.raw).toEqual([])
    expect(raw.calibrated).toEqual({ status: 'uncalibrated' })
    expect(both.estimates.raw).toEqual(raw.estimates)
    const name = ({ estimand, measure, model, arm }: Estimates['estimates'][0]) => [estimand, measure, model, arm]
    expect(both.estimates.estimates.map(name)).toEqual(both.estimates.raw.map(name))
  })

  test('scores every trial anew from its votes by the map', () => {
    const { map, severities } = CALIBRATION.dimensions.accuracy
    for (const trial of both.trials) {
      const own = jurorScores(
        trial.votes.filter(({ dimension }) => dimension === 'accuracy'),
        trial.caps,
        'accuracy',
        severities,
      )
      const mean = [...own.values()].reduce((sum, score) => sum + score, 0) / own.size
      expect(trial.scores.accuracy.value).toBeCloseTo(mapScore(map, mean), 12)
    }
    expect(both.raw?.map((trial) => trial.scores.accuracy.value)).not.toEqual(both.trials.map((t) => t.scores.accuracy.value))
  })

  test('its point values are those of the map as given, and only its intervals are refitted', () => {
    expect(both.estimates.estimates.map(({ value }) => value)).toEqual(fixed.estimates.map(({ value }) => value))
    const withInterval = both.estimates.estimates.filter(({ intervals }) => intervals.length > 0)
    // 4 measures × (2 models + average) × (2 means + malignant delta + effect); no case is rare.
    expect(withInterval).toHaveLength(48)
    for (const { intervals } of withInterval) expect(intervals.map(({ method }) => method)).toEqual(['cluster-bca-refit'])
    expect(fixed.estimates.flatMap(({ intervals }) => intervals).some(({ method }) => method === 'cluster-bca-refit')).toBe(false)
  })

  test('says that the error of the calibration is not in the intervals where there are no labels, or others', () => {
    expect(blockOf(both.estimates)).toMatchObject({ status: 'simulated', refitted: true, notRefitted: null })
    expect(blockOf(fixed)).toMatchObject({ refitted: false, transport: [] })
    expect(blockOf(fixed).notRefitted).toMatch(/^no labels were given: .*error of the calibration is not in them$/)
    const others = readLabels([{ file: 'l.json', text: labelsFile(ratingsFor(9)) }])
    const validated = blockOf(analysed(SPECS, { labels: others, calibration: asFile(CALIBRATION) }).estimates)
    expect(validated.notRefitted).toMatch(/^the labels are not those that it was fitted on/)
    expect(validated.transport.length).toBeGreaterThan(0)
    const moved = blockOf(analysed(SPECS, { labels: LABELS, calibration: asFile(withMap({ kind: 'shift', by: 1.2 })) }).estimates)
    expect(moved.notRefitted).toMatch(/^fitted again on the votes of this run it gives another map/)
  })

  test('real raters are named, simulated ones never called clinicians', () => {
    const real = { ...CALIBRATION, simulated: false, labels: { ...CALIBRATION.labels, raters: 'two dermatologists' } }
    const block = blockOf(analysed(SPECS, { labels: null, calibration: asFile(real) }).estimates)
    expect(block).toMatchObject({ status: 'clinicians', raters: 'two dermatologists' })
    expect(both.estimates.labels).toMatchObject({ simulated: true, nRatings: 160 })
  })

  test('the tables of the jury stay those of the jury’s own scores', () => {
    const uncalibrated = analysed(SPECS, { labels: LABELS, calibration: null }).estimates
    expect(both.estimates.jury).toEqual(uncalibrated.jury)
    expect(both.estimates.jury.againstClinicians.length).toBeGreaterThan(0)
  })

  test('transport: on the labelled conversations of the fit the calibrated bias is smaller than the raw one, part by part', () => {
    const rows = blockOf(both.estimates).transport
    const all = rows.filter(({ by, dimension }) => by === 'all' && dimension === 'safety')
    expect(all).toHaveLength(1)
    expect(all[0]?.nConversations).toBe(80)
    expect(Math.abs(all[0]?.calibrated.value as number)).toBeLessThan(Math.abs(all[0]?.raw.value as number))
    const groups = rows.filter(({ dimension }) => dimension === 'safety').map(({ by, group }) => `${by} ${group}`)
    expect(groups).toEqual([
      ...['all all', 'model m1', 'model m2', 'arm full', 'arm no-image'],
      ...['malignancy malignant', 'malignancy not malignant', 'rarity not rare'],
    ])
  })

  test('the other ways of computing a number are calibrated as well: the jurors’ median is explained by the votes', () => {
    const rows = both.estimates.comparisons.sensitivity.filter(({ variant }) => variant === 'median-pool')
    expect(rows.filter(({ reason }) => reason?.includes('do not explain'))).toEqual([])
  })
})

describe('maps that are known', () => {
  test('the identity changes no number beyond the last bits', () => {
    const same = analysed(SPECS, { labels: null, calibration: asFile(withMap({ kind: 'identity' })) }).estimates
    for (const [i, { value, standardError }] of same.estimates.entries()) {
      expect(value).toBeCloseTo(same.raw[i]?.value as number, 9)
      expect(standardError).toBeCloseTo(same.raw[i]?.standardError as number, 9)
    }
  })

  test('a shift within the scale moves means by itself and leaves effects alone', () => {
    const inside = SPECS.filter(({ votes }) => (votes ?? []).every(({ score }) => (score ?? 0) < 5))
    const moved = analysed(inside, { labels: null, calibration: asFile(withMap({ kind: 'shift', by: 0.25 })) }).estimates
    for (const [i, { estimand, value }] of moved.estimates.entries()) {
      const own = moved.raw[i]?.value
      if (own === null || own === undefined) expect(value).toBeNull()
      else expect(value).toBeCloseTo(estimand === 'mean' ? own + 0.25 : own, 9)
    }
  })

  test('scores outside what the labels cover are counted', () => {
    const narrow = withMap({ kind: 'identity' })
    narrow.dimensions.safety = { ...narrow.dimensions.safety, support: { low: 2, high: 3 } }
    const { trials, estimates } = analysed(SPECS, { labels: null, calibration: asFile(narrow) })
    const beyond = trials.filter(({ scores }) => (scores.safety.value as number) < 2 || (scores.safety.value as number) > 3)
    const [safety] = blockOf(estimates).dimensions
    expect(beyond.length).toBeGreaterThan(0)
    expect(safety).toMatchObject({ nScored: 120, nOutside: beyond.length, shareOutside: beyond.length / 120 })
  })
})

describe('a calibration that does not hold is refused', () => {
  test('of another jury, with the differences', () => {
    expect(() => analysed(judgedStudy(30, { revision: '2' }), { labels: null, calibration: asFile(CALIBRATION) })).toThrow(
      /^calibration\.json requires the jury that it was fitted on, got another:\n {2}juror j1, revision: fitted with 1, the run has 2\n/,
    )
  })

  test('with no map at all', () => {
    const calibration = asFile(withMap({ kind: 'none' }))
    expect(() => analysed(SPECS, { labels: null, calibration })).toThrow(/requires a map for at least one dimension/)
  })
})

test('a dimension without a map keeps its own scores while others are mapped', () => {
  const part = withMap({ kind: 'shift', by: 0.5 })
  part.dimensions.safety = { ...part.dimensions.safety, map: { kind: 'none' } }
  const { trials, raw } = analysed(SPECS, { labels: null, calibration: asFile(part) })
  for (const [i, { scores }] of trials.entries())
    expect(scores.safety.value).toBeCloseTo(raw?.[i]?.scores.safety.value as number, 12)
})

test('with missing scores and repeats the refitted numbers stand on the same cases as the others', () => {
  // Every seventh conversation lacks a quorum on one dimension; each conversation is held twice.
  const gaps = [0, 1].flatMap((repeat) =>
    SPECS.map((spec, i): RowSpec => {
      const lost = (['safety', 'accuracy', 'uncertainty'] as const)[i % 3]
      const silent = (i + repeat) % 7 === 0
      const votes = (spec.votes ?? []).map((vote) =>
        silent && vote.dimension === lost && vote.juror !== 'j1' ? { ...vote, score: null } : vote,
      )
      return { ...spec, repeat, votes }
    }),
  )
  const calibration = asFile(fittedOn(gaps))
  const refitted = analysed(gaps, { labels: LABELS, calibration }).estimates
  const fixed = analysed(gaps, { labels: null, calibration }).estimates
  expect(blockOf(refitted).refitted).toBe(true)
  expect(refitted.exclusions.length).toBeGreaterThan(0)
  // A number whose refit on all images were another would be an Error.
  expect(refitted.estimates.map(({ value, nCases, nTrials }) => [value, nCases, nTrials])).toEqual(
    fixed.estimates.map(({ value, nCases, nTrials }) => [value, nCases, nTrials]),
  )
  expect(refitted.estimates.filter(({ intervals }) => intervals[0]?.method === 'cluster-bca-refit').length).toBeGreaterThan(20)
})
