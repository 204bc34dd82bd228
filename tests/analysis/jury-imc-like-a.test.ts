import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { readClinicians } from '../../analysis/clinicians-csv.ts'
import { JuryTables } from '../../analysis/estimate-jury.ts'
import { juryTables } from '../../analysis/jury.ts'
import { resampler } from '../../analysis/resample.ts'
import { readScores } from '../../analysis/scores-csv.ts'
import { hasReference, readReference, referencePath } from './reference.ts'

type Candidate = { rmse_leave_one_image_out: number }
type Reference = {
  expected: {
    reliability: {
      alpha_ordinal: number
      alpha_leave_one_juror_out: Record<string, number>
      icc: { complete_rows: number; ICC2_1: number; ICC2_k: number; ICC3_1: number; ICC3_k: number }
      qwk_pairs: Record<string, number>
      juror_mean: Record<string, number>
      severity_vs_jury_mean: Record<string, number>
      clinician_qwk: number
      juror_vs_clin1_qwk: Record<string, number>
      juror_vs_clin2_qwk: Record<string, number>
      jury_vs_gold: Record<'n' | 'bias' | 'mae' | 'rmse' | 'pearson' | 'spearman' | 'ccc', number>
    }
    calibration: {
      isotonic: Candidate & { knots: number[]; fitted: number[]; rmse_in: number; bias_leave_one_image_out: number }
      linear: Candidate & { intercept: number; slope: number }
      raw_rmse: number
    }
    ppi_safety: Record<
      string,
      Record<'labelled_images' | 'unlabelled_images' | 'lambda' | 'point' | 'se' | 'human_only' | 'jury_only', number>
    >
  }
  tolerance: { abs: number }
}

const FILES = ['imc-like-a.json', 'imc-like-a-scores.csv', 'imc-like-a-clinicians.csv']
const absent = FILES.filter((name) => !hasReference(name))

describe(`the jury of imc-like-a, computed in R and in Python (needs ../shared/reference, absent: ${absent.length})`, () => {
  let wanted: Reference['expected']
  let tolerance: number
  let tables: JuryTables

  beforeAll(() => {
    if (absent.length > 0) return
    const reference = readReference<Reference>('imc-like-a.json')
    wanted = reference.expected
    tolerance = reference.tolerance.abs
    const read = (name: string) => readFileSync(referencePath(name), 'utf8')
    const trials = readScores(read('imc-like-a-scores.csv'), 'imc-like-a-scores.csv')
    const labels = readClinicians(read('imc-like-a-clinicians.csv'), 'imc-like-a-clinicians.csv', trials)
    const models = [...new Set(trials.map(({ model }) => model))].sort()
    const rule = { level: 0.95, resamples: 500, seed: 1, draw: resampler(500, 1) }
    tables = juryTables({ trials, models, arms: ['full', 'no-image', 'no-ehr'], rule, calibrations: null }, labels)
  })

  function near(actual: number | null | undefined, expected: number): void {
    expect(Math.abs(Number(actual ?? Number.NaN) - expected)).toBeLessThan(tolerance)
  }

  function only<Row>(rows: readonly Row[], fits: (row: Row) => boolean): Row {
    const [row, ...more] = rows.filter(fits)
    if (row === undefined || more.length > 0) throw new Error(`only requires one row, got ${rows.filter(fits).length}`)
    return row
  }

  function kappa(a: string, b: string): number | null {
    const fits = tables.pairs.filter((pair) => pair.dimension === 'safety' && pair.a.rater === a && pair.b.rater === b)
    return only(fits, () => true).quadraticKappa.value
  }

  test('the tables fit their shape', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    expect(JuryTables.safeParse(tables).error).toBeUndefined()
  })

  test('alpha, with its interval around it, and alpha without each juror', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    const { alphaOrdinal } = only(tables.reliability, (row) => row.dimension === 'safety')
    near(alphaOrdinal.value, wanted.reliability.alpha_ordinal)
    expect(alphaOrdinal.method).toBe('cluster-bca')
    expect(Number(alphaOrdinal.low)).toBeLessThan(wanted.reliability.alpha_ordinal)
    expect(Number(alphaOrdinal.high)).toBeGreaterThan(wanted.reliability.alpha_ordinal)
    for (const [juror, alpha] of Object.entries(wanted.reliability.alpha_leave_one_juror_out))
      near(only(tables.jurors, (row) => row.dimension === 'safety' && row.juror === juror).alphaWithout, alpha)
  })

  test('intraclass correlations of the conversations that every juror scored', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    const { icc, nComplete } = only(tables.reliability, (row) => row.dimension === 'safety')
    const { complete_rows, ICC2_1, ICC2_k, ICC3_1, ICC3_k } = wanted.reliability.icc
    expect(nComplete).toBe(complete_rows)
    for (const [form, value] of Object.entries({ '2,1': ICC2_1, '2,k': ICC2_k, '3,1': ICC3_1, '3,k': ICC3_k }))
      near(only(icc, (row) => row.form === form).value, value)
  })

  test('quadratic kappas of jurors, of clinicians and between them', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    const { qwk_pairs, clinician_qwk, juror_vs_clin1_qwk, juror_vs_clin2_qwk } = wanted.reliability
    for (const [pair, value] of Object.entries(qwk_pairs)) {
      const [a, b] = pair.split('_') as [string, string]
      near(kappa(a, b), value)
    }
    near(kappa('clin1', 'clin2'), clinician_qwk)
    for (const [juror, value] of Object.entries(juror_vs_clin1_qwk)) near(kappa(juror, 'clin1'), value)
    for (const [juror, value] of Object.entries(juror_vs_clin2_qwk)) near(kappa(juror, 'clin2'), value)
  })

  test('the bootstrapped concordance of a pair is its kappa from the table of whole scores', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    for (const pair of tables.pairs.filter(({ nImages }) => nImages >= 15)) {
      expect(Number(pair.quadraticKappa.low)).toBeLessThan(Number(pair.quadraticKappa.value))
      expect(Number(pair.quadraticKappa.high)).toBeGreaterThan(Number(pair.quadraticKappa.value))
    }
  })

  test('means and severity of jurors', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    for (const [juror, mean] of Object.entries(wanted.reliability.juror_mean)) {
      const row = only(tables.jurors, ({ dimension, juror: id }) => dimension === 'safety' && id === juror)
      near(row.mean, mean)
      near(row.severity.value, wanted.reliability.severity_vs_jury_mean[juror] as number)
    }
  })

  test('the jury against the mean of clinicians', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    const row = only(tables.againstClinicians, ({ kind, leftOut }) => kind === 'jury' && leftOut === null)
    const gold = wanted.reliability.jury_vs_gold
    expect(row.dimension).toBe('safety')
    expect(row.nConversations).toBe(gold.n)
    near(row.bias.value, gold.bias)
    near(row.meanAbsoluteError.value, gold.mae)
    near(row.rootMeanSquareError.value, gold.rmse)
    near(row.concordance.value, gold.ccc)
    near(row.pearson, gold.pearson)
    near(row.spearman, gold.spearman)
    expect(row.confusion.flat().reduce((sum, n) => sum + n, 0)).toBe(gold.n)
  })

  test('calibration candidates, in and out of their fit', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    const { isotonic, linear, raw_rmse } = wanted.calibration
    const row = (candidate: string) => only(tables.calibration, (one) => one.candidate === candidate)
    near(row('identity').rootMeanSquareError, raw_rmse)
    near(row('linear').linear?.intercept, linear.intercept)
    near(row('linear').linear?.slope, linear.slope)
    near(row('linear').leaveOneImageOut?.rootMeanSquareError, linear.rmse_leave_one_image_out)
    near(row('isotonic').rootMeanSquareError, isotonic.rmse_in)
    near(row('isotonic').leaveOneImageOut?.rootMeanSquareError, isotonic.rmse_leave_one_image_out)
    near(row('isotonic').leaveOneImageOut?.bias, isotonic.bias_leave_one_image_out)
    expect(row('isotonic').isotonic?.knots).toHaveLength(isotonic.knots.length)
    for (const [i, knot] of isotonic.knots.entries()) {
      near(row('isotonic').isotonic?.knots[i], knot)
      near(row('isotonic').isotonic?.fitted[i], isotonic.fitted[i] as number)
    }
  })

  test('prediction-powered means of 8 models beside those of clinicians and jury alone', ({ skip }) => {
    skip(absent.length > 0, `reference files absent: ${absent}`)
    expect(Object.keys(wanted.ppi_safety)).toHaveLength(8)
    for (const [model, mean] of Object.entries(wanted.ppi_safety)) {
      const row = only(tables.correctedMeans, (one) => one.model === model)
      expect([row.nLabelledImages, row.nUnlabelledImages]).toEqual([mean.labelled_images, mean.unlabelled_images])
      near(row.lambda, mean.lambda)
      near(row.predictionPowered.value, mean.point)
      near(row.predictionPoweredStandardError, mean.se)
      near(row.cliniciansOnly.value, mean.human_only)
      near(row.juryOnly.value, mean.jury_only)
    }
  })
})
