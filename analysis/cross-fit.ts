import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { slopeOf, slopeWeights } from './strength-slope.ts'

/** The cases of one image: how many, and the sums over them of every model's full score and benefit, models in one order. */
export type BenefitSums = { cases: number; full: readonly number[]; benefits: readonly number[] }

/** One half of the images, by place, and every model's mean full score on the other half. */
export type Half = { images: readonly number[]; strengths: readonly number[] }

/** Both halves of `splits` random halvings of the images, from the stream of `seed`. Fewer than two images give none. */
export function halvesOf(images: readonly BenefitSums[], { splits, seed }: { splits: number; seed: number }): Half[] {
  if (images.length < 2) return []
  const order = [...images.keys()]
  const stream = xoroshiro128plus(seed)
  const border = order.length >>> 1
  return Array.from({ length: splits }).flatMap(() => {
    for (let i = order.length - 1; i > 0; i--) swap(order, i, uniformInt(stream, 0, i))
    const [one, other] = [order.slice(0, border), order.slice(border)]
    const strengths = (half: readonly number[]) =>
      meansOf(
        half.flatMap((place) => images[place] ?? []),
        'full',
      )
    return [
      { images: one, strengths: strengths(other) },
      { images: other, strengths: strengths(one) },
    ]
  })
}

/**
 * The slope of benefit on strength image by image, the strength of each model being its mean full score on the images of the
 * other half, so that the noise of a case is not on both sides; averaged over the halvings. The model `left` is left out.
 *
 * Returns each image's mean slope over its cases; their mean, each image weighing as many cases as it has, is the estimate.
 * Null when an image is in no half where the models differ in strength.
 */
export function crossFitSlopes(images: readonly BenefitSums[], halves: readonly Half[], left: number | null): number[] | null {
  const slopes = images.map(() => 0)
  const used = images.map(() => 0)
  for (const half of halves) {
    const weights = slopeWeights(half.strengths, left)
    if (weights === null) continue
    for (const place of half.images) {
      const { cases, benefits } = images[place] as BenefitSums
      used[place] = (used[place] as number) + 1
      slopes[place] = (slopes[place] as number) + slopeOf(weights, benefits) / cases
    }
  }
  return used.includes(0) ? null : slopes.map((sum, place) => sum / (used[place] as number))
}

/** Each model's mean full score or benefit over the cases of the images. No image is a RangeError. */
export function meansOf(images: readonly BenefitSums[], field: 'full' | 'benefits'): number[] {
  const [first] = images
  if (first === undefined) throw new RangeError('meansOf requires at least one image, got none')
  const sums = first[field].map(() => 0)
  let cases = 0
  for (const image of images) {
    cases += image.cases
    for (let m = 0; m < sums.length; m++) sums[m] = (sums[m] as number) + (image[field][m] as number)
  }
  return sums.map((sum) => sum / cases)
}

function swap(values: number[], i: number, j: number): void {
  const kept = values[i] as number
  values[i] = values[j] as number
  values[j] = kept
}
