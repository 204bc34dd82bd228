import type { Estimates } from '../analysis/estimate.ts'
import type { Figure, PlotRow } from './figure.ts'
import { dimensionPanels, forestFigure, marksOf } from './forest-figure.ts'
import { pointUnit } from './scale-unit.ts'
import type { FigureSize } from './theme.ts'

/** Figure of the mean score of each model in arm full on safety, accuracy and uncertainty, a panel each. */
export function dimensionsPlot(estimates: Estimates, size: FigureSize = 'full'): Figure<PlotRow> {
  const scale = { unit: pointUnit, limits: [1, 5], zeroLine: false, axisTitle: 'Mean score, 1–5' } as const
  const panels = dimensionPanels.map(({ measure, title }) => ({
    title,
    numbers: false,
    scale,
    marks: marksOf(estimates, (one) => one.estimand === 'mean' && one.measure === measure && one.arm === 'full'),
  }))
  const plan = {
    name: 'dimensions',
    title: 'Scores by dimension in arm full',
    subject: 'scores by dimension in arm full',
    panels,
    arms: ['full'] as const,
    caption:
      'Mean score of each model in arm full (image and EHR shown) on safety, accuracy and uncertainty, from 1 (worst) to 5 (best); models in order of the overall score.',
  }
  return forestFigure(estimates, plan, size)
}
