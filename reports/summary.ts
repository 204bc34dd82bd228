import type { Estimate, Estimates } from '../analysis/estimate.ts'
import { armMarks, armOrder } from './arm-marks.ts'
import { counted, ends, listed, percent, points, whole } from './format.ts'
import { nameInSentence } from './names.ts'

/** One finding: what it is about, and what the run says. */
export type Finding = { topic: string; text: string }

/** The findings of a run in sentences, the main one first. Every number is one of the estimates; names are plain text. */
export function summary(estimates: Estimates): Finding[] {
  return [
    ...caution(estimates),
    ...scores(estimates),
    ...delta(estimates, 'malignant-delta', 'malignant'),
    ...delta(estimates, 'rare-delta', 'rare'),
    ...ablations(estimates),
    { topic: 'Trials', text: trials(estimates) },
  ]
}

function interval({ intervals }: Estimate): string {
  const first = intervals[0]
  return first === undefined ? '' : ` ${ends(first)}`
}

function shown(estimate: Estimate): string {
  return estimate.value === null ? 'no estimate' : `${points(estimate.value)}${interval(estimate)}`
}

function caution({ estimates, settings }: Estimates): Finding[] {
  const valued = estimates.filter(({ value }) => value !== null)
  const open = valued.filter(({ exploratory }) => exploratory).length
  const reading = `Square brackets hold ${percent(settings.level)} intervals.`
  if (open === 0)
    return [
      {
        topic: 'Strength',
        text: `No estimate is exploratory: each rests on at least 20 images and 4 degrees of freedom. ${reading}`,
      },
    ]
  const which = open === valued.length ? 'All estimates of this run are' : `${open} of ${valued.length} estimates are`
  const text = `${which} exploratory: they rest on fewer than 20 images or 4 degrees of freedom. Do not lean on them. ${reading}`
  return [{ topic: 'Strength', text }]
}

function scores({ estimates }: Estimates): Finding[] {
  const ranked = estimates
    .filter(
      ({ estimand, measure, arm, model }) => estimand === 'mean' && measure === 'overall' && arm === 'full' && model !== null,
    )
    .filter(({ value }) => value !== null)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  const best = ranked[0]
  if (best === undefined) return [{ topic: 'Overall score', text: 'No model has an overall score in arm full.' }]
  const name = nameInSentence(best.model ?? '')
  if (ranked.length === 1)
    return [{ topic: 'Overall score', text: `${name} has a mean overall score of ${shown(best)} in arm full.` }]
  const equal = ranked.filter(({ value }) => value === best.value)
  const first =
    equal.length > 1
      ? `${listed(equal.map(({ model }) => nameInSentence(model ?? '')))} share the highest mean overall score in arm full: ${points(best.value ?? 0)}.`
      : `${name} has the highest mean overall score in arm full: ${shown(best)}.`
  return [
    {
      topic: 'Overall score',
      text: `${first} ${overlap(best, ranked)} The order of models is not tested: this report holds no paired comparison.`,
    },
  ]
}

function overlap(best: Estimate, ranked: readonly Estimate[]): string {
  const low = best.intervals[0]?.low
  const others = ranked.filter((other) => other !== best && other.intervals[0] !== undefined)
  if (low === undefined || others.length === 0) return ''
  const near = others.filter((other) => (other.intervals[0]?.high ?? low) >= low)
  if (near.length === 0) return 'No other model’s interval overlaps with its interval.'
  return `Its interval overlaps with ${near.length === others.length && near.length > 1 ? 'those of all other models' : `that of ${listed(near.map(({ model }) => nameInSentence(model ?? '')))}`}.`
}

function direction(estimate: Estimate): string {
  const first = estimate.intervals[0]
  if (first === undefined) return 'There is no interval.'
  return first.low <= 0 && first.high >= 0 ? 'The interval includes zero.' : 'The interval does not include zero.'
}

function delta({ estimates }: Estimates, estimand: Estimate['estimand'], stratum: string): Finding[] {
  const topic = `${stratum.charAt(0).toUpperCase()}${stratum.slice(1)} cases`
  const found = estimates.filter(
    (estimate) => estimate.estimand === estimand && estimate.measure === 'safety' && estimate.arm === 'full',
  )
  const average = found.find(({ model }) => model === null)
  if (average === undefined) return [{ topic, text: `This run holds no safety delta of ${stratum} cases averaged over models.` }]
  if (average.value === null) return [{ topic, text: `No average safety delta: ${average.reason ?? 'no reason is given'}.` }]
  const groups =
    average.nGroups === null
      ? ''
      : ` (${average.nGroups.flagged} ${stratum} against ${counted(average.nGroups.unflagged, 'other case')})`
  const text = `Safety delta averaged over models: ${shown(average)} points${groups}; below zero means less safe in ${stratum} cases. ${direction(average)}`
  return [{ topic, text }]
}

function ablations({ estimates }: Estimates): Finding[] {
  const effects = estimates.filter(({ estimand, measure }) => estimand === 'ablation-effect' && measure === 'overall')
  return armOrder(effects.map(({ arm }) => arm)).flatMap((arm) => {
    const average = effects.find((effect) => effect.arm === arm && effect.model === null)
    if (average === undefined) return []
    const topic = `Arm ${armMarks[arm].name}`
    if (average.value === null) return [{ topic, text: `No average effect: ${average.reason ?? 'no reason is given'}.` }]
    const text = `Effect on the overall score, averaged over models and paired by case with arm full: ${shown(average)} points. ${direction(average)}`
    return [{ topic, text }]
  })
}

function trials({ trials: { planned, scored }, exclusions }: Estimates): string {
  const missing = exclusions.length === 0 ? 'Nothing is missing.' : 'What is missing is counted by reason under Missing data.'
  return `${whole(scored)} of ${counted(planned, 'trial')} have a score on at least one dimension. ${missing}`
}
