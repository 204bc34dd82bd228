import type { Estimates } from '../analysis/estimate.ts'
import { counted, listed } from './format.ts'
import { nameInSentence } from './names.ts'

function rules(simulated: readonly string[], all: readonly string[], noun: string): string[] {
  if (simulated.length === 0) return []
  if (all.length > 0 && all.every((name) => simulated.includes(name)))
    return [all.length === 1 ? `the only ${noun} is embedded rules` : `all ${all.length} ${noun}s are embedded rules`]
  const are = simulated.length === 1 ? 'is' : 'are'
  const many = Math.max(all.length, simulated.length)
  return [`${simulated.length} of ${many} ${noun}s ${are} embedded rules (${listed(simulated.map(nameInSentence))})`]
}

/**
 * What kind of data a run holds, for titles: `simulated data` when all models or all jurors are embedded rules, `partly
 * simulated data` when anything else is simulated, else the empty text.
 */
export function dataKind({ simulated, models, jurors }: Pick<Estimates, 'simulated' | 'models' | 'jurors'>): string {
  const all = (names: readonly string[], rules: readonly string[]) =>
    names.length > 0 && names.every((name) => rules.includes(name))
  if (all(models, simulated.models) || all(jurors, simulated.jurors)) return 'simulated data'
  const any = simulated.models.length > 0 || simulated.jurors.length > 0 || simulated.patient || simulated.drawnImages > 0
  return any ? 'partly simulated data' : ''
}

/**
 * What a reader must know before trusting any number: what in this run is simulated, and whether the jury is
 * calibrated, and to whom. One line of text, the same on the page, in every figure and in every row of a CSV. It starts with `Simulated data:` when
 * anything is simulated.
 */
export function banner(estimates: Pick<Estimates, 'simulated' | 'calibrated' | 'models' | 'jurors' | 'trials' | 'jury'>): string {
  const { simulated, models, jurors, trials } = estimates
  const parts = [
    ...rules(simulated.models, models, 'model'),
    ...rules(simulated.jurors, jurors, 'juror'),
    ...(simulated.patient ? ['the patient is scripted'] : []),
    ...(simulated.drawnImages > 0 ? [`${simulated.drawnImages} of ${counted(trials.images, 'image')} are drawn`] : []),
  ]
  return [...(parts.length > 0 ? [`Simulated data: ${parts.join('; ')}.`] : []), calibrationWords(estimates)].join(' ')
}

function calibrationWords({ calibrated, jury }: Pick<Estimates, 'calibrated' | 'jury'>): string {
  if (calibrated.status === 'uncalibrated')
    return `Uncalibrated jury: ${jury.againstClinicians.length > 0 ? 'scores are compared with labels, not adjusted to them' : 'no clinician labels'}.`
  const to = calibrated.status === 'simulated' ? 'simulated raters' : calibrated.raters
  const error = calibrated.refitted ? '' : ' Intervals leave out the error of the calibration.'
  const own = calibrated.dimensions.filter(({ map }) => map.kind === 'none').map(({ dimension }) => dimension)
  const but = own.length === 0 ? '' : ` but for ${listed(own)}, which had too few labels`
  return `Jury calibrated to ${to}${but}.${error}`
}
