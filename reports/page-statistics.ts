import type { Estimates } from '../analysis/estimate.ts'
import { armMarks } from './arm-marks.ts'
import { averageLabel } from './figure.ts'
import { percent } from './format.ts'
import { type Html, html } from './html.ts'
import { name } from './html-name.ts'
import { noted, pValue, ranged, statTable, two } from './page-stat-table.ts'

const who = (model: string | null) => (model === null ? averageLabel : name(model))
const arm = (id: keyof typeof armMarks) => armMarks[id].name
const size = (row: { nCases: number; nImages: number }) => `${row.nCases} on ${row.nImages}`
const within = (row: { value: number | null; interval: { low: number; high: number } | null }) =>
  ranged(row.value, row.interval?.low, row.interval?.high)

/** The comparisons of models, strata and ways of analysis that the main tables do not show, each a table to open. */
export function comparisonTables({ comparisons, settings, subgroups, detectable }: Estimates): Html {
  const level = percent(settings.level)
  return html`${statTable(
    'Pairs of models',
    `First minus second on the same cases, arm full, points, with ${level} CR2 intervals by image. Holm and Benjamini–Hochberg (BH) within the pairs of a measure.`,
    [
      ['First', (row) => name(row.first)],
      ['Second', (row) => name(row.second)],
      ['Measure', (row) => row.measure],
      ['Difference', within],
      ['p', (row) => pValue(row.p)],
      ['Holm', (row) => pValue(row.pHolm)],
      ['BH', (row) => pValue(row.pBh)],
      ['Cliff’s delta', (row) => two(row.cliffsDelta)],
      ['Sign-flip p', (row) => pValue(row.permutation?.p ?? null)],
      ['Cases on images', size],
      ['Note', noted],
    ],
    comparisons.pairs,
  )}${statTable(
    'Contrasts of deltas between models',
    'Whether a delta differs between two models: delta of first minus delta of second, points. Holm within a flag and measure.',
    [
      ['First', (row) => name(row.first)],
      ['Second', (row) => name(row.second)],
      ['Flag', (row) => row.flag],
      ['Measure', (row) => row.measure],
      ['Difference of deltas', within],
      ['p', (row) => pValue(row.p)],
      ['Holm', (row) => pValue(row.pHolm)],
      ['Cases on images', size],
      ['Note', noted],
    ],
    comparisons.contrasts,
  )}${statTable(
    'Deltas with the other flag held fixed',
    'Least squares on both flags, an unknown flag being a class of its own, arm full, points.',
    [
      ['Model', (row) => who(row.model)],
      ['Flag', (row) => row.flag],
      ['Held fixed', (row) => row.adjustedFor],
      ['Measure', (row) => row.measure],
      ['Delta', within],
      ['p', (row) => pValue(row.p)],
      ['Cases on images', size],
      ['Note', noted],
    ],
    comparisons.adjusted,
  )}${statTable(
    'Dominance between strata',
    'Cliff’s delta: share of pairs in which a flagged case scores higher than an unflagged one, minus the share in which it scores lower.',
    [
      ['Model', (row) => who(row.model)],
      ['Flag', (row) => row.flag],
      ['Measure', (row) => row.measure],
      ['Cliff’s delta', (row) => ranged(row.cliffsDelta, row.interval?.low, row.interval?.high)],
      ['Flagged higher', (row) => two(row.superiority)],
      ['Cases on images', size],
      ['Note', noted],
    ],
    comparisons.dominance,
  )}${statTable(
    'Do stronger models lose more without image or record?',
    'Slope over models of what is lost on how strong the model is. The naive slope shares its noise with the strength: it is biased, never a result.',
    [
      ['Arm', (row) => arm(row.arm)],
      ['Measure', (row) => row.measure],
      ['Method', (row) => (row.biased ? `${row.method} (biased)` : row.method)],
      ['Slope', within],
      ['p', (row) => pValue(row.p)],
      ['Spearman', (row) => two(row.spearman)],
      ['Permutation p', (row) => pValue(row.permutation?.p ?? null)],
      ['Models', (row) => row.nModels],
      ['Cases on images', size],
      ['Note', noted],
    ],
    comparisons.interactions,
  )}${sensitivity(comparisons.sensitivity)}${statTable(
    'Subgroups of patients and images',
    'Averaged over models, arm full; always exploratory. Difference: the group minus the rest. BH over all differences of a measure.',
    [
      ['Group', (row) => `${row.attribute}: ${row.group}${row.scale === null ? '' : ` (${row.scale})`}`],
      ['Measure', (row) => row.measure],
      ['Mean', (row) => within(row.mean)],
      ['Difference', (row) => within(row.difference)],
      ['BH', (row) => pValue(row.difference.pBh)],
      ['Cases on images', size],
      ['Note', (row) => row.mean.reason ?? row.difference.reason ?? ''],
    ],
    subgroups,
  )}${statTable(
    'Smallest effect that this run could have found',
    'In points, by the contrast’s own standard error and the noncentral t; it says nothing about the effect that was found.',
    [
      ['Contrast', (row) => row.contrast],
      ['Model', (row) => (row.versus === null ? who(row.model) : html`${who(row.model)} against ${name(row.versus)}`)],
      ['Measure', (row) => row.measure],
      ['Arm', (row) => arm(row.arm)],
      ['Power', (row) => percent(row.power)],
      ['Effect', (row) => two(row.value)],
      ['With Holm', (row) => two(row.valueHolm)],
      ['Cases on images', size],
      ['Note', noted],
    ],
    detectable,
  )}`
}

type SensitivityRow = Estimates['comparisons']['sensitivity'][number]

// A row for all measures of one number, so that a run of many models stays readable.
function sensitivity(all: readonly SensitivityRow[]): Html {
  const rows = [...Map.groupBy(all, (one) => JSON.stringify([one.variant, one.estimand, one.arm, one.model])).values()].flatMap(
    (cells) => {
      const [first] = cells
      return first === undefined ? [] : [{ first, cells }]
    },
  )
  const measure = (wanted: string) => (row: { cells: readonly SensitivityRow[] }) => {
    const found = row.cells.find((one) => one.measure === wanted)
    if (found === undefined || found.value === null) return null
    return `${within(found)}${found.change === null ? '' : ` (${found.change > 0 ? '+' : ''}${two(found.change)})`}`
  }
  return statTable(
    'The same numbers computed another way',
    'In brackets at the end: the change from the number computed as usual. Bounds put 1 or 5 for each missing score; they are no estimates and have no interval.',
    [
      ['Way', ({ first }) => first.variant],
      ['Number', ({ first }) => first.estimand],
      ['Arm', ({ first }) => arm(first.arm)],
      ['Model', ({ first }) => who(first.model)],
      ['Overall', measure('overall')],
      ['Safety', measure('safety')],
      ['Accuracy', measure('accuracy')],
      ['Uncertainty', measure('uncertainty')],
      ['Cases on images', ({ first }) => size(first)],
      ['Note', ({ first }) => noted(first)],
    ],
    rows,
  )
}

/** How often plain rules found or missed things, by model and arm. */
export function rateTable({ rates }: Estimates): Html {
  return statTable(
    'Rates by plain rules: missed red flags, triage errors and others',
    'Mean of the cases’ shares, 0 to 1; events of opportunities over all cases and repeats.',
    [
      ['Rate', (row) => row.rate.replaceAll('-', ' ')],
      ['Model', (row) => who(row.model)],
      ['Arm', (row) => arm(row.arm)],
      ['Share', within],
      ['Events', (row) => `${row.events} of ${row.opportunities}`],
      ['Interval by', (row) => row.interval?.method ?? null],
      ['Cases on images', size],
      ['Note', noted],
    ],
    rates,
  )
}
