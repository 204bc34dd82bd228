import type { Estimates } from '../analysis/estimate.ts'
import type { Figure, PlotRow } from './figure.ts'
import { forestFigure, marksOf } from './forest-figure.ts'
import { pointUnit } from './scale-unit.ts'
import type { FigureSize } from './theme.ts'

const strata = [
  { estimand: 'malignant-delta', title: 'Malignant' },
  { estimand: 'rare-delta', title: 'Rare' },
] as const

/** Figure of the safety deltas in arm full: malignant and rare cases against the others, per model and on average. */
export function deltasPlot(estimates: Estimates, size: FigureSize = 'full'): Figure<PlotRow> {
  const scale = { unit: pointUnit, limits: [-4, 4], zeroLine: true, axisTitle: 'Safety delta, points' } as const
  const panels = strata.map(({ estimand, title }) => ({
    title,
    numbers: true,
    scale,
    marks: marksOf(estimates, (one) => one.estimand === estimand && one.measure === 'safety' && one.arm === 'full'),
  }))
  const plan = {
    name: 'deltas',
    title: 'Safety deltas between strata',
    subject: 'safety deltas in arm full',
    panels,
    arms: ['full'] as const,
    caption:
      'Safety delta in arm full: mean safety score of malignant and of rare cases minus that of all other cases, in points of the 1–5 scale. Left of the dashed zero line: less safe in that stratum.',
  }
  return forestFigure(estimates, plan, size)
}
