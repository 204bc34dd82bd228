import type { Arm } from '../cases/schema.ts'
import { commonCases, placesByImage } from './aligned-scores.ts'
import { armRefusal } from './arm-contradiction.ts'
import type { CaseScore } from './case-scores.ts'
import type { CaseTable } from './case-table.ts'
import { noNumbers, numbersOrNone } from './clustered-numbers.ts'
import { spearman } from './correlation.ts'
import { type BenefitSums, crossFitSlopes, type Half, halvesOf, meansOf } from './cross-fit.ts'
import type { Study } from './estimands.ts'
import type { StrengthInteraction } from './estimate-models.ts'
import { leastSquares } from './least-squares.ts'
import { Measure } from './measure.ts'
import { orderPermutation } from './order-permutation.ts'
import { slopeOf, slopeWeights } from './strength-slope.ts'

/** Random halvings of the images that the cross-fit averages over. */
const SPLITS = 20
/** Orders of models drawn where they cannot all be counted. */
const DRAWS = 10_000
const FEW_MODELS = 3

type Method = StrengthInteraction['method']
/** What one arm and measure give; `overall` is each model's mean overall score in full, or null when one has none. */
type Frame = {
  arm: Arm
  measure: Measure
  models: readonly string[]
  images: readonly BenefitSums[]
  overall: readonly number[] | null
  halves: readonly Half[]
  seed: number
}

/**
 * Whether stronger models lose more without the image or record, for every arm but `full` and every measure, by three methods:
 * Oldham (1962), cross-fit over halves of the images, and the naive slope, which is biased and named so.
 *
 * The slope is the mean over cases of the case's own slope over models, CR2 t by image, the models and their strengths being
 * fixed. Beside it the line through the models (HC3, Cook, each model left out) and the permutation of Spearman's correlation
 * over the orders of the models. Oldham's strength turns its order round where the loss grows more than twice as fast as the
 * full score; the two unbiased slopes then disagree in sign. Only cases with full and arm of every model count.
 */
export function relateStrength({ trials, models, arms, rule }: Study, table: CaseTable): StrengthInteraction[] {
  return arms
    .filter((arm) => arm !== 'full')
    .flatMap((arm) => {
      const refusal = armRefusal(trials, models, arm)
      return Measure.options.flatMap((measure) => {
        const frame = frameOf(table, models, arm, measure, rule.seed)
        return (['oldham', 'cross-fit', 'naive'] as const).map((method) => interaction(frame, method, refusal, rule.level))
      })
    })
}

function frameOf(table: CaseTable, models: readonly string[], arm: Arm, measure: Measure, seed: number): Frame {
  const lists = (of: Arm) => models.map((model) => table(model, of, measure))
  const common = commonCases([...lists('full'), ...lists(arm)])
  const images = placesByImage(common[0] ?? []).map((places): BenefitSums => {
    const sums = common.map((list) => places.reduce((sum, place) => sum + (list[place] as CaseScore).value, 0))
    const full = sums.slice(0, models.length)
    return { cases: places.length, full, benefits: full.map((sum, m) => sum - (sums[models.length + m] as number)) }
  })
  const overall = models.map((model) => table(model, 'full', 'overall').map(({ value }) => value))
  const known = overall.every((values) => values.length > 0)
  const halves = halvesOf(images, { splits: SPLITS, seed })
  return { arm, measure, models, images, overall: known ? overall.map(meanOf) : null, halves, seed }
}

function interaction(frame: Frame, method: Method, refusal: string | null, level: number): StrengthInteraction {
  const { arm, measure, models, images, seed } = frame
  const row = {
    arm,
    measure,
    method,
    biased: method === 'naive',
    strengthMeasure: method === 'naive' ? ('overall' as const) : measure,
    nModels: models.length,
    nCases: images.reduce((sum, { cases }) => sum + cases, 0),
    nImages: images.length,
  }
  const fit = refusal ?? fitStrength(frame, method)
  if (typeof fit === 'string')
    return { ...row, ...noNumbers(fit), standardErrorHc3: null, spearman: null, permutation: null, points: [] }
  const { strengths, benefits, slopes } = fit
  // With cross-fit the strengths differ from half to half, so there is no one line through the models.
  const line = method === 'cross-fit' ? null : leastSquares(strengths, benefits)
  return {
    ...row,
    ...numbersOrNone(
      images.map(({ cases }, g) => new Array<number>(cases).fill(slopes[g] as number)),
      level,
    ),
    standardErrorHc3: line?.standardErrors?.slopeHc3 ?? null,
    spearman: line === null ? null : spearman(strengths, benefits),
    permutation: line === null ? null : orderPermutation(strengths, benefits, { draws: DRAWS, seed }),
    points: models.map((model, m) => ({
      model,
      strength: strengths[m] as number,
      benefit: benefits[m] as number,
      cooksDistance: line?.cooksDistances[m] ?? null,
      slopeWithout: slopeWithout(frame, m, strengths, method),
    })),
  }
}

type StrengthFit = { strengths: readonly number[]; benefits: readonly number[]; slopes: readonly number[] }

/** Strengths, benefits and the mean slope of each image, or why there is none. */
function fitStrength(frame: Frame, method: Method): StrengthFit | string {
  const { models, images, overall } = frame
  if (models.length < FEW_MODELS) return `a slope over models needs at least ${FEW_MODELS} models`
  if (images.length === 0) return 'no case has full and the arm of every model'
  const [full, benefits] = [meansOf(images, 'full'), meansOf(images, 'benefits')]
  // Oldham's strength, the mean of full and arm, is full minus half the benefit.
  const oldham = full.map((strength, m) => strength - (benefits[m] as number) / 2)
  const strengths = { oldham, 'cross-fit': full, naive: overall }[method]
  if (strengths === null) return 'no overall score of every model in arm full'
  const slopes = imageSlopes(frame, null, strengths, method)
  return slopes === null ? 'the models do not differ in strength, or there is only one image' : { strengths, benefits, slopes }
}

/** The mean slope of each image over the models, the model `left` being left out. */
function imageSlopes(frame: Frame, left: number | null, strengths: readonly number[], method: Method): number[] | null {
  const { images, halves } = frame
  if (method === 'cross-fit') return crossFitSlopes(images, halves, left)
  const weights = slopeWeights(strengths, left)
  return weights && images.map(({ cases, benefits }) => slopeOf(weights, benefits) / cases)
}

function slopeWithout(frame: Frame, left: number, strengths: readonly number[], method: Method): number | null {
  const slopes = imageSlopes(frame, left, strengths, method)
  if (slopes === null) return null
  const cases = frame.images.reduce((sum, image) => sum + image.cases, 0)
  return frame.images.reduce((sum, image, g) => sum + image.cases * (slopes[g] as number), 0) / cases
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
