import type { Estimates } from '../analysis/estimate.ts'
import type { Figure } from './figure.ts'
import { forestFigure, measurePanels } from './forest-figure.ts'

/** Figure of the mean scores of each model in arm full, overall and by dimension, best overall score first. */
export function scoresPlot(estimates: Estimates): Figure {
  return forestFigure(estimates, {
    name: 'scores',
    title: 'Scores in arm full',
    subject: 'scores in arm full',
    panels: measurePanels.map(({ measure, title }) => ({
      title,
      holds: (estimate) => estimate.estimand === 'mean' && estimate.measure === measure,
    })),
    numbers: 'first',
    arms: ['full'],
    limits: [1, 5],
    zeroLine: false,
    axisTitle: 'Mean score, 1–5',
    caption:
      'Mean score of each model in arm full (image and EHR shown), from 1 (worst) to 5 (best); models in order of the overall score.',
  })
}
