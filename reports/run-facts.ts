import type { Estimates } from '../analysis/estimate.ts'
import { armMarks } from './arm-marks.ts'
import { calibrationSentence } from './calibration.ts'
import { counted, listed, percent, whole } from './format.ts'
import { nameInSentence } from './names.ts'

/** What a run knows of itself, a sentence each, for the skeletons of reporting checklists. */
export type RunFacts = Readonly<
  Record<
    'title' | 'models' | 'bank' | 'missing' | 'jury' | 'calibration' | 'sample' | 'statistics' | 'arms' | 'software' | 'patient',
    string
  >
>

/** The facts of a run. Every number is one of estimates.json. */
export function runFacts(estimates: Estimates): RunFacts {
  const { models, arms, trials, bank, jurors, rubric, settings, software, simulated, exclusions } = estimates
  const rules = (names: readonly string[]) => (names.length === 0 ? '' : ` ${whole(names.length)} of them are embedded rules.`)
  return {
    title: 'Evaluation of multimodal language models in image-grounded, multi-turn medical conversations by a jury.',
    models: `Models, by the names of the run: ${listed(models.map(nameInSentence))}.${rules(simulated.models)}`,
    bank: `Bank ${nameInSentence(bank.name)}, sha256 ${bank.sha256.slice(0, 12)}: ${counted(bank.cases, 'case')} on ${counted(bank.images, 'image')}${simulated.drawnImages > 0 ? `, ${whole(simulated.drawnImages)} of them drawn illustrations` : ''}.`,
    missing:
      exclusions.length === 0
        ? `All ${counted(trials.planned, 'planned trial')} have every score.`
        : `${whole(trials.scored)} of ${counted(trials.planned, 'planned trial')} have a score on at least one dimension. What is missing is counted by model, arm and reason in the table of missing data; nothing was put in its place.`,
    jury: `${counted(jurors.length, 'juror')}: ${listed(jurors.map(nameInSentence))}; rubric ${nameInSentence(rubric)}.${rules(simulated.jurors)}`,
    calibration: calibrationSentence(estimates),
    sample: `${counted(trials.cases, 'case')} on ${counted(trials.images, 'image')}, ${counted(arms.length, 'arm')} and ${counted(models.length, 'model')}: ${counted(trials.planned, 'planned trial')}. estimates.json tells the smallest effects that a run of this size can see.`,
    statistics: `Means over cases with ${percent(settings.level)} CR2 t intervals clustered by image; pairs of models, deltas and effects with Holm’s correction; seed ${settings.seed}. See the methods paragraph.`,
    arms: `Arms: ${listed(arms.map((arm) => armMarks[arm].name))}.`,
    software: `${nameInSentence(software.name)} ${nameInSentence(software.version)}.`,
    patient: simulated.patient ? 'The patient is scripted.' : '',
  }
}
