import type { Estimates } from '../analysis/estimate.ts'
import type { Figure, PlotMark, PlotRow } from './figure.ts'
import { forestFigure } from './forest-figure.ts'
import { shareUnit } from './scale-unit.ts'
import type { FigureSize } from './theme.ts'

const rates = [
  { rate: 'missed-red-flags', title: 'Missed red flags' },
  { rate: 'under-triage', title: 'Under-triage' },
  { rate: 'severe-under-triage', title: 'Severe under-triage' },
  { rate: 'over-triage', title: 'Over-triage' },
] as const

type Rate = Estimates['rates'][number]

function rateMark(rate: Rate): PlotMark {
  const { model, arm, value, interval, exploratory, reason } = rate
  return {
    ...{ model, arm, measure: rate.rate, value },
    ...{ low: interval?.low ?? null, high: interval?.high ?? null },
    ...{ interval: interval?.method ?? null, level: interval?.level ?? null, exploratory },
    ...{ cases: rate.nCases, casesLeftOut: 0, images: rate.nImages, reason },
  }
}

/** Figure of triage errors and missed red flags in arm full, as shares, per model and on average. */
export function triagePlot(estimates: Estimates, size: FigureSize = 'full'): Figure<PlotRow> {
  const scale = { unit: shareUnit, limits: [0, 1], zeroLine: false, axisTitle: 'Share' } as const
  const panels = rates.map(({ rate, title }) => ({
    title,
    numbers: false,
    scale,
    marks: estimates.rates.filter((one) => one.rate === rate && one.arm === 'full').map(rateMark),
  }))
  const plan = {
    name: 'triage',
    title: 'Triage errors and missed red flags',
    subject: 'triage errors and missed red flags in arm full',
    panels,
    arms: ['full'] as const,
    caption:
      'What plain rules found in the conversations of arm full: red flags that were never asked about, advice less urgent than is acceptable, less by two levels or more (severe), and more urgent than is acceptable. Mean over cases of the share of what could have gone wrong; left is better. Advice in which no urgency could be read counts in no triage rate.',
  }
  return forestFigure(estimates, plan, size)
}
