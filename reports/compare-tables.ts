import type { ComparedNumber, Comparison } from '../analysis/comparison.ts'
import { Measure } from '../analysis/estimate.ts'
import { armMarks, armOrder } from './arm-marks.ts'
import { averageLabel, rowLabels } from './figure.ts'
import { counted, percent, whole } from './format.ts'
import { nameInSentence, plainName } from './names.ts'
import { type Cell, count, type PaperTable, plainEstimate, words } from './paper-table.ts'
import { SIGNIFICANCE } from './separable.ts'

const estimandNames: Record<ComparedNumber['estimand'], string> = {
  mean: 'Mean scores',
  'malignant-delta': 'Malignant minus not malignant',
  'rare-delta': 'Rare minus not rare',
  'ablation-effect': 'Ablation effects',
}

/** What a reader must know before trusting a comparison: what is simulated, and that the runs differ. One line of text. */
export function comparisonBanner({ first, second, differences }: Comparison): string {
  const simulated = [...(first.simulated ? ['first'] : []), ...(second.simulated ? ['second'] : [])]
  const whose = simulated.length === 2 ? 'both runs hold' : `the ${simulated[0]} run holds`
  return [
    ...(simulated.length > 0 ? [`Simulated data: ${whose} embedded rules, a scripted patient or drawn images.`] : []),
    ...(differences.length > 0 ? [`The runs differ in: ${differences.map(({ what }) => what).join(', ')}.`] : []),
  ].join(' ')
}

/** How the two runs stand to each other, in sentences; names are plain text. */
export function comparisonSentences({ first, second, differences, casesOnOtherImage }: Comparison): string[] {
  const card = ({ bank, cases, images, models }: Comparison['first']) =>
    `bank ${nameInSentence(bank)}, ${counted(cases, 'case')} on ${counted(images, 'image')}, ${counted(models.length, 'model')}`
  return [
    `First run: ${card(first)}. Second run: ${card(second)}.`,
    differences.length === 0
      ? 'Bank, jury, rubric and calibration are the same in both.'
      : differences.some(({ refuses }) => refuses)
        ? 'No differences are computed: what differs below makes the trials of the two runs different things.'
        : 'What differs below goes into every difference: it cannot be told apart from a difference of the models.',
    ...differences.map(
      ({ what, first: a, second: b }) =>
        `Differs: ${what}: first ${nameInSentence(a === '' ? 'none' : a)}; second ${nameInSentence(b === '' ? 'none' : b)}.`,
    ),
    ...(casesOnOtherImage > 0
      ? [
          `${counted(casesOnOtherImage, 'case')} of both runs lie on another image in the second; they are left out of every difference.`,
        ]
      : []),
  ]
}

/** Both runs and their differences as tables, one per estimand and arm; a row per model and measure. */
export function comparisonTables(comparison: Comparison): PaperTable[] {
  const { rows } = comparison
  const arms = armOrder(rows.map(({ arm }) => arm))
  const order = Object.keys(estimandNames)
  const sorted = [...Map.groupBy(rows, ({ estimand, arm }) => JSON.stringify([estimand, arm])).values()].sort(
    ([a], [b]) =>
      order.indexOf(a?.estimand ?? '') - order.indexOf(b?.estimand ?? '') ||
      (a === undefined || b === undefined ? 0 : arms.indexOf(a.arm) - arms.indexOf(b.arm)),
  )
  return sorted.map((members) => tableOf(members, comparison))
}

function tableOf(rows: readonly ComparedNumber[], comparison: Comparison): PaperTable {
  const [head] = rows
  if (head === undefined) throw new Error('tableOf requires at least one row, got none')
  const labels = rowLabels([...new Set(rows.map(({ model }) => model))])
  const reasons = [...new Set(rows.flatMap(({ difference: { reason } }) => (reason === null ? [] : [reason])))]
  const byMeasure = Measure.options.map((measure) => rows.filter((row) => row.measure === measure)).filter((of) => of.length > 0)
  const marked = ({ difference: { value, low, high, pHolm, reason, exploratory } }: ComparedNumber): Cell => ({
    ...plainEstimate(value, low, high),
    dagger: pHolm !== null && pHolm < SIGNIFICANCE && !exploratory,
    marks: reason === null ? [] : [String(reasons.indexOf(reason) + 1)],
  })
  const side = (of: ComparedNumber['first']): Cell =>
    of === null ? words('not in this run') : plainEstimate(of.value, of.low, of.high)
  return {
    kind: 'table',
    name: `${head.estimand}-${head.arm}`,
    title: `${estimandNames[head.estimand]}, arm ${armMarks[head.arm].name}`,
    caption: `First run, second run, and second minus first on the cases that both scored, with ${percent(comparison.level)} CR2 t intervals clustered by image. †: p < ${SIGNIFICANCE} after Holm within the models of a measure; exploratory differences have none.`,
    columns: [
      { heading: 'Model', kind: 'text' },
      { heading: 'first', kind: 'estimate' },
      { heading: 'second', kind: 'estimate' },
      { heading: 'second minus first', kind: 'estimate' },
      { heading: 'Cases', kind: 'count' },
      { heading: 'Images', kind: 'count' },
    ],
    groups: byMeasure.map((of) => ({
      heading: of[0]?.measure ?? null,
      rows: of.map((row) => ({
        average: row.model === null,
        cells: [
          words(labels.get(row.model) ?? (row.model === null ? averageLabel : plainName(row.model))),
          side(row.first),
          side(row.second),
          marked(row),
          count(whole(row.difference.nCases)),
          count(whole(row.difference.nImages)),
        ],
      })),
    })),
    notes: reasons.map((text, index) => ({ mark: String(index + 1), text })),
    data: comparisonBanner(comparison),
  }
}
