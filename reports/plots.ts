import type { Estimates } from '../analysis/estimate.ts'
import { ablationsPlot } from './ablations-plot.ts'
import { agreementPlot } from './agreement-plot.ts'
import { costPlot } from './cost-plot.ts'
import { deltasPlot } from './deltas-plot.ts'
import { dimensionsPlot } from './dimensions-plot.ts'
import { distributionPlot } from './distribution-plot.ts'
import type { Figure } from './figure.ts'
import { juryCliniciansPlot } from './jury-clinicians-plot.ts'
import { missingPlot } from './missing-plot.ts'
import { pairsPlot } from './pairs-plot.ts'
import { ranksPlot } from './ranks-plot.ts'
import { safetyAccuracyPlot } from './safety-accuracy-plot.ts'
import { scoresPlot } from './scores-plot.ts'
import { strengthPlot } from './strength-plot.ts'
import type { FigureSize } from './theme.ts'
import { triagePlot } from './triage-plot.ts'

/** A figure as a pure function of the estimates; full width unless told otherwise. */
export type Plot = (estimates: Estimates, size?: FigureSize) => Figure

/** All figures of a report in their order. */
export const plots: readonly Plot[] = [
  scoresPlot,
  dimensionsPlot,
  deltasPlot,
  ablationsPlot,
  strengthPlot,
  juryCliniciansPlot,
  agreementPlot,
  distributionPlot,
  ranksPlot,
  safetyAccuracyPlot,
  pairsPlot,
  triagePlot,
  missingPlot,
  costPlot,
]
