import { expect } from 'vitest'
import { requireClose } from '../reference/reference-file.ts'
import { only, type WholeStudy } from './study.ts'

/** Reliability of the jury, its agreement with clinicians, calibration and prediction-powered means, all of safety. */
export function checkJury(study: WholeStudy): void {
  checkReliability(study)
  checkAgainstClinicians(study)
  checkCalibration(study)
  checkCorrectedMeans(study)
}

function checkReliability({ file, expected, estimates: { jury } }: WholeStudy): void {
  const wanted = expected.reliability
  const row = only(jury.reliability, ({ dimension }) => dimension === 'safety', 'reliability of safety')
  requireClose(row.alphaOrdinal.value, wanted.alpha_ordinal, file, 'alpha')
  requireClose(row.nComplete, wanted.icc.complete_rows, file, 'complete rows')
  const { complete_rows: _, ...iccs } = wanted.icc
  for (const [name, value] of Object.entries(iccs)) {
    const form = name.replace('ICC', '').replace('_', ',')
    requireClose(only(row.icc, (icc) => icc.form === form, name).value, value, file, name)
  }
  for (const [juror, mean] of Object.entries(wanted.juror_mean)) {
    const own = only(jury.jurors, (one) => one.dimension === 'safety' && one.juror === juror, juror)
    requireClose(own.mean, mean, file, `mean of ${juror}`)
    requireClose(own.severity.value, wanted.severity_vs_jury_mean[juror] as number, file, `severity of ${juror}`)
    requireClose(own.alphaWithout, wanted.alpha_leave_one_juror_out[juror] as number, file, `alpha without ${juror}`)
  }
}

function checkAgainstClinicians({ file, expected, estimates: { jury } }: WholeStudy): void {
  const wanted = expected.reliability
  const kappa = (a: string, b: string) => {
    const pairs = jury.pairs.filter(({ dimension }) => dimension === 'safety')
    return only(pairs, (pair) => pair.a.rater === a && pair.b.rater === b, `${a} and ${b}`).quadraticKappa.value
  }
  for (const [pair, value] of Object.entries(wanted.qwk_pairs)) {
    const [a, b] = pair.split('_') as [string, string]
    requireClose(kappa(a, b), value, file, `kappa ${pair}`)
  }
  requireClose(kappa('clin1', 'clin2'), wanted.clinician_qwk, file, 'kappa of clinicians')
  for (const [juror, value] of Object.entries(wanted.juror_vs_clin1_qwk)) requireClose(kappa(juror, 'clin1'), value, file, juror)
  for (const [juror, value] of Object.entries(wanted.juror_vs_clin2_qwk)) requireClose(kappa(juror, 'clin2'), value, file, juror)
  const row = only(jury.againstClinicians, ({ kind, leftOut }) => kind === 'jury' && leftOut === null, 'jury against clinicians')
  const { n, bias, mae, rmse, pearson, spearman, ccc } = wanted.jury_vs_gold
  requireClose(row.nConversations, n, file, 'n')
  requireClose(row.bias.value, bias, file, 'bias')
  requireClose(row.meanAbsoluteError.value, mae, file, 'MAE')
  requireClose(row.rootMeanSquareError.value, rmse, file, 'RMSE')
  requireClose(row.pearson, pearson, file, 'Pearson')
  requireClose(row.spearman, spearman, file, 'Spearman')
  requireClose(row.concordance.value, ccc, file, 'CCC')
}

function checkCalibration({ file, expected: { calibration: wanted }, estimates: { jury } }: WholeStudy): void {
  const candidate = (name: string) => only(jury.calibration, (row) => row.candidate === name, name)
  const [identity, linear, isotonic] = [candidate('identity'), candidate('linear'), candidate('isotonic')]
  requireClose(identity.rootMeanSquareError, wanted.raw_rmse, file, 'raw RMSE')
  requireClose(linear.linear?.intercept, wanted.linear.intercept, file, 'intercept')
  requireClose(linear.linear?.slope, wanted.linear.slope, file, 'slope')
  const linearOut = linear.leaveOneImageOut?.rootMeanSquareError
  requireClose(linearOut, wanted.linear.rmse_leave_one_image_out, file, 'linear RMSE out')
  requireClose(isotonic.rootMeanSquareError, wanted.isotonic.rmse_in, file, 'isotonic RMSE in')
  const out = isotonic.leaveOneImageOut
  requireClose(out?.rootMeanSquareError, wanted.isotonic.rmse_leave_one_image_out, file, 'isotonic RMSE out')
  requireClose(out?.bias, wanted.isotonic.bias_leave_one_image_out, file, 'isotonic bias out')
  expect(isotonic.isotonic?.knots).toHaveLength(wanted.isotonic.knots.length)
  for (const [k, knot] of wanted.isotonic.knots.entries()) {
    requireClose(isotonic.isotonic?.knots[k], knot, file, `knot ${k + 1}`)
    requireClose(isotonic.isotonic?.fitted[k], wanted.isotonic.fitted[k] as number, file, `fitted ${k + 1}`)
  }
}

function checkCorrectedMeans({ file, expected, estimates: { jury, models } }: WholeStudy): void {
  expect(Object.keys(expected.ppi_safety)).toEqual(models)
  for (const [model, wanted] of Object.entries(expected.ppi_safety)) {
    const row = only(
      jury.correctedMeans,
      (one) => one.dimension === 'safety' && one.model === model,
      `corrected mean of ${model}`,
    )
    requireClose(row.nLabelledImages, wanted.labelled_images, file, `labelled images ${model}`)
    requireClose(row.nUnlabelledImages, wanted.unlabelled_images, file, `unlabelled images ${model}`)
    requireClose(row.lambda, wanted.lambda, file, `lambda ${model}`)
    requireClose(row.predictionPowered.value, wanted.point, file, `point ${model}`)
    requireClose(row.predictionPoweredStandardError, wanted.se, file, `error ${model}`)
    requireClose(row.cliniciansOnly.value, wanted.human_only, file, `human only ${model}`)
    requireClose(row.juryOnly.value, wanted.jury_only, file, `jury only ${model}`)
  }
}
