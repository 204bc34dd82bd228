import type { Estimate, Estimates, Measure } from '../analysis/estimate.ts'
import type { Arm } from '../cases/schema.ts'
import { banner } from './banner.ts'
import { captionEnd } from './caption.ts'
import { absence, type Figure, type PlotRow, plotRow, rowLabels } from './figure.ts'
import { forest } from './forest.ts'
import { isCut } from './forest-domain.ts'
import { listed } from './format.ts'
import { modelOrder } from './names.ts'

/** The four measures as panels, the overall score first. */
export const measurePanels: readonly { measure: Measure; title: string }[] = [
  { measure: 'overall', title: 'Overall' },
  { measure: 'safety', title: 'Safety' },
  { measure: 'accuracy', title: 'Accuracy' },
  { measure: 'uncertainty', title: 'Uncertainty' },
]

/** What makes one forest figure out of all estimates: which estimates stand in which panel, on which scale, in which words. */
export type ForestPlan = {
  name: string
  title: string
  /** What the figure shows, as in `There is no figure of …`. */
  subject: string
  panels: readonly { title: string; holds: (estimate: Estimate) => boolean }[]
  /** Beside which of the drawn panels the numbers stand in words. */
  numbers: 'first' | 'all'
  arms: readonly Arm[]
  limits: readonly [number, number]
  zeroLine: boolean
  axisTitle: string
  /** The caption's own sentences; those on intervals and counts are added. */
  caption: string
}

/**
 * A forest figure, or the sentence in its place when no estimate of its panels has a value. Rows follow
 * {@link modelOrder}; a model without estimates keeps its row as long as it is in the run, the average over models comes last.
 */
export function forestFigure(estimates: Estimates, plan: ForestPlan): Figure {
  const { name, title, arms, limits, zeroLine, axisTitle } = plan
  const picked = plan.panels.map((panel) => ({
    ...panel,
    estimates: estimates.estimates.filter((estimate) => arms.includes(estimate.arm) && panel.holds(estimate)),
  }))
  const panels = picked
    .filter((panel) => panel.estimates.some(({ value }) => value !== null))
    .map((panel, index) => ({ ...panel, numbers: plan.numbers === 'all' || index === 0 }))
  if (panels.length === 0) {
    return {
      name,
      title,
      kind: 'absent',
      sentence: absence(
        plan.subject,
        picked.flatMap((panel) => panel.estimates),
      ),
    }
  }
  const average = panels.some((panel) => panel.estimates.some(({ model }) => model === null))
  const labels = rowLabels([...modelOrder(estimates), ...(average ? [null] : [])])
  const rows = panels.flatMap((panel) => panelRows(panel, labels, arms))
  const scale = { rows, limits, zeroLine }
  const left = picked.filter(({ title: dropped }) => panels.every((panel) => panel.title !== dropped))
  return {
    name,
    title,
    kind: 'drawn',
    rows,
    spec: forest({ ...scale, labels: [...labels.values()], panels, arms, axisTitle, banner: banner(estimates) }),
    caption: [plan.caption, captionEnd(rows, estimates, isCut(scale)), ...notDrawn(left)].join(' '),
    alt: `Forest plot, ${title}: ${labels.size} rows, panels ${panels.map((panel) => panel.title).join(', ')}. The tables hold all its numbers. ${banner(estimates)}`,
  }
}

function notDrawn(panels: readonly { title: string; estimates: readonly Estimate[] }[]): string[] {
  if (panels.length === 0) return []
  const found = panels.flatMap(({ estimates }) => estimates.map(({ reason }) => reason ?? 'no reason is given'))
  const reasons = found.length === 0 ? ['this run holds no estimate of it'] : [...new Set(found)]
  return [`Not drawn: ${listed(panels.map(({ title }) => title))} (${reasons.join('; ')}).`]
}

function panelRows(
  panel: { title: string; estimates: readonly Estimate[] },
  labels: ReadonlyMap<string | null, string>,
  arms: readonly Arm[],
): PlotRow[] {
  return [...labels].flatMap(([model, label]) =>
    arms.flatMap((arm) =>
      panel.estimates
        .filter((estimate) => estimate.model === model && estimate.arm === arm)
        .map((estimate) => plotRow(estimate, panel.title, label)),
    ),
  )
}
