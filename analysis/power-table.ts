import {
  designEffect,
  type PlannedContrast,
  type PlannedRate,
  planContrasts,
  planRate,
  type StudyPlan,
  sdOfModelMean,
} from './power-plan.ts'

/** The plan of a study as a text table, with every assumption behind it. */
export function powerTable(plan: StudyPlan): string {
  const contrasts = planContrasts(plan)
  const rate = planRate(plan)
  const asked = plan.effect !== null
  const header = ['contrast', 'cases', 'sd', 'df', 'detectable', 'Holm (tests)', ...(asked ? ['power', 'cases needed'] : [])]
  const rows = contrasts.map((contrast) => cellsOf(contrast, asked))
  return [
    `Smallest true effect, in points of the 1-5 scale, found with power ${plan.power} at two-sided significance ${round(plan.significance, 4)}:`,
    '',
    ...aligned([header, ...rows]),
    '',
    ...(rate === null ? [] : [...rateLines(rate, plan), '']),
    'Assumptions:',
    ...assumptions(plan).map((line) => `- ${line}`),
  ].join('\n')
}

function cellsOf(row: PlannedContrast, asked: boolean): string[] {
  return [
    row.contrast,
    row.cases.join(' + '),
    row.sd.toFixed(2),
    row.df.toFixed(0),
    row.detectable.toFixed(3),
    row.comparisons === 1 ? '-' : `${row.detectableHolm.toFixed(3)} (${row.comparisons})`,
    ...(asked
      ? [row.powerAtEffect?.toFixed(3) ?? '-', row.casesNeeded === null ? 'over 10,000,000' : String(row.casesNeeded)]
      : []),
  ]
}

function rateLines({ rate, low, high, detectableMalignant }: PlannedRate, plan: StudyPlan): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  const level = percent(1 - plan.significance)
  const first = `A rate of ${percent(rate)} of one model would have the ${level} Wilson interval ${percent(low)} to ${percent(high)}.`
  if (plan.malignant === null) return [first]
  if (detectableMalignant === null) return [first, 'No rate among malignant cases would be told apart from it with this power.']
  return [
    first,
    `Among malignant cases ${percent(detectableMalignant)} or more would be told apart from it (arcsine difference).`,
  ]
}

function assumptions(plan: StudyPlan): string[] {
  const { cases, images, icc, models, sd, sdDiff, sdMean, effect } = plan
  return [
    images === cases
      ? `${cases} cases, each on its own image`
      : `${cases} cases on ${images} images, ${round(cases / images, 2)} cases an image, correlated ${icc}: each case counts as ${round(1 / designEffect(plan), 2)}`,
    `SD of one model's scores over cases ${sd}, the same in both groups; SD of a difference of two models or two arms ${sdDiff}`,
    ...(models === 1
      ? []
      : [
          sdMean === null
            ? `SD of the mean of ${models} models ${round(sdOfModelMean(plan), 3)}, from these two (models equally correlated)`
            : `SD of the mean of ${models} models ${sdMean}, as given`,
        ]),
    'normal errors, so Student’s t with the degrees of freedom that equal images would give; scores at the ends of the scale need more cases',
    'no missing trials; SDs come from you: take them from an earlier run',
    'Holm: its first and strictest step',
    ...(effect === null ? [] : [`power and cases needed are for a true effect of ${effect} points, without Holm`]),
  ]
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

function round(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}
