import type { Estimate, Estimates, Measure } from '../analysis/estimate.ts'
import type { Arm } from '../cases/schema.ts'
import { banner } from './banner.ts'
import { captionEnd } from './caption.ts'
import { absence, type Figure, namesKey, type PlotMark, type PlotRow, plotMark, rowLabels } from './figure.ts'
import { type ForestColumn, forest } from './forest.ts'
import { isCut } from './forest-domain.ts'
import { listed } from './format.ts'
import { modelOrder } from './names.ts'
import type { FigureSize } from './theme.ts'

/** The three dimensions as panels. */
export const dimensionPanels: readonly { measure: Measure; title: string }[] = [
  { measure: 'safety', title: 'Safety' },
  { measure: 'accuracy', title: 'Accuracy' },
  { measure: 'uncertainty', title: 'Uncertainty' },
]

/** The four measures as panels, the overall score first. */
export const measurePanels: readonly { measure: Measure; title: string }[] = [
  { measure: 'overall', title: 'Overall' },
  ...dimensionPanels,
]

/** A panel of a plan: its column, and the marks that stand in it. */
type PlannedPanel = ForestColumn & { marks: readonly PlotMark[] }

/** What makes one forest figure: which marks stand in which panel, on which scale, in which words. */
export type ForestPlan = {
  name: string
  title: string
  /** What the figure shows, as in `There is no figure of …`. */
  subject: string
  panels: readonly PlannedPanel[]
  arms: readonly Arm[]
  /** The caption's own sentences; those on intervals and counts are added. */
  caption: string
}

/** The marks of all estimates that `holds` accepts. */
export function marksOf(estimates: Estimates, holds: (estimate: Estimate) => boolean): PlotMark[] {
  return estimates.estimates.filter(holds).map(plotMark)
}

/**
 * A forest figure, or the sentence in its place when no mark of its panels has a value. A panel without any value is left
 * out, and the caption says why. Rows follow {@link modelOrder}; a model without estimates keeps its row as long as it is in
 * the run, the average over models comes last.
 */
export function forestFigure(estimates: Estimates, plan: ForestPlan, size: FigureSize): Figure<PlotRow> {
  const { name, title, arms } = plan
  const panels = plan.panels.filter(({ marks }) => marks.some(({ value }) => value !== null))
  if (panels.length === 0)
    return {
      name,
      title,
      kind: 'absent',
      sentence: absence(
        plan.subject,
        plan.panels.flatMap(({ marks }) => marks),
      ),
    }
  const average = panels.some(({ marks }) => marks.some(({ model }) => model === null))
  const labels = rowLabels([...modelOrder(estimates), ...(average ? [null] : [])])
  const rows = panels.flatMap((panel) => panelRows(panel, labels, arms))
  const cut = panels.some(({ title: panel, scale }) => isCut({ ...scale, rows: rows.filter((row) => row.panel === panel) }))
  const left = plan.panels.filter((panel) => !panels.includes(panel))
  return {
    name,
    title,
    kind: 'drawn',
    rows,
    spec: forest({ size, rows, labels: [...labels.values()], panels, arms, banner: banner(estimates) }),
    caption: [plan.caption, captionEnd(rows, estimates, cut), ...notDrawn(left), ...namesKey(labels)].join(' '),
    alt: `Forest plot, ${title}: ${labels.size} rows, panels ${panels.map((panel) => panel.title).join(', ')}. The tables hold all its numbers. ${banner(estimates)}`,
  }
}

function notDrawn(panels: readonly PlannedPanel[]): string[] {
  if (panels.length === 0) return []
  const found = panels.flatMap(({ marks }) => marks.map(({ reason }) => reason ?? 'no reason is given'))
  const reasons = found.length === 0 ? ['this run holds no estimate of it'] : [...new Set(found)]
  return [`Not drawn: ${listed(panels.map(({ title }) => title))} (${reasons.join('; ')}).`]
}

function panelRows(panel: PlannedPanel, labels: ReadonlyMap<string | null, string>, arms: readonly Arm[]): PlotRow[] {
  return [...labels].flatMap(([model, label]) =>
    arms.flatMap((arm) =>
      panel.marks
        .filter((mark) => mark.model === model && mark.arm === arm)
        .map((mark) => ({ panel: panel.title, label, ...mark })),
    ),
  )
}
