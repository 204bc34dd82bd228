import type { CaseScore } from './case-scores.ts'
import { compareText } from './order.ts'

/** The scores of the cases on one image. */
export type ImageCluster = { image: string; scores: readonly CaseScore[] }

/** Case scores by image, the images in the order of their names. */
export function imagesOf(scores: readonly CaseScore[]): ImageCluster[] {
  const images = [...Map.groupBy(scores, (score) => score.image)]
  return images.map(([image, members]) => ({ image, scores: members })).sort((a, b) => compareText(a.image, b.image))
}

/** The values of a cluster. */
export function valuesOf({ scores }: ImageCluster): number[] {
  return scores.map((score) => score.value)
}
