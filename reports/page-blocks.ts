import { gzipSync } from 'node:zlib'
import type { Conversation, Conversations } from '../analysis/conversations.ts'
import { type Estimate, type Estimates, Measure } from '../analysis/estimate.ts'
import { armMarks, armOrder } from './arm-marks.ts'
import { banner } from './banner.ts'
import { type Figure, rowLabels } from './figure.ts'
import { type Html, html, trusted } from './html.ts'
import { modelOrder } from './names.ts'
import type { PageData, Scoring, ShownNumber, TrialLine } from './page/page-data.ts'
import { quietJson } from './quiet-json.ts'

const PER_PART = 16

/** Base64 characters of pictures that a page holds at most; the rest is left out and counted. */
const MOST_PICTURES = 6_000_000

/** The data of the page’s script as blocks that no browser runs, and how many small pictures did not fit. */
export type Blocks = { data: Html; parts: Html; picturesLeftOut: number }

/**
 * What the page’s script reads: the numbers and the list of trials as JSON, whole conversations and pictures packed in parts
 * that are opened when asked for. Without conversations there are no trials. Equal input gives equal text.
 */
export function pageBlocks(estimates: Estimates, figures: readonly Figure[], conversations: Conversations | null): Blocks {
  const trials = conversations?.trials ?? []
  const pictures = Object.entries(conversations?.thumbnails ?? {})
  const kept = fitting(pictures)
  const models = modelOrder(estimates)
  const labels = rowLabels(models)
  const data: PageData = {
    banner: banner(estimates),
    models,
    labels: models.map((model) => labels.get(model) ?? model),
    arms: armOrder(estimates.arms).map((id) => ({ id, ...armMarks[id] })),
    measures: measures(),
    scorings: scoringsOf(estimates),
    figures: figures.flatMap((figure) =>
      figure.kind === 'drawn' ? [{ name: figure.name, alt: figure.alt, spec: figure.spec }] : [],
    ),
    trials: trials.map(lineOf),
    perPart: PER_PART,
    thumbnails: Object.fromEntries(kept.map(([image], index) => [image, Math.floor(index / PER_PART)])),
  }
  const parts = [
    ...inParts(trials).map((part, index) => packed(`part-${index}`, part)),
    ...inParts(kept).map((part, index) => packed(`pictures-${index}`, Object.fromEntries(part))),
  ]
  return {
    data: html`<script type="application/json" id="page-data">${trusted(quietJson(data))}</script>
`,
    parts: html`${parts}`,
    picturesLeftOut: pictures.length - kept.length,
  }
}

function measures(): Measure[] {
  return ['overall', ...Measure.options.filter((measure) => measure !== 'overall')]
}

function fitting(pictures: readonly [string, string][]): [string, string][] {
  let room = MOST_PICTURES
  return pictures.filter(([, picture]) => {
    room -= picture.length
    return room >= 0
  })
}

function lineOf({ caseId, image, model, arm, repeat, malignant, rare, missing, scores, review }: Conversation): TrialLine {
  return {
    ...{ caseId, image, model, arm, repeat, malignant, rare, missing },
    scores: measures().map((measure) => scores[measure].value),
    review: Math.max(0, ...review.map(({ range }) => range)),
  }
}

function scoringsOf(estimates: Estimates): Scoring[] {
  // Estimates from a calibrated run hold the jury’s own numbers beside the calibrated ones.
  const raw = 'raw' in estimates ? (estimates.raw as readonly Estimate[]) : []
  const median = estimates.comparisons.sensitivity.filter(({ variant }) => variant === 'median-pool')
  const all = [
    { name: raw.length > 0 ? 'calibrated mean of jurors' : 'mean of jurors', numbers: estimates.estimates.map(shownNumber) },
    { name: 'raw mean of jurors', numbers: raw.map(shownNumber) },
    {
      name: 'median of jurors',
      numbers: median.map(({ estimand, measure, model, arm, value, exploratory, reason, interval, nCases, nImages }) => ({
        ...{ estimand, measure, model, arm, value, exploratory, reason },
        ...{ low: interval?.low ?? null, high: interval?.high ?? null, cases: nCases, images: nImages },
      })),
    },
  ]
  return all.filter(({ numbers }) => numbers.length > 0)
}

function shownNumber({
  estimand,
  measure,
  model,
  arm,
  value,
  exploratory,
  reason,
  intervals,
  nCases,
  nImages,
}: Estimate): ShownNumber {
  const [first] = intervals
  return {
    ...{ estimand, measure, model, arm, value, exploratory, reason },
    ...{ low: first?.low ?? null, high: first?.high ?? null, cases: nCases, images: nImages },
  }
}

function inParts<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / PER_PART) }, (_, index) =>
    items.slice(index * PER_PART, (index + 1) * PER_PART),
  )
}

function packed(id: string, value: unknown): Html {
  const text = gzipSync(JSON.stringify(value), { level: 5 }).toString('base64')
  return html`<script type="application/gzip" id="${id}">${trusted(text)}</script>
`
}
