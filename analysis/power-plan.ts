import { detectableNcp, powerOfT } from './power.ts'
import { detectableProportion } from './power-proportions.ts'
import { wilsonInterval } from './wilson.ts'

/** A planned study. Shares, `icc`, `rate`, `significance` and `power` are from 0 to 1; SDs and `effect` are in points. */
export type StudyPlan = {
  cases: number
  /** Different images; as many as cases when each case has its own. */
  images: number
  /** Correlation of two cases on one image. */
  icc: number
  models: number
  malignant: number | null
  rare: number | null
  /** Spread of one model's scores over cases. */
  sd: number
  /** Spread over cases of the difference of two models, or of two arms. */
  sdDiff: number
  /** Spread over cases of the scores averaged over models; null to derive it from `sd` and `sdDiff`. */
  sdMean: number | null
  /** A checklist rate whose precision is asked. */
  rate: number | null
  /** A true effect for which power and the cases needed are asked. */
  effect: number | null
  significance: number
  power: number
}

/** What a planned study can see of one contrast; effects are in points of the 1–5 scale. */
export type PlannedContrast = {
  contrast: string
  /** Cases in the smaller and the larger group, or the pairs. */
  cases: readonly number[]
  sd: number
  df: number
  detectable: number
  /** Contrasts of this kind that are tested together, and what Holm's strictest step can see. */
  comparisons: number
  detectableHolm: number
  /** At the effect asked for: the power, and the cases of the whole study that reach the wanted power; null when none was. */
  powerAtEffect: number | null
  casesNeeded: number | null
}

/** What a planned study says of a rate: its Wilson interval, and the higher rate among malignant cases that it could tell apart. */
export type PlannedRate = { rate: number; low: number; high: number; detectableMalignant: number | null }

type Shape = { contrast: string; share: number | null; sd: number; comparisons: number }

const MOST_CASES = 10_000_000

/** Each contrast of a planned study. A plan outside its ranges is a RangeError that names the value. */
export function planContrasts(plan: StudyPlan): PlannedContrast[] {
  requirePlan(plan)
  return shapesOf(plan).map((shape) => {
    const { cases, df, standardError } = sizeOf(shape, plan.cases, plan)
    const test = { df, significance: plan.significance, alternative: 'two-sided' as const }
    const strictest = { ...test, significance: plan.significance / shape.comparisons }
    return {
      ...{ contrast: shape.contrast, cases, sd: shape.sd, df, comparisons: shape.comparisons },
      detectable: detectableNcp(plan.power, test) * standardError,
      detectableHolm: detectableNcp(plan.power, strictest) * standardError,
      powerAtEffect: plan.effect === null ? null : powerOfT(plan.effect / standardError, test),
      casesNeeded: plan.effect === null ? null : casesFor(plan.effect, shape, plan),
    }
  })
}

/** The precision of the plan's rate for one model, one opportunity a case; null when the plan names no rate. */
export function planRate(plan: StudyPlan): PlannedRate | null {
  requirePlan(plan)
  if (plan.rate === null) return null
  const n = plan.cases / designEffect(plan)
  const ends = wilsonInterval(plan.rate * n, n, 1 - plan.significance)
  const flagged = plan.malignant === null ? null : Math.round(plan.malignant * plan.cases) / designEffect(plan)
  const detectableMalignant =
    flagged === null ? null : detectableProportion(plan.rate, plan.power, flagged, n - flagged, plan.significance)
  return { rate: plan.rate, ...ends, detectableMalignant }
}

/** The SD over cases of scores averaged over k models that correlate as `sd` and `sdDiff` imply: ρ = 1 − sdDiff²/(2·sd²). */
export function sdOfModelMean({ sd, sdDiff, models }: Pick<StudyPlan, 'sd' | 'sdDiff' | 'models'>): number {
  const correlation = 1 - sdDiff ** 2 / (2 * sd ** 2)
  const variance = (sd ** 2 * (1 + (models - 1) * correlation)) / models
  if (!(variance > 0)) throw new RangeError(`sdOfModelMean requires a smaller --sd-diff for --sd ${sd}, got ${sdDiff}`)
  return Math.sqrt(variance)
}

/** By how much cases that share an image count less: 1 + (m − 1)·icc for m cases an image (Kish 1965). */
export function designEffect({ cases, images, icc }: Pick<StudyPlan, 'cases' | 'images' | 'icc'>): number {
  return 1 + (cases / images - 1) * icc
}

function shapesOf(plan: StudyPlan): Shape[] {
  const { models, sd, sdDiff } = plan
  const sdMean = plan.sdMean ?? sdOfModelMean(plan)
  const deltas = (['malignant', 'rare'] as const).flatMap((stratum) => {
    const share = plan[stratum]
    if (share === null) return []
    const one = { contrast: `${stratum} delta, one model`, share, sd, comparisons: models }
    return models === 1
      ? [one]
      : [one, { contrast: `${stratum} delta, mean of ${models} models`, share, sd: sdMean, comparisons: 1 }]
  })
  const pairs = (models * (models - 1)) / 2
  return [
    ...deltas,
    ...(pairs === 0 ? [] : [{ contrast: 'two models, same cases', share: null, sd: sdDiff, comparisons: pairs }]),
    { contrast: 'an arm against full, one model', share: null, sd: sdDiff, comparisons: models },
  ]
}

/** Groups, standard error and degrees of freedom as `clusteredMean` and `clusteredDifference` give them for equal images. */
function sizeOf({ share, sd }: Shape, cases: number, plan: StudyPlan): { cases: number[]; df: number; standardError: number } {
  const perImage = plan.cases / plan.images
  const spread = sd * Math.sqrt(designEffect(plan))
  if (share === null) return { cases: [cases], df: cases / perImage - 1, standardError: spread / Math.sqrt(cases) }
  const flagged = Math.round(share * cases)
  const groups = [flagged, cases - flagged]
  const inverse = groups.map((n) => 1 / n)
  const df = inverse.reduce((sum, i) => sum + i, 0) ** 2 / groups.reduce((sum, n) => sum + 1 / (n * n) / (n / perImage - 1), 0)
  return { cases: groups, df, standardError: spread * Math.sqrt(inverse.reduce((sum, i) => sum + i, 0)) }
}

function casesFor(effect: number, shape: Shape, plan: StudyPlan): number | null {
  const suffices = (cases: number) => {
    if (!hasTwoImages(shape.share, cases, plan)) return false
    const { df, standardError } = sizeOf(shape, cases, plan)
    return powerOfT(effect / standardError, { df, significance: plan.significance, alternative: 'two-sided' }) >= plan.power
  }
  let enough = 4
  while (!suffices(enough)) {
    enough *= 2
    if (enough > MOST_CASES) return null
  }
  let lacking = 1
  while (enough - lacking > 1) {
    const middle = Math.floor((lacking + enough) / 2)
    if (suffices(middle)) enough = middle
    else lacking = middle
  }
  return enough
}

function hasTwoImages(share: number | null, cases: number, { cases: planned, images }: StudyPlan): boolean {
  const flagged = share === null ? cases : Math.round(share * cases)
  const smallest = share === null ? cases : Math.min(flagged, cases - flagged)
  return (smallest * images) / planned >= 2
}

function requirePlan(plan: StudyPlan): void {
  const need = (fine: boolean, what: string, got: number | null) => {
    if (!fine) throw new RangeError(`a plan requires ${what}, got ${got}`)
  }
  const share = (value: number | null) => value === null || (value > 0 && value < 1)
  need(Number.isInteger(plan.cases) && plan.cases >= 2, 'at least 2 whole cases', plan.cases)
  need(Number.isInteger(plan.images) && plan.images >= 2 && plan.images <= plan.cases, 'from 2 images to one a case', plan.images)
  need(plan.icc >= 0 && plan.icc <= 1, 'an icc from 0 to 1', plan.icc)
  need(Number.isInteger(plan.models) && plan.models >= 1, 'at least 1 model', plan.models)
  for (const name of ['sd', 'sdDiff'] as const) need(plan[name] > 0 && plan[name] <= 4, `${name} above 0 and up to 4`, plan[name])
  need(plan.sdMean === null || (plan.sdMean > 0 && plan.sdMean <= 4), 'sdMean above 0 and up to 4', plan.sdMean)
  for (const name of ['malignant', 'rare', 'rate'] as const) need(share(plan[name]), `${name} between 0 and 1`, plan[name])
  for (const name of ['malignant', 'rare'] as const)
    need(
      plan[name] === null || hasTwoImages(plan[name], plan.cases, plan),
      `at least 2 images on each side of ${name}`,
      plan[name],
    )
  need(plan.effect === null || (plan.effect > 0 && plan.effect <= 4), 'an effect above 0 and up to 4 points', plan.effect)
  need(plan.significance > 0 && plan.significance < 1, 'a significance between 0 and 1', plan.significance)
  need(plan.power > plan.significance && plan.power < 1, 'a power between the significance and 1', plan.power)
}
