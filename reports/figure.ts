import type { TopLevelSpec } from 'vega-lite'
import type { Estimate, Measure } from '../analysis/estimate.ts'
import { plainName } from './names.ts'

/** One mark of a figure: the numbers that are drawn and the words beside them. `value` is null where there is no estimate. */
export type PlotRow = {
  panel: string
  label: string
  model: string | null
  arm: Estimate['arm']
  measure: Measure
  value: number | null
  low: number | null
  high: number | null
  interval: string | null
  level: number | null
  exploratory: boolean
  cases: number
  casesLeftOut: number
  images: number
  reason: string | null
}

/** A figure, or a sentence saying why there is none. `name` is its file name without ending; `alt` describes it to who cannot see it. */
export type Figure = { name: string; title: string } & (
  | { kind: 'drawn'; spec: TopLevelSpec; rows: PlotRow[]; caption: string; alt: string }
  | { kind: 'absent'; sentence: string }
)

/** The label of the average over models in all figures and tables. */
export const averageLabel = 'Average of models'

/**
 * Models' names as row labels, keyed by model; null stands for the average over models. Two names that look the same once
 * made plain get a number, so that no two rows fall together.
 */
export function rowLabels(models: readonly (string | null)[]): Map<string | null, string> {
  const taken = new Set<string>()
  return new Map(
    models.map((model) => {
      const name = model === null ? averageLabel : plainName(model)
      const label = Array.from({ length: models.length }, (_, index) => (index === 0 ? name : `${name} (${index + 1})`)).find(
        (candidate) => !taken.has(candidate),
      )
      taken.add(label ?? name)
      return [model, label ?? name]
    }),
  )
}

/** An estimate as a row of a figure's panel, with its first interval (the one that is drawn). */
export function plotRow(estimate: Estimate, panel: string, label: string): PlotRow {
  const interval = estimate.intervals[0]
  return {
    panel,
    label,
    model: estimate.model,
    arm: estimate.arm,
    measure: estimate.measure,
    value: estimate.value,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    interval: interval?.method ?? null,
    level: interval?.level ?? null,
    exploratory: estimate.exploratory,
    cases: estimate.nCases,
    casesLeftOut: estimate.nCasesLeftOut,
    images: estimate.nImages,
    reason: estimate.reason,
  }
}

/** Why nothing can be drawn: the distinct reasons that the estimates give, or that the file holds no such estimate. */
export function absence(what: string, estimates: readonly Estimate[]): string {
  const reasons = [...new Set(estimates.flatMap(({ reason }) => (reason === null ? [] : [reason])))]
  if (estimates.length === 0) return `There is no figure of ${what}: this run holds no estimate of it.`
  return `There is no figure of ${what}: none could be estimated${reasons.length > 0 ? ` (${reasons.join('; ')})` : ''}.`
}
