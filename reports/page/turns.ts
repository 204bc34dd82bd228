import type { Conversation } from '../../analysis/conversations.ts'
import { element, visibleText } from './dom.ts'
import { piecesOf, quotePlace, type Stretch } from './quotes.ts'

/** A sentence that somebody rests a judgement on, with its number in this conversation and whether it was found in its turn. */
export type Quote = { number: number; turn: string; quote: string; found: boolean }

/** Every different quote of the votes and the checklist, numbered in that order. */
export function quotesOf({ transcript, grade }: Conversation): Quote[] {
  const given = [
    ...(grade?.votes.flatMap((vote) => (vote.kind === 'verdict' ? vote.evidence : [])) ?? []),
    ...(grade?.checklist.flatMap(({ evidence }) => (evidence === null ? [] : [evidence])) ?? []),
  ]
  const distinct = [...new Map(given.map((evidence) => [quoteKey(evidence), evidence])).values()]
  return distinct.map(({ turn, quote }, index) => {
    const text = transcript?.turns.find(({ id }) => id === turn)?.text
    const found = text !== undefined && quotePlace(visibleText(text), visibleText(quote)) !== null
    return { number: index + 1, turn, quote, found }
  })
}

/** What makes two quotes the same one. */
export function quoteKey({ turn, quote }: { turn: string; quote: string }): string {
  return JSON.stringify([turn, quote])
}

/** The conversation as a list of turns, quotes marked where they stand, each mark followed by the quotes’ numbers. */
export function turnList({ transcript }: Conversation, quotes: readonly Quote[]): HTMLElement {
  if (transcript === null) return element('p', { class: 'absent' }, 'There is no transcript: the cell failed.')
  const items = transcript.turns.map(({ id, role, text, facts, unlisted, closing }) => {
    const own = quotes.filter(({ turn, found }) => turn === id && found)
    const notes = [
      ...(facts === undefined || facts.length === 0 ? [] : [`facts told: ${facts.join(', ')}`]),
      ...(unlisted === true ? ['asked for something that the ledger does not answer'] : []),
      ...(closing === true ? ['fixed closing question'] : []),
    ]
    return element(
      'li',
      { class: `turn ${role}` },
      element('p', { class: 'who' }, `${id} · ${role}`),
      marked(visibleText(text), own),
      notes.length === 0 ? null : element('p', { class: 'minor' }, visibleText(notes.join('; '))),
    )
  })
  return element('ol', { class: 'turns' }, ...items)
}

function marked(text: string, quotes: readonly Quote[]): HTMLElement {
  const placed = quotes.flatMap(({ number, quote }): (Stretch & { number: number })[] => {
    const place = quotePlace(text, visibleText(quote))
    return place === null ? [] : [{ ...place, number }]
  })
  const pieces = piecesOf(text.length, placed).map(({ start, end, covers }) => {
    const piece = text.slice(start, end)
    if (covers.length === 0) return piece
    const ending = covers.flatMap((index) => (placed[index]?.end === end ? [placed[index].number] : []))
    const numbers = ending.length === 0 ? null : element('sup', {}, ending.join(', '))
    return element('mark', {}, piece, numbers)
  })
  return element('p', { class: 'said', dir: 'auto' }, ...pieces)
}
