/** A stretch of text, as offsets in UTF-16 code units; the end is not in it. */
export type Stretch = { start: number; end: number }

// What blinding takes off a clinician’s text, and what differs only in looks.
const UNSEEN = /```[^\n]*|^[ \t]{0,3}(?:#{1,6}[ \t]|>|[-*+•][ \t])|\]\([^()\n]*\)|[*_~`[\]\s]|\p{Extended_Pictographic}|\uFE0F/gmu

/**
 * Where a quote stands in a turn, or null. Markdown marks, pictograms and white space are left out of account, because
 * jurors quote from text without marks. The first place counts; a quote of nothing but marks stands nowhere.
 */
export function quotePlace(turn: string, quote: string): Stretch | null {
  const kept = keptPlaces(turn)
  const haystack = kept.map((place) => turn[place]).join('')
  const needle = keptPlaces(quote)
    .map((place) => quote[place])
    .join('')
  const at = needle === '' ? -1 : haystack.indexOf(needle)
  const [first, last] = [kept[at], kept[at + needle.length - 1]]
  return at < 0 || first === undefined || last === undefined ? null : { start: first, end: last + 1 }
}

function keptPlaces(text: string): number[] {
  const unseen = new Set<number>()
  for (const match of text.matchAll(UNSEEN))
    for (let place = match.index; place < match.index + match[0].length; place++) unseen.add(place)
  return Array.from({ length: text.length }, (_, place) => place).filter((place) => !unseen.has(place))
}

/** Consecutive pieces of a text, each with the numbers of the stretches that cover it. Together they are the whole text. */
export function piecesOf(length: number, stretches: readonly Stretch[]): (Stretch & { covers: number[] })[] {
  const edges = [...new Set([0, length, ...stretches.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b)
  return edges.slice(1).map((end, place) => {
    const start = edges[place] ?? 0
    const covers = stretches.flatMap((one, index) => (one.start <= start && one.end >= end ? [index] : []))
    return { start, end, covers }
  })
}
