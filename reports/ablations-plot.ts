import type { Estimates } from '../analysis/estimate.ts'
import { armOrder } from './arm-marks.ts'
import type { Figure } from './figure.ts'
import { forestFigure, measurePanels } from './forest-figure.ts'

/** Figure of the ablation effects: each arm against arm full on the same cases, per model and on average, in all measures. */
export function ablationsPlot(estimates: Estimates): Figure {
  const effects = estimates.estimates.filter(({ estimand }) => estimand === 'ablation-effect')
  return forestFigure(estimates, {
    name: 'ablations',
    title: 'Ablation effects',
    subject: 'ablation effects',
    panels: measurePanels.map(({ measure, title }) => ({
      title,
      holds: (estimate) => estimate.estimand === 'ablation-effect' && estimate.measure === measure,
    })),
    numbers: 'first',
    arms: armOrder(effects.map(({ arm }) => arm)),
    limits: [-4, 4],
    zeroLine: true,
    axisTitle: 'Effect, points',
    caption:
      'Effect of taking the image, the EHR or both away: mean difference to arm full on the same cases, in points of the 1–5 scale. Left of the dashed zero line: worse without.',
  })
}
