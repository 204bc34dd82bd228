import type { Estimate, Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { juryIsCalibrated } from './calibration.ts'
import { csv } from './csv.ts'
import { whole } from './format.ts'
import { nameInSentence } from './names.ts'
import { type Cell, type PaperTable, plainEstimate, words } from './paper-table.ts'
import { findEstimate } from './tables-estimates.ts'

// The abstract is all that is known of the paper; it gives no interval.
const publishedSource = 'arXiv 2606.28556, abstract of version 1'

/** A number of the abstract. `words` find the model in this run by its name; null is the average over models. */
type Published = {
  label: string
  value: number
  estimand: Estimate['estimand']
  measure: Estimate['measure']
  arm: Estimate['arm']
  words: readonly string[] | null
}

/**
 * The seven numbers of the abstract of IMCBench. Falls in safety are given there without sign for the ablations; here all are
 * differences, negative meaning worse.
 */
export const published: readonly Published[] = [
  mean('Claude Opus 4.6', 3.61, ['opus', '4', '6']),
  mean('Claude Sonnet 4.6', 3.3, ['sonnet', '4', '6']),
  mean('GPT-5.2', 3.29, ['gpt', '5', '2']),
  { label: 'Safety, malignant cases', value: -0.27, estimand: 'malignant-delta', measure: 'safety', arm: 'full', words: null },
  { label: 'Safety, rare cases', value: -0.27, estimand: 'rare-delta', measure: 'safety', arm: 'full', words: null },
  {
    label: 'Safety, without the image',
    value: -0.18,
    estimand: 'ablation-effect',
    measure: 'safety',
    arm: 'no-image',
    words: null,
  },
  { label: 'Safety, without the EHR', value: -0.23, estimand: 'ablation-effect', measure: 'safety', arm: 'no-ehr', words: null },
]

function mean(label: string, value: number, names: readonly string[]): Published {
  return { label: `Overall, ${label}`, value, estimand: 'mean', measure: 'overall', arm: 'full', words: names }
}

/**
 * What would have to equal the paper's before a run could be called a reproduction. `paper` null: the abstract does not tell,
 * so nothing can match it. As long as one of them is null, no run is a reproduction.
 */
export const pinnedOptions: readonly { option: string; paper: string | null }[] = [
  { option: 'cases and images (sha256 of the bank)', paper: null },
  { option: 'jury: members, number and pooling', paper: null },
  { option: 'rubric (sha256)', paper: null },
  { option: 'calibration on clinicians’ labels', paper: null },
  { option: 'the eight models', paper: null },
  { option: 'patient, turns and stop rules', paper: null },
  { option: 'wording of the arms', paper: null },
  { option: 'definition of the overall score', paper: null },
]

/** A published number beside this run's. `estimate` undefined: this run has no such thing, and `why` says so. */
export type Beside = Published & { estimate: Estimate | undefined; why: string | null }

/** The published numbers beside this run's, in the order of {@link published}. */
export function besidePaper(estimates: Estimates): Beside[] {
  return published.map((one) => {
    const model = one.words === null ? null : modelNamed(estimates.models, one.words)
    if (model === undefined) return { ...one, estimate: undefined, why: 'model not in this run' }
    const estimate = findEstimate(estimates, { ...one, model })
    return { ...one, estimate, why: estimate === undefined ? 'not estimated in this run' : estimate.reason }
  })
}

// The only model whose name holds the words in this order, nothing but other signs between them: gpt-5.2, us.gpt-5-2-v1:0, but not gpt-5.25.
function modelNamed(models: readonly string[], names: readonly string[]): string | undefined {
  const pattern = new RegExp(`(?<![a-z0-9])${names.join('[^a-z0-9]+')}(?![0-9])`, 'iu')
  const found = models.filter((model) => pattern.test(model))
  return found.length === 1 ? found[0] : undefined
}

/** What differs between the paper and this run, in sentences. It never says that this run reproduces the paper. */
export function differences(estimates: Estimates): string[] {
  const { simulated, bank, trials, models, jurors } = estimates
  const unknown = pinnedOptions.filter(({ paper }) => paper === null)
  const of = (some: readonly string[], all: readonly string[]) =>
    some.length === 0 ? '' : `, ${whole(some.length)} of ${whole(Math.max(all.length, some.length))} being embedded rules`
  return [
    'This is not a reproduction of the paper, and no claim about its numbers follows from this run.',
    `Only the abstract of the paper is known. ${unknown.length === pinnedOptions.length ? 'None' : 'Not all'} of the options that would have to match is told there: ${pinnedOptions.map(({ option }) => option).join('; ')}.`,
    `Bank: this run used ${whole(trials.cases)} cases on ${whole(trials.images)} images of the bank ${nameInSentence(bank.name)}; the paper’s are not known.`,
    `Models: ${whole(models.length)} in this run${of(simulated.models, models)}; eight in the paper, three of them named in the abstract.`,
    `Jury: ${whole(jurors.length)} jurors in this run${of(simulated.jurors, jurors)}; the paper’s are not known.`,
    juryIsCalibrated(estimates)
      ? 'Calibration: on this run’s own clinicians’ labels; the paper’s method is not known.'
      : 'Calibration: none in this run; the abstract says that the paper’s jury is calibrated against clinicians.',
    ...(simulated.patient || simulated.drawnImages > 0
      ? [
          `Simulated in this run: ${[...(simulated.patient ? ['the patient'] : []), ...(simulated.drawnImages > 0 ? [`${whole(simulated.drawnImages)} images`] : [])].join(', ')}.`,
        ]
      : []),
    'The abstract gives no interval, so whether a difference is more than chance cannot be said from the paper’s side.',
  ]
}

/** The published numbers and this run's as a table; its notes are the differences. */
export function publishedPaperTable(estimates: Estimates): PaperTable {
  const lines = besidePaper(estimates)
  const row = ({ label, value, estimate, why }: Beside) => ({
    average: false,
    cells: [
      words(label),
      plainEstimate(value, null, null),
      estimate === undefined ? words('–') : thisRun(estimate),
      words(estimate === undefined || estimate.value === null || estimate.intervals.length === 0 ? (why ?? '') : ''),
    ],
  })
  return {
    kind: 'table',
    name: 'published',
    title: 'Beside the paper',
    caption: `Numbers of the abstract of IMCBench (${publishedSource}) beside those of this run. Beside is not against: the notes say what differs.`,
    columns: [
      { heading: 'Quantity', kind: 'text' },
      { heading: 'paper', kind: 'estimate' },
      { heading: 'this run', kind: 'estimate' },
      { heading: 'Remark', kind: 'text' },
    ],
    groups: [{ heading: null, rows: lines.map(row) }],
    notes: differences(estimates).map((text) => ({ mark: '', text: text.replace(/\.$/u, '') })),
    data: banner(estimates),
  }
}

function thisRun({ value, intervals: [first] }: Estimate): Cell {
  return plainEstimate(value, first?.low ?? null, first?.high ?? null)
}

/** The same as CSV. */
export function publishedCsv(estimates: Estimates): string {
  return csv(besidePaper(estimates), banner(estimates), {
    quantity: ({ label }) => label,
    source: () => publishedSource,
    paper: ({ value }) => value,
    this_run: ({ estimate }) => estimate?.value ?? null,
    low: ({ estimate }) => estimate?.intervals[0]?.low ?? null,
    high: ({ estimate }) => estimate?.intervals[0]?.high ?? null,
    interval: ({ estimate }) => estimate?.intervals[0]?.method ?? null,
    model: ({ estimate }) => estimate?.model ?? null,
    cases: ({ estimate }) => estimate?.nCases ?? null,
    images: ({ estimate }) => estimate?.nImages ?? null,
    reason: ({ why }) => why,
    reproduction: () => 'no',
  })
}
