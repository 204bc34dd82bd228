/** Scores of units (images, as means): clinicians’ and jury’s on the labelled ones, and the jury’s on the others. */
export type PpiInput = { truth: readonly number[]; proxy: readonly number[]; unlabelled: readonly number[] }

/** A prediction-powered mean: `lambda` is the weight that it gives the proxy. */
export type PpiMean = { value: number; standardError: number; lambda: number }

/**
 * The prediction-powered mean, PPI++ (Angelopoulos, Duchi and Zrnic 2023): mean(truth) + λ (mean(unlabelled) − mean(proxy)),
 * variance λ² var(unlabelled)/N + var(truth − λ proxy)/n.
 *
 * Without `lambda` the one of least variance is taken, cov(truth, proxy) / ((1 + n/N) var(all proxies)), not clipped; it is 0
 * when the proxy has no spread. `ddof` 1 divides by n − 1, 0 by n (the latter in the covariance and variances but not in the
 * pooled variance, as ppi_py does). The units must be independent and the labelled ones drawn at random. Under two labelled
 * or two unlabelled units, or a value that is not finite, is a RangeError.
 */
export function ppiMean(
  { truth, proxy, unlabelled }: PpiInput,
  { lambda, ddof = 1 }: { lambda?: number; ddof?: 0 | 1 } = {},
): PpiMean {
  const n = truth.length
  const N = unlabelled.length
  if (proxy.length !== n) throw new RangeError(`ppiMean requires a proxy for each of ${n} labelled units, got ${proxy.length}`)
  if (n < 2 || N < 2) throw new RangeError(`ppiMean requires at least 2 labelled and 2 unlabelled units, got ${n} and ${N}`)
  if (![...truth, ...proxy, ...unlabelled].every(Number.isFinite)) throw new RangeError('ppiMean requires finite values')
  const weight = lambda ?? bestLambda({ truth, proxy, unlabelled }, ddof)
  const rectified = truth.map((y, i) => y - weight * (proxy[i] as number))
  const variance = (weight ** 2 * covariance(unlabelled, unlabelled, ddof)) / N + covariance(rectified, rectified, ddof) / n
  return {
    value: mean(rectified) + weight * mean(unlabelled),
    standardError: Math.sqrt(variance),
    lambda: weight,
  }
}

/** One thing scored by the proxy and, where it is labelled, by the truth. */
export type PpiUnit = { cluster: string; truth: number | null; proxy: number }

/**
 * Cluster means for `ppiMean`, so that clusters are the units. A cluster with a labelled thing is a labelled one, and both of
 * its means are over its labelled things alone.
 */
export function clusterPpi(units: readonly PpiUnit[]): PpiInput {
  const truth: number[] = []
  const proxy: number[] = []
  const unlabelled: number[] = []
  for (const members of Map.groupBy(units, (unit) => unit.cluster).values()) {
    const known = members.filter((unit) => unit.truth !== null)
    if (known.length === 0) unlabelled.push(mean(members.map((unit) => unit.proxy)))
    else {
      truth.push(mean(known.map((unit) => unit.truth as number)))
      proxy.push(mean(known.map((unit) => unit.proxy)))
    }
  }
  return { truth, proxy, unlabelled }
}

function bestLambda({ truth, proxy, unlabelled }: PpiInput, ddof: 0 | 1): number {
  const pooled = [...proxy, ...unlabelled]
  const spread = covariance(pooled, pooled, 1)
  return spread > 1e-24 ? covariance(truth, proxy, ddof) / ((1 + truth.length / unlabelled.length) * spread) : 0
}

function covariance(x: readonly number[], y: readonly number[], ddof: 0 | 1): number {
  const mx = mean(x)
  const my = mean(y)
  return x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] as number) - my), 0) / (x.length - ddof)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
