const FEW_IMAGES = 20
const FEW_DF = 4
const FEW_FOR_INTERVAL = 15

/**
 * Whether a number rests on too little to lean on: under 20 effective images (`effectiveClusters`; where that is not at hand,
 * the count of images), or fewer than 4 degrees of freedom (null: none).
 */
export function isExploratory(images: number, df: number | null): boolean {
  return images < FEW_IMAGES || df === null || df < FEW_DF
}

/**
 * Why a number on so few effective images gets no interval, or null when it may have one: under 15, the interval's own
 * spread is too great for its level to mean much (rule of the library evalstats, from its simulations).
 */
export function intervalRefusal(images: number): string | null {
  if (images >= FEW_FOR_INTERVAL) return null
  return `fewer than ${FEW_FOR_INTERVAL} effective images (${Math.floor(images * 10) / 10}): no interval`
}

/**
 * How many equally large clusters would weigh as much as these: n² / Σ n_g² for cluster sizes n_g (Kish 1965). Equal
 * sizes give their number, one large cluster among small ones little more than 1. For a difference between groups, add up
 * the groups' numbers. No cluster, or one without a value, is a RangeError.
 */
export function effectiveClusters(clusters: readonly { length: number }[]): number {
  if (clusters.length === 0) throw new RangeError('effectiveClusters requires at least one cluster, got none')
  let n = 0
  let squares = 0
  for (const { length } of clusters) {
    if (!(length > 0)) throw new RangeError(`effectiveClusters requires clusters with at least one value, got ${length}`)
    n += length
    squares += length * length
  }
  return (n * n) / squares
}
