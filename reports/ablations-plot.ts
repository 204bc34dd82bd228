import type { Estimates } from '../analysis/estimate.ts'
import type { Arm } from '../cases/schema.ts'
import { armOrder } from './arm-marks.ts'
import type { Figure, PlotRow } from './figure.ts'
import { forestFigure, marksOf, measurePanels } from './forest-figure.ts'
import { pointUnit } from './scale-unit.ts'
import type { FigureSize } from './theme.ts'

function taken(arms: readonly Arm[]): string {
  const alone = [...(arms.includes('no-image') ? ['the image'] : []), ...(arms.includes('no-ehr') ? ['the EHR'] : [])]
  const both = arms.includes('no-image-no-ehr') ? [alone.length === 2 ? 'both' : 'image and EHR'] : []
  const away = [...alone, ...both]
  if (away.length === 0 || away.length < armOrder(arms).length) return 'each arm'
  const start = away.slice(0, -1).join(', ')
  return `taking ${start === '' ? '' : `${start} or `}${away.at(-1)} away`
}

/** Figure of the ablation effects: each arm against arm full on the same cases, per model and on average, in all measures. */
export function ablationsPlot(estimates: Estimates, size: FigureSize = 'full'): Figure<PlotRow> {
  const effects = estimates.estimates.filter(({ estimand }) => estimand === 'ablation-effect')
  const scale = { unit: pointUnit, limits: [-4, 4], zeroLine: true, axisTitle: 'Effect, points' } as const
  const panels = measurePanels.map(({ measure, title }) => ({
    title,
    scale,
    marks: marksOf(estimates, (one) => one.estimand === 'ablation-effect' && one.measure === measure),
  }))
  const first = panels.findIndex(({ marks }) => marks.some(({ value }) => value !== null))
  const plan = {
    name: 'ablations',
    title: 'Ablation effects',
    subject: 'ablation effects',
    panels: panels.map((panel, index) => ({ ...panel, numbers: index === first })),
    arms: armOrder(effects.map(({ arm }) => arm)),
    caption: `Effect of ${taken(effects.map(({ arm }) => arm))}: mean difference to arm full on the same cases, in points of the 1–5 scale. Left of the dashed zero line: worse without.`,
  }
  return forestFigure(estimates, plan, size)
}
