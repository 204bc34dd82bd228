import { type Estimate, type Estimates, type Exclusion, Measure } from '../analysis/estimate.ts'
import { armOrder } from './arm-marks.ts'
import { modelOrder } from './names.ts'

/** One estimate as a row of a table: flat, at full precision, both intervals beside each other. */
export type EstimateRow = {
  estimand: Estimate['estimand']
  measure: Measure
  /** The model, or null for the average over models. */
  model: string | null
  arm: Estimate['arm']
  value: number | null
  standardError: number | null
  df: number | null
  cr2Low: number | null
  cr2High: number | null
  bcaLow: number | null
  bcaHigh: number | null
  level: number | null
  cases: number
  casesLeftOut: number
  images: number
  trials: number
  flagged: number | null
  unflagged: number | null
  /** `exploratory` where the numbers are too few to lean on, else the empty text. */
  flag: string
  reason: string | null
}

const measureOrder: readonly Measure[] = ['overall', ...Measure.options.filter((measure) => measure !== 'overall')]

function estimateRow(estimate: Estimate): EstimateRow {
  const cr2 = estimate.intervals.find(({ method }) => method === 'cr2-t')
  const bca = estimate.intervals.find(({ method }) => method === 'cluster-bca')
  return {
    estimand: estimate.estimand,
    measure: estimate.measure,
    model: estimate.model,
    arm: estimate.arm,
    value: estimate.value,
    standardError: estimate.standardError,
    df: estimate.df,
    cr2Low: cr2?.low ?? null,
    cr2High: cr2?.high ?? null,
    bcaLow: bca?.low ?? null,
    bcaHigh: bca?.high ?? null,
    level: cr2?.level ?? bca?.level ?? null,
    cases: estimate.nCases,
    casesLeftOut: estimate.nCasesLeftOut,
    images: estimate.nImages,
    trials: estimate.nTrials,
    flagged: estimate.nGroups?.flagged ?? null,
    unflagged: estimate.nGroups?.unflagged ?? null,
    flag: estimate.exploratory ? 'exploratory' : '',
    reason: estimate.reason,
  }
}

/**
 * All estimates of some estimands as rows, by estimand as given, then arm, then model in {@link modelOrder} with the average
 * over models last, then measure with overall first. An estimand without estimates gives no row. Two estimates of the
 * same thing are refused with an Error, as one would hide the other.
 */
function estimateRows(estimates: Estimates, estimands: readonly Estimate['estimand'][]): EstimateRow[] {
  const models = [...modelOrder(estimates), null]
  const arms = armOrder(estimates.estimates.map(({ arm }) => arm))
  const rank = (row: EstimateRow) => [
    estimands.indexOf(row.estimand),
    arms.indexOf(row.arm),
    models.indexOf(row.model),
    measureOrder.indexOf(row.measure),
  ]
  const ranked = estimates.estimates
    .filter(({ estimand }) => estimands.includes(estimand))
    .map(estimateRow)
    .map((row) => ({ row, rank: rank(row) }))
    .sort((a, b) => compare(a.rank, b.rank))
  ranked.forEach(({ row, rank: place }, index) => {
    const before = ranked[index - 1]
    if (before === undefined || compare(before.rank, place) !== 0) return
    const what = [row.estimand, row.measure, row.model ?? 'average over models', row.arm].join(', ')
    throw new Error(`estimates.json requires one estimate of each thing, got two of: ${what}`)
  })
  return ranked.map(({ row }) => row)
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((rank, place) => rank !== b[place])
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0)
}

/** The main table: every mean score, by arm, model and measure. */
export function mainTable(estimates: Estimates): EstimateRow[] {
  return estimateRows(estimates, ['mean'])
}

/** Every delta between strata: malignant first, then rare. */
export function deltaTable(estimates: Estimates): EstimateRow[] {
  return estimateRows(estimates, ['malignant-delta', 'rare-delta'])
}

/** Every ablation effect, by arm, model and measure. */
export function ablationTable(estimates: Estimates): EstimateRow[] {
  return estimateRows(estimates, ['ablation-effect'])
}

/** What is missing, by model in {@link modelOrder}, then arm, then as given. */
export function exclusionTable(estimates: Estimates): Exclusion[] {
  const models = modelOrder({ ...estimates, models: [...estimates.models, ...estimates.exclusions.map(({ model }) => model)] })
  const arms = armOrder(estimates.exclusions.map(({ arm }) => arm))
  return estimates.exclusions
    .map((row) => ({ row, rank: [models.indexOf(row.model), arms.indexOf(row.arm)] }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ row }) => row)
}
