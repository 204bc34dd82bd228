import type { Conversation } from '../../analysis/conversations.ts'
import { element, named, visibleText } from './dom.ts'
import { type Quote, quoteKey } from './turns.ts'

type Grade = NonNullable<Conversation['grade']>
type Vote = Grade['votes'][number]

/** A table with a caption; cells are text or elements. */
export function plainTable(caption: string, heads: readonly string[], rows: readonly (readonly (Node | string | null)[])[]) {
  const cells = (row: readonly (Node | string | null)[]) =>
    row.map((content, index) => (index === 0 ? element('th', { scope: 'row' }, content) : element('td', {}, content)))
  return element(
    'div',
    { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', {}, caption),
      element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
      element('tbody', {}, ...rows.map((row) => element('tr', {}, ...cells(row)))),
    ),
  )
}

/** Votes, caps, checklist and quotes of a judged conversation; a sentence where nobody judged. */
export function judgements({ grade, missing }: Conversation, quotes: readonly Quote[]): Node[] {
  if (grade === null) return [element('p', { class: 'absent' }, `There are no votes: ${visibleText(missing ?? 'not judged')}.`)]
  const numbers = new Map(quotes.map((quote) => [quoteKey(quote), quote]))
  return [votes(grade, numbers), ...caps(grade), ...checklist(grade, numbers), ...unplaced(quotes)]
}

type Numbers = ReadonlyMap<string, Quote>

function votes(grade: Grade, numbers: Numbers): HTMLElement {
  const repeated = grade.votes.some(({ repeat }) => repeat > 0)
  const rows = grade.votes.map((vote) => [
    vote.dimension,
    named(`${vote.juror.id}${vote.juror.simulated ? ' (simulated)' : ''}`),
    ...(repeated ? [String(vote.repeat + 1)] : []),
    vote.kind === 'verdict' ? String(vote.score) : `abstained: ${vote.reason.replaceAll('_', ' ')}`,
    saw[vote.juror.saw],
    reasons(vote, numbers),
  ])
  const heads = ['Dimension', 'Juror', ...(repeated ? ['Time'] : []), 'Vote', 'Saw', 'Why']
  const pooled = Object.entries(grade.pooled).map(([dimension, { mean, median, valid, asked, missing }]) =>
    mean === null
      ? `${dimension}: no score (${missing ?? 'no reason given'})`
      : `${dimension}: mean ${mean.toFixed(2)}, median ${median?.toFixed(2) ?? '–'} of ${valid} of ${asked} jurors`,
  )
  return element(
    'div',
    {},
    plainTable('Votes, as given, before caps', heads, rows),
    element('p', { class: 'minor' }, visibleText(`Pooled after caps, never calibrated: ${pooled.join('; ')}.`)),
  )
}

const saw: Record<Vote['juror']['saw'], string> = { image: 'the image', findings: 'findings in words', none: 'no image' }

function reasons(vote: Vote, numbers: Numbers): HTMLElement {
  if (vote.kind === 'abstention') return element('span', { dir: 'auto' }, visibleText(vote.detail))
  const ticks = vote.checklist.map(({ id, met }) => `${met ? '✓' : '✗'} ${id}`)
  const said = [...(vote.direction === undefined ? [] : [`confidence: ${vote.direction}`]), ...ticks]
  return element(
    'div',
    { dir: 'auto' },
    visibleText(vote.rationale),
    said.length === 0 ? null : element('p', { class: 'minor' }, visibleText(said.join('; '))),
    ...vote.evidence.map((evidence) => quoteLine(evidence, numbers)),
  )
}

function quoteLine(evidence: { turn: string; quote: string; verified: boolean }, numbers: Numbers): HTMLElement {
  const known = numbers.get(quoteKey(evidence))
  const doubt = [
    ...(evidence.verified ? [] : ['not verified: the jury’s check did not find it in the turn']),
    ...(known?.found === false ? ['not found in the turn as shown here'] : []),
  ]
  return element(
    'p',
    { class: 'quoted' },
    element('b', {}, `[${known?.number ?? '?'}] ${evidence.turn} `),
    `“${visibleText(evidence.quote)}”`,
    doubt.length === 0 ? null : element('span', { class: 'minor' }, doubt.join('; ')),
  )
}

function caps({ caps: given }: Grade): Node[] {
  if (given.length === 0) return [element('p', {}, 'Caps: none.')]
  const items = given.map(({ dimension, kind, score, reason }) =>
    element('li', {}, visibleText(`${dimension}: ${kind === 'max' ? 'at most' : 'at least'} ${score}. ${reason}`)),
  )
  return [element('p', {}, 'Caps:'), element('ul', {}, ...items)]
}

function checklist({ checklist: items, triage }: Grade, numbers: Numbers): Node[] {
  const rows = items.map(({ group, text, met, weight, evidence }) => [
    group.replaceAll('_', ' '),
    element('span', { dir: 'auto' }, visibleText(text)),
    met === null ? 'does not arise' : met ? 'yes' : 'no',
    String(weight),
    evidence === null ? '' : quoteLine(evidence, numbers),
  ])
  const urgency =
    triage.advised === null
      ? 'No urgency could be read in the final advice.'
      : `Advised urgency: ${triage.advised.replaceAll('_', ' ')}; ${triage.under} level(s) too low, ${triage.over} too high.`
  return [
    ...(rows.length === 0
      ? []
      : [plainTable('Checklist, by plain rules', ['Group', 'Looked for', 'Met', 'Weight', 'Where'], rows)]),
    element('p', {}, urgency),
  ]
}

function unplaced(quotes: readonly Quote[]): Node[] {
  const lost = quotes.filter(({ found }) => !found)
  if (lost.length === 0) return []
  const items = lost.map(({ number, turn, quote }) =>
    element('li', { dir: 'auto' }, visibleText(`[${number}] ${turn}: “${quote}”`)),
  )
  const why =
    'Jurors read a text without names of models and without marks, so a quote may differ from the turn shown here. Quotes not found in their turn:'
  return [element('div', { class: 'unplaced' }, element('p', {}, why), element('ul', {}, ...items))]
}
