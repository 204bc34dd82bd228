import { Dimension } from '../cases/verdict.ts'
import type { ClinicianLabel } from './clinician-labels.ts'
import { scoreCell, textCell, wordCell } from './csv-cells.ts'
import { eachCsvRow } from './csv-rows.ts'
import { compareText } from './order.ts'
import type { Trial } from './trial.ts'

const COLUMNS = { required: ['case', 'image', 'model', 'clinician', 'score'], optional: ['dimension'] }

/**
 * Clinicians’ scores of conversations in arm full: CSV with the columns case, image, model, clinician and score (1 to 5), and
 * perhaps dimension; without it the scores are about safety. In the order of case, model, clinician and dimension.
 *
 * A blank score is left out. Lines that say the same twice count once. A score told in two ways, or a line of a case, model
 * or image that the trials do not know in arm full, is an Error naming file and row: it could not be compared with anything.
 */
export function readClinicians(text: string, file: string, trials: readonly Trial[]): ClinicianLabel[] {
  const known = new Map(
    trials.filter(({ arm }) => arm === 'full').map((trial) => [JSON.stringify([trial.model, trial.caseId]), trial.image]),
  )
  const labels = new Map<string, ClinicianLabel>()
  const blank = new Set<string>()
  eachCsvRow(text, file, COLUMNS, (row, place) => {
    const who = {
      caseId: textCell(row, 'case', place),
      image: textCell(row, 'image', place),
      model: textCell(row, 'model', place),
      clinician: textCell(row, 'clinician', place),
      dimension: row('dimension') === undefined ? null : wordCell(row, 'dimension', Dimension.options, place),
    }
    const image = known.get(JSON.stringify([who.model, who.caseId]))
    if (image !== who.image)
      throw new Error(
        `${place} requires a case, model and image of the trials in arm full, got case ${who.caseId}, model ${who.model}, image ${who.image}`,
      )
    const key = JSON.stringify(who)
    const score = scoreCell(row, 'score', place)
    const earlier = labels.get(key)?.score ?? (blank.has(key) ? null : undefined)
    if (earlier !== undefined && earlier !== score)
      throw new Error(`${place} requires one score a clinician and conversation, got a second of ${who.clinician}`)
    if (score === null) blank.add(key)
    else labels.set(key, { ...who, score })
  })
  return [...labels.values()].sort(
    (a, b) =>
      compareText(a.caseId, b.caseId) ||
      compareText(a.model, b.model) ||
      compareText(a.clinician, b.clinician) ||
      compareText(a.dimension ?? '', b.dimension ?? ''),
  )
}
