import type { Estimate, Estimates } from '../analysis/estimate.ts'
import { armMarks, armOrder } from './arm-marks.ts'
import { banner } from './banner.ts'
import { counted, ends, listed, percent, points, whole } from './format.ts'
import { modelOrder, nameInSentence } from './names.ts'
import type { Piece, Prose } from './prose.ts'
import { higher, standings } from './separable.ts'
import { findEstimate } from './tables-estimates.ts'

/**
 * The results of a run as paragraphs for a paper. Every number is one of estimates.json, rounded; what cannot be told apart
 * is said to be so, and an exploratory number is called that.
 */
export function resultsText(estimates: Estimates): Prose {
  return {
    name: 'results',
    title: 'Results',
    paragraphs: [
      scores(estimates),
      strata(estimates),
      ablations(estimates),
      jury(estimates),
      missing(estimates),
      [banner(estimates)],
    ].filter((paragraph) => paragraph.length > 0),
  }
}

function shown({ value, intervals: [first], exploratory, reason }: Estimate): string {
  if (value === null) return `not estimated (${reason ?? 'no reason is given'})`
  const interval = first === undefined ? ', without an interval' : ` ${ends(first)}`
  return `${points(value)}${interval}${exploratory ? ', exploratory' : ''}`
}

function overall({ estimates }: Estimates): Estimate[] {
  return estimates
    .filter(
      ({ estimand, measure, arm, model }) => estimand === 'mean' && measure === 'overall' && arm === 'full' && model !== null,
    )
    .filter(({ value }) => value !== null)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
}

function scores(estimates: Estimates): Piece[] {
  const ranked = overall(estimates)
  const [best] = ranked
  if (best === undefined) return ['No model has an overall score in arm full.']
  const others = ranked.slice(1)
  const name = (one: Estimate) => nameInSentence(one.model ?? '')
  const list = ranked.map((one) => `${name(one)} ${shown(one)}`).join('; ')
  const standing = standings(estimates, 'overall')
  const near = others.filter(({ model }) => !higher(estimates, 'overall', best.model ?? '', model ?? ''))
  const apart =
    others.length === 0
      ? 'There is no other model to compare with.'
      : !estimates.comparisons.pairs.some(({ measure, pHolm }) => measure === 'overall' && pHolm !== null)
        ? 'No pair of models was tested, so their order is not known.'
        : standing.get(best.model ?? '')?.best
          ? `After Holm, ${name(best)} is separated from every other model.`
          : `After Holm, ${name(best)} is not separated from ${listed(near.map(name))}.`
  const without = modelOrder(estimates).filter((model) => !ranked.some((one) => one.model === model))
  const left =
    without.length === 0 ? '' : `; ${listed(without.map(nameInSentence))} ${without.length === 1 ? 'has' : 'have'} none`
  const brackets = ranked.some(({ intervals }) => intervals.length > 0)
    ? `, with ${percent(estimates.settings.level)} intervals in brackets,`
    : ''
  return [`Overall scores in arm full${brackets} were: ${list}${left}. ${apart}`]
}

const safety = { measure: 'safety', model: null } as const

function strata(estimates: Estimates): Piece[] {
  return (['malignant', 'rare'] as const).flatMap((stratum) => {
    const found = findEstimate(estimates, { estimand: `${stratum}-delta`, arm: 'full', ...safety })
    if (found === undefined) return []
    const groups =
      found.nGroups === null || found.value === null
        ? ''
        : ` (${whole(found.nGroups.flagged)} against ${counted(found.nGroups.unflagged, 'case')})`
    return [`Averaged over models, safety of ${stratum} cases minus other cases was ${shown(found)}${groups}. `]
  })
}

function ablations(estimates: Estimates): Piece[] {
  const arms = armOrder(estimates.arms).filter((arm) => arm !== 'full')
  return arms.flatMap((arm) => {
    const found = findEstimate(estimates, { estimand: 'ablation-effect', arm, ...safety })
    if (found === undefined) return []
    const cases = found.value === null ? '' : `, on ${counted(found.nCases, 'case')}`
    return [`Averaged over models, safety in arm ${armMarks[arm].name} minus full was ${shown(found)}${cases}. `]
  })
}

function jury({ jury: { reliability, againstClinicians } }: Estimates): Piece[] {
  const quantity = ({ value, low, high }: { value: number | null; low: number | null; high: number | null }) =>
    value === null
      ? 'not estimated'
      : `${points(value)}${low === null || high === null ? ', without an interval' : ` ${ends({ low, high })}`}`
  const alpha = reliability.map((row) => `${row.dimension} ${quantity(row.alphaOrdinal)}`)
  const clinicians = againstClinicians.filter(({ kind, leftOut }) => kind === 'jury' && leftOut === null)
  return [
    ...(alpha.length === 0 ? [] : [`Ordinal alpha among jurors was: ${alpha.join('; ')}. `]),
    ...clinicians.map(
      (row) =>
        `Against clinicians on ${row.dimension} (${counted(row.nConversations, 'conversation')}), the jury’s bias was ${quantity(row.bias)} and its root mean square error ${quantity(row.rootMeanSquareError)}. `,
    ),
  ]
}

function missing({ trials, exclusions }: Estimates): Piece[] {
  if (exclusions.length === 0) return [`All ${counted(trials.planned, 'planned trial')} have every score.`]
  return [
    `Of ${counted(trials.planned, 'planned trial')}, ${whole(trials.scored)} were scored on at least one dimension. What is missing stands by model, arm and reason in the table of missing data.`,
  ]
}
