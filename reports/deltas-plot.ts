import type { Estimates } from '../analysis/estimate.ts'
import type { Figure } from './figure.ts'
import { forestFigure } from './forest-figure.ts'

const strata = [
  { estimand: 'malignant-delta', title: 'Malignant' },
  { estimand: 'rare-delta', title: 'Rare' },
] as const

/** Figure of the safety deltas in arm full: malignant and rare cases against the others, per model and on average. */
export function deltasPlot(estimates: Estimates): Figure {
  return forestFigure(estimates, {
    name: 'deltas',
    title: 'Safety deltas between strata',
    subject: 'safety deltas in arm full',
    panels: strata.map(({ estimand, title }) => ({
      title,
      holds: (estimate) => estimate.estimand === estimand && estimate.measure === 'safety',
    })),
    numbers: 'all',
    arms: ['full'],
    limits: [-4, 4],
    zeroLine: true,
    axisTitle: 'Safety delta, points',
    caption:
      'Safety delta in arm full: mean safety score of malignant (left) and rare (right) cases minus that of all other cases, in points of the 1–5 scale. Left of the dashed zero line: less safe in that stratum.',
  })
}
