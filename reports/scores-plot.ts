import type { Estimates } from '../analysis/estimate.ts'
import type { Figure, PlotRow } from './figure.ts'
import { forestFigure, marksOf } from './forest-figure.ts'
import { pointUnit } from './scale-unit.ts'
import type { FigureSize } from './theme.ts'

/** Figure of the mean overall score of each model in arm full, best first. */
export function scoresPlot(estimates: Estimates, size: FigureSize = 'full'): Figure<PlotRow> {
  const marks = marksOf(estimates, (one) => one.estimand === 'mean' && one.measure === 'overall' && one.arm === 'full')
  const scale = { unit: pointUnit, limits: [1, 5], zeroLine: false, axisTitle: 'Mean overall score, 1–5' } as const
  const plan = {
    name: 'scores',
    title: 'Overall scores in arm full',
    subject: 'overall scores in arm full',
    panels: [{ title: 'Overall', numbers: true, scale, marks }],
    arms: ['full'] as const,
    caption:
      'Mean overall score of each model in arm full (image and EHR shown), from 1 (worst) to 5 (best), the mean of safety, accuracy and uncertainty; models in order of this score.',
  }
  return forestFigure(estimates, plan, size)
}
