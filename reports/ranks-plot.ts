import type { Estimates } from '../analysis/estimate.ts'
import type { Figure, PlotMark, PlotRow } from './figure.ts'
import { forestFigure } from './forest-figure.ts'
import { leadMeasure, measureWords } from './lead-measure.ts'
import { rankUnit, shareUnit } from './scale-unit.ts'
import type { FigureSize } from './theme.ts'

type Ranking = Estimates['comparisons']['rankings'][number]

/** Figure of the place of each model among the others in arm full, with its interval, and the chance to be the best. */
export function ranksPlot(estimates: Estimates, size: FigureSize = 'full'): Figure<PlotRow> {
  const { rankings } = estimates.comparisons
  const measure = leadMeasure((wanted) => rankings.some((one) => one.measure === wanted && one.models.length > 0))
  const ranking = rankings.find((one) => one.measure === measure)
  const models = ranking === undefined || ranking.models.length < 2 ? [] : ranking.models
  const mark = (model: Ranking['models'][number]): PlotMark => ({
    ...{ model: model.model, arm: 'full', measure, value: model.rank, low: model.low, high: model.high },
    ...{ interval: model.low === null ? null : 'rank-percentile', level: model.low === null ? null : (ranking?.level ?? null) },
    ...{ exploratory: ranking?.exploratory ?? true, cases: ranking?.nCases ?? 0, casesLeftOut: 0, images: ranking?.nImages ?? 0 },
    reason: ranking?.reason ?? null,
  })
  const best = models.map((model) => ({ ...mark(model), value: model.pBest, low: null, high: null, interval: null, level: null }))
  const ranks = {
    unit: rankUnit,
    limits: [1, Math.max(2, models.length)],
    zeroLine: false,
    axisTitle: 'Rank, 1 the best',
  } as const
  const chance = { unit: shareUnit, limits: [0, 1], zeroLine: false, axisTitle: 'Share of resamples' } as const
  const plan = {
    name: 'ranks',
    title: 'Ranks of models in arm full',
    subject:
      models.length === 0 && ranking?.models.length === 1
        ? 'ranks, since there is one model only'
        : 'ranks of models in arm full',
    panels: [
      { title: 'Rank', numbers: true, scale: ranks, marks: models.map(mark) },
      { title: 'P(best)', numbers: true, scale: chance, marks: best },
    ],
    arms: ['full'] as const,
    caption: `Rank of each model by its mean ${measureWords(measure)} in arm full, 1 the best, and P(best): the share of resamples of images in which it comes out on top, a tie split evenly. P(best) has no interval; an interval of a single rank is hidden by its mark.`,
  }
  return forestFigure(estimates, plan, size)
}
