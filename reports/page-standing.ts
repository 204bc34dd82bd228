import type { Estimates } from '../analysis/estimate.ts'
import { listed, points, whole } from './format.ts'
import { type Html, html } from './html.ts'
import { name } from './html-name.ts'
import { nameInSentence } from './names.ts'

type Ranking = Estimates['comparisons']['rankings'][number]
type Ranked = Ranking['models'][number]

const order = ['overall', 'safety', 'accuracy', 'uncertainty']

/**
 * Who is best on what, and who cannot be told apart: a sentence and a table a measure, in arm full, by Holm over all pairs of
 * models. Without rankings, or with a single model, a sentence says so.
 */
export function standing(estimates: Estimates): Html {
  const rankings = estimates.comparisons.rankings.toSorted((a, b) => order.indexOf(a.measure) - order.indexOf(b.measure))
  const several = rankings.filter(({ models }) => models.length > 1)
  if (several.length === 0)
    return html`<p class="absent">Models are not ranked: ${rankings.find(({ reason }) => reason !== null)?.reason ?? 'this run compares no two models'}.</p>`
  return html`<h3 id="standing">Who is best, and who cannot be told apart</h3>
<ul>${several.map((ranking) => html`<li><strong>${ranking.measure}</strong>: ${sentence(ranking)}</li>`)}</ul>
<p>Two models are told apart when the p of their difference, after Holm over all pairs of the measure, is below ${points(1 - estimates.settings.level)}. Pairs are compared on the same cases, so two models can be told apart although their intervals overlap. Not told apart does not mean equal.</p>
${several.map(table)}`
}

function sentence({ models, exploratory }: Ranking): string {
  const [best] = models
  if (best === undefined) return 'no model has a score on the shared cases.'
  const equal = models.filter(({ rank }) => rank === best.rank)
  const rivals = best.notSeparable.filter((model) => !equal.some((one) => one.model === model))
  const who =
    equal.length > 1
      ? `${listed(equal.map(({ model }) => nameInSentence(model)))} share the highest mean, ${points(best.mean)}`
      : `${nameInSentence(best.model)} has the highest mean, ${points(best.mean)}`
  const apart =
    best.notSeparable.length === 0
      ? 'and is told apart from every other model'
      : best.notSeparable.length === models.length - 1
        ? 'but is told apart from no other model'
        : `but is not told apart from ${listed((rivals.length > 0 ? rivals : best.notSeparable).map(nameInSentence))}`
  return `${who}, ${apart}${exploratory ? ' (exploratory: too few images to lean on)' : ''}.`
}

function table(ranking: Ranking): Html {
  const caption = `Ranks, ${ranking.measure}: ${ranking.nCases} cases on ${ranking.nImages} images that every model has`
  const rows = ranking.models.map((one) => row(one, ranking))
  return html`<details><summary>${caption}</summary>
<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr><th scope="col">Model</th><th scope="col" class="number">Mean</th><th scope="col" class="number">Rank</th><th scope="col" class="number">Rank interval</th><th scope="col" class="number">P(best)</th><th scope="col">Group</th><th scope="col">Not told apart from</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<p class="minor">Ranks and P(best) over ${whole(ranking.resamples)} resamples of images. Models that share a letter are not told apart.${ranking.reason === null ? '' : ` ${ranking.reason.charAt(0).toUpperCase()}${ranking.reason.slice(1)}.`}</p></details>
`
}

function row({ model, mean, rank, low, high, pBest, notSeparable }: Ranked, { groups }: Ranking): Html {
  const letters = groups.flatMap((group, index) => (group.includes(model) ? [groupLetter(index)] : [])).join(' ')
  const interval = low === null || high === null ? 'none' : `${low} to ${high}`
  const others =
    notSeparable.length === 0
      ? html`–`
      : html`${notSeparable.map((other, index) => html`${index === 0 ? '' : ', '}${name(other)}`)}`
  return html`<tr><th scope="row">${name(model)}</th><td class="number">${points(mean)}</td><td class="number">${rank}</td><td class="number">${interval}</td><td class="number">${pBest.toFixed(2)}</td><td>${letters}</td><td>${others}</td></tr>
`
}

function groupLetter(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `${groupLetter(Math.floor(index / 26) - 1)}${groupLetter(index % 26)}`
}
