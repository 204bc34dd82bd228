import type { Cluster } from './cr2.ts'
import { compareText } from './order.ts'

/** Values clustered by image, in the order of the images' names, so that sums have the same bits in any order of the rows. */
export function byImage(scores: readonly { image: string; value: number }[]): Cluster[] {
  const images = Map.groupBy(scores, (score) => score.image)
  return [...images].sort(([a], [b]) => compareText(a, b)).map(([, members]) => members.map((score) => score.value))
}
