import type { TopLevelSpec } from 'vega-lite'
import type { Estimate } from '../analysis/estimate.ts'
import { nameInSentence, plainName } from './names.ts'
import { isShown } from './text-width.ts'

/** A value in a row of a figure. */
export type Cell = string | number | boolean | null

/** The numbers behind one mark of a figure; all rows of one figure have the same keys. */
export type FigureRow = Readonly<Record<string, Cell>>

/** One mark of a forest: the numbers that are drawn and the words beside them. `value` is null where there is no estimate. */
export type PlotRow = {
  panel: string
  label: string
  model: string | null
  arm: Estimate['arm']
  measure: string
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
export type Figure<Row extends FigureRow = FigureRow> = { name: string; title: string } & (
  | { kind: 'drawn'; spec: TopLevelSpec; rows: readonly Row[]; caption: string; alt: string }
  | { kind: 'absent'; sentence: string }
)

/** The label of the average over models in all figures and tables. */
export const averageLabel = 'Average of models'

/**
 * Models’ names as row labels, keyed by model; null stands for the average over models. Two names that look the same once
 * made plain get a number, so that no two rows fall together. A name in a script that the figures’ font lacks is replaced by
 * `noun` and its place, since a PDF would show empty boxes; {@link namesKey} tells it.
 */
export function rowLabels(models: readonly (string | null)[], noun = 'Model'): Map<string | null, string> {
  const taken = new Set<string>()
  return new Map(
    models.map((model, place) => {
      const plain = model === null ? averageLabel : plainName(model)
      const name = isShown(plain) ? plain : `${noun} ${place + 1}`
      const label = Array.from({ length: models.length }, (_, index) => (index === 0 ? name : `${name} (${index + 1})`)).find(
        (candidate) => !taken.has(candidate),
      )
      taken.add(label ?? name)
      return [model, label ?? name]
    }),
  )
}

/** The sentences of a caption that tell which names stand behind labels such as `Model 3`; none where all names are shown. */
export function namesKey(labels: ReadonlyMap<string | null, string>): string[] {
  const replaced = [...labels].flatMap(([model, label]) =>
    model === null || isShown(plainName(model)) ? [] : [`${label}: ${nameInSentence(model)}`],
  )
  return replaced.length === 0 ? [] : [`${replaced.join('; ')}.`]
}

/** What a forest draws in one place: a row without the words around it. */
export type PlotMark = Omit<PlotRow, 'panel' | 'label'>

/** An estimate as a mark, with its first interval (the one that is drawn). */
export function plotMark(estimate: Estimate): PlotMark {
  const interval = estimate.intervals[0]
  return {
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
export function absence(what: string, estimates: readonly { reason: string | null }[]): string {
  const reasons = [...new Set(estimates.flatMap(({ reason }) => (reason === null ? [] : [reason])))]
  if (estimates.length === 0) return `There is no figure of ${what}: this run holds no estimate of it.`
  return `There is no figure of ${what}: none could be estimated${reasons.length > 0 ? ` (${reasons.join('; ')})` : ''}.`
}
