import { Dimension } from '../cases/verdict.ts'
import { calibrationCandidates } from './calibration-candidates.ts'
import type { ClinicianLabel } from './clinician-labels.ts'
import { correctedMeans } from './corrected-means.ts'
import { correctedShares } from './corrected-shares.ts'
import type { Study } from './estimands.ts'
import type { JuryTables } from './estimate-jury.ts'
import { jurorCards, jurorCosts } from './juror-cards.ts'
import { errorCorrelation } from './juror-errors.ts'
import { jurorPreferences } from './juror-preferences.ts'
import { jurorRows } from './juror-rows.ts'
import { juryAgainstClinicians } from './jury-against-clinicians.ts'
import { juryData } from './jury-data.ts'
import { juryReliability } from './jury-reliability.ts'
import { juryVariance } from './jury-variance.ts'
import { raterPairs } from './rater-pairs.ts'

/**
 * Every table about the jury, arm `full` but for cards and costs: its reliability, its jurors, and with clinicians’ labels (else []) how it stands
 * against them. Rows are in the order of dimensions, then of raters or models.
 */
export function juryTables(study: Study, labels: readonly ClinicianLabel[]): JuryTables {
  const dimensions = juryData(study, labels)
  return {
    reliability: dimensions.map(juryReliability),
    jurors: dimensions.flatMap(jurorRows),
    cards: Dimension.options.flatMap((dimension) => jurorCards(study.trials, dimension)),
    costs: jurorCosts(study.trials),
    pairs: dimensions.flatMap(raterPairs),
    preferences: dimensions.flatMap(jurorPreferences),
    variance: dimensions.map(juryVariance),
    againstClinicians: dimensions.flatMap(juryAgainstClinicians),
    errorCorrelations: dimensions.flatMap((data) => errorCorrelation(data) ?? []),
    calibration: dimensions.flatMap(calibrationCandidates),
    correctedMeans: dimensions.flatMap(correctedMeans),
    correctedShares: dimensions.flatMap(correctedShares),
  }
}
