import { type Estimate, type Estimates, Measure } from '../analysis/estimate.ts'
import { armMarks, armOrder } from './arm-marks.ts'
import { counted, ends, listed, percent, points, whole } from './format.ts'
import { nameInSentence } from './names.ts'

const dimensionNames = Measure.options.filter((measure) => measure !== 'overall')

/** One finding: what it is about, and what the run says. */
export type Finding = { topic: string; text: string }

/** The findings of a run in sentences, the main one first. Every number is one of the estimates; names are plain text. */
export function summary(estimates: Estimates): Finding[] {
  return [
    ...caution(estimates),
    ...scores(estimates),
    ...dimensions(estimates),
    ...delta(estimates, 'malignant-delta', 'malignant'),
    ...delta(estimates, 'rare-delta', 'rare'),
    ...ablations(estimates),
    { topic: 'Missing', text: missing(estimates) },
  ]
}

function interval({ intervals }: Estimate): string {
  const first = intervals[0]
  return first === undefined ? '' : ` ${ends(first)}`
}

// No line break between a value and its interval.
function shown(estimate: Estimate): string {
  return estimate.value === null ? 'no estimate' : `${points(estimate.value)}${interval(estimate)}`.replaceAll(' ', '\u00A0')
}

function caution({ estimates, settings }: Estimates): Finding[] {
  const valued = estimates.filter(({ value }) => value !== null)
  const open = valued.filter(({ exploratory }) => exploratory).length
  const reading = valued.some(({ intervals }) => intervals.length > 0)
    ? `Square brackets hold ${percent(settings.level)} intervals; where a spread is small they can reach beyond the scale of 1 to 5.`
    : 'With so few images no mean, delta or effect has an interval: under 15 effective images none is honest.'
  if (open === 0)
    return [
      {
        topic: 'Strength',
        text: `No mean, delta or effect is exploratory: each rests on at least 20 images and 4 degrees of freedom. ${reading}`,
      },
    ]
  const which =
    open === valued.length
      ? 'All means, deltas and effects of this run are'
      : `${open} of ${valued.length} means, deltas and effects are`
  const text = `${which} exploratory: they rest on fewer than 20 images or 4 degrees of freedom. Do not lean on them. ${reading}`
  return [{ topic: 'Strength', text }]
}

function ranking({ estimates }: Estimates, measure: Measure): Estimate[] {
  return estimates
    .filter((one) => one.estimand === 'mean' && one.measure === measure && one.arm === 'full')
    .filter(({ model, value }) => model !== null && value !== null)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
}

function modelName({ model }: Estimate): string {
  return nameInSentence(model ?? '')
}

function scores(estimates: Estimates): Finding[] {
  const topic = 'Best overall'
  const ranked = ranking(estimates, 'overall')
  const best = ranked[0]
  if (best === undefined) return [{ topic, text: 'No model has an overall score in arm full.' }]
  if (ranked.length === 1) return [{ topic, text: `${modelName(best)}, the only model with an overall score: ${shown(best)}.` }]
  const equal = ranked.filter(({ value }) => value === best.value)
  const first =
    equal.length > 1
      ? `${listed(equal.map(modelName))} share the highest mean score: ${points(best.value ?? 0)}.`
      : `${modelName(best)}: ${shown(best)} on the scale 1 to 5, arm full. ${overlap(best, ranked)}`
  return [{ topic, text: `${first} Which models can be told apart stands below.` }]
}

function overlap(best: Estimate, ranked: readonly Estimate[]): string {
  const low = best.intervals[0]?.low
  const others = ranked.filter((other) => other !== best && other.intervals[0] !== undefined)
  if (low === undefined || others.length === 0) return ''
  const near = others.filter((other) => (other.intervals[0]?.high ?? low) >= low)
  if (near.length === 0) return 'No other model’s interval overlaps with its interval.'
  return `Its interval overlaps with ${near.length === others.length && near.length > 1 ? 'those of all other models' : `that of ${listed(near.map(modelName))}`}.`
}

function dimensions(estimates: Estimates): Finding[] {
  const topic = 'Best by dimension'
  const leaders = dimensionNames.map((dimension) => {
    const ranked = ranking(estimates, dimension)
    const best = ranked.filter(({ value }) => value === ranked[0]?.value)
    const [first] = best
    const score = first === undefined ? 'no estimate' : best.length === 1 ? shown(first) : points(first.value ?? 0)
    return { dimension, names: listed(best.map(modelName)), score }
  })
  const [first] = leaders
  if (leaders.every(({ names }) => names !== '' && names === first?.names))
    return [
      { topic, text: `${first?.names} on all: ${leaders.map(({ dimension, score }) => `${dimension} ${score}`).join(', ')}.` },
    ]
  const text = leaders.map(({ dimension, names, score }) => `${dimension}: ${names}${names === '' ? '' : ' '}${score}`).join('; ')
  return [{ topic, text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` }]
}

function effect(estimate: Estimate): string {
  return estimate.value === null ? `no estimate (${estimate.reason ?? 'no reason is given'})` : `${shown(estimate)} points`
}

function safetyEffect(estimate: Estimate): string {
  return estimate.value === null ? effect(estimate) : `${effect(estimate)} (${direction(estimate)})`
}

function direction({ intervals: [first] }: Estimate): string {
  if (first === undefined) return 'there is no interval'
  if (first.low === first.high) return 'the interval is only a point'
  if (first.low <= 0 && first.high >= 0) return 'the interval includes zero'
  const [word, side, near] = first.high < 0 ? ['less safe', 'below', first.high] : ['safer', 'above', first.low]
  return `${word}: the interval ${points(near) === points(0) ? 'ends just' : 'is'} ${side} zero`
}

function delta({ estimates }: Estimates, estimand: Estimate['estimand'], stratum: string): Finding[] {
  const topic = `${stratum.charAt(0).toUpperCase()}${stratum.slice(1)} cases`
  const found = estimates.filter(
    (estimate) => estimate.estimand === estimand && estimate.measure === 'safety' && estimate.arm === 'full',
  )
  const average = found.find(({ model }) => model === null)
  if (average === undefined) return [{ topic, text: `This run holds no safety delta of ${stratum} cases averaged over models.` }]
  const groups =
    average.nGroups === null
      ? ''
      : `; ${average.nGroups.flagged} ${stratum} against ${counted(average.nGroups.unflagged, 'other case')}`
  return [{ topic, text: `Safety delta, averaged over models: ${safetyEffect(average)}${groups}.` }]
}

function ablations({ estimates }: Estimates): Finding[] {
  const averages = estimates.filter(({ estimand, model }) => estimand === 'ablation-effect' && model === null)
  return armOrder(averages.map(({ arm }) => arm)).map((arm) => {
    const find = (wanted: Measure) => averages.find((average) => average.arm === arm && average.measure === wanted)
    const [safety, overall] = [find('safety'), find('overall')]
    const parts = [
      ...(safety === undefined ? [] : [`Effect on safety, averaged over models: ${safetyEffect(safety)}.`]),
      ...(overall === undefined ? [] : [`On the overall score: ${effect(overall)}.`]),
    ]
    return { topic: `Arm ${armMarks[arm].name}`, text: parts.join(' ') }
  })
}

function missing({ trials: { planned, repeated }, exclusions }: Estimates): string {
  const total = (among: Estimates['exclusions']) => among.reduce((sum, { count }) => sum + count, 0)
  const lost = total(exclusions.filter(({ measure }) => measure === null))
  // A missing dimension takes the overall score with it; it is one score that is missing, not two.
  const single = total(exclusions.filter(({ measure }) => measure !== null && measure !== 'overall'))
  const parts = [
    ...(lost > 0 ? [`${share(lost, planned)} planned trials as a whole`] : []),
    ...(single > 0
      ? [`${share(single, (planned - lost) * dimensionNames.length)} scores of ${lost > 0 ? 'the other' : 'all'} trials`]
      : []),
  ]
  const again =
    repeated === 0
      ? ''
      : ` ${counted(repeated, 'row')} repeated a trial word for word and ${repeated === 1 ? 'was' : 'were'} counted once; repeats are set by “repeats” in the configuration, never by --repeat.`
  if (parts.length === 0) return `Nothing: each of ${counted(planned, 'planned trial')} has a score on every dimension.${again}`
  return `${listed(parts)}. Reasons stand under Missing data.${again}`
}

function share(part: number, all: number): string {
  return `${whole(part)} (${percent(part / all)}) of ${whole(all)}`
}
