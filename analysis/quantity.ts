import { clusteredMean, pooledMean, tInterval } from './cr2.ts'
import type { Quantity } from './estimate-quantity.ts'
import { effectiveClusters, intervalRefusal } from './exploratory.ts'
import { compareText } from './order.ts'

/** A number that belongs to an image. */
export type ImageValue = { image: string; value: number }

/** A quantity that the data do not allow, with the reason. */
export function noQuantity(reason: string): Quantity {
  return { value: null, low: null, high: null, method: null, reason }
}

/** A number without an interval and the reason; a null number keeps the reason alone. */
export function bareQuantity(value: number | null, reason: string): Quantity {
  return { value, low: null, high: null, method: null, reason }
}

/** The values grouped by image, images in the order of their names. */
export function clustersOf(values: readonly ImageValue[]): number[][] {
  const images = [...Map.groupBy(values, ({ image }) => image)].sort(([a], [b]) => compareText(a, b))
  return images.map(([, members]) => members.map(({ value }) => value))
}

/** Why so few values a cluster allow no interval, or null. */
export function refusalOf(clusters: readonly { length: number }[]): string | null {
  return clusters.length === 0 ? 'no image: no interval' : intervalRefusal(effectiveClusters(clusters))
}

/** The mean of the values with its CR2 t interval by image, and the standard error and df behind it. */
export function meanQuantity(
  values: readonly ImageValue[],
  level: number,
): { quantity: Quantity; standardError: number | null; df: number | null } {
  if (values.length === 0)
    return { quantity: noQuantity('no conversation has what this number needs'), standardError: null, df: null }
  const clusters = clustersOf(values)
  const { value } = pooledMean(clusters)
  if (clusters.length < 2) return { quantity: bareQuantity(value, 'only one image: no interval'), standardError: null, df: null }
  const estimate = clusteredMean(clusters)
  const { standardError, df } = estimate
  const refusal = refusalOf(clusters)
  if (refusal !== null) return { quantity: bareQuantity(value, refusal), standardError, df }
  const reason = standardError === 0 ? 'no spread between images: the interval is only a point' : null
  return { quantity: { value, ...tInterval(estimate, level), method: 'cr2-t', reason }, standardError, df }
}
