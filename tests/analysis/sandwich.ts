import type { Cluster } from '../../analysis/cr2.ts'

/** Standard errors of a mean that the analysis does not use, for comparison with outside software. */
export type OtherErrors = { iid: number; cr0: number; cr1: number; cr3: number; n: number; clusters: number }

/**
 * The error that ignores clusters, s/√n, and three older cluster-robust ones (Cameron and Miller 2015), for the mean of all
 * values: CR0 = √(Σ e_g²)/n, CR1 = CR0·√(G/(G − 1)), CR3 = √(Σ (e_g/(1 − n_g/n))²)/n with e_g the residual sum of cluster g.
 */
export function otherErrors(clusters: readonly Cluster[]): OtherErrors {
  const values = clusters.flat()
  const n = values.length
  const mean = values.reduce((sum, y) => sum + y, 0) / n
  const residuals = clusters.map((cluster) => cluster.reduce((sum, y) => sum + y - mean, 0))
  const rms = (errors: readonly number[]) => Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0)) / n
  const iid = Math.sqrt(values.reduce((sum, y) => sum + (y - mean) ** 2, 0) / (n - 1) / n)
  const cr0 = rms(residuals)
  const cr3 = rms(residuals.map((e, g) => e / (1 - (clusters[g] as Cluster).length / n)))
  return { iid, cr0, cr1: cr0 * Math.sqrt(clusters.length / (clusters.length - 1)), cr3, n, clusters: clusters.length }
}
