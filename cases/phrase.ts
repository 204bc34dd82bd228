/**
 * A few words to look for in free text, such as `skin cancer clinic` or `bleed* easily`.
 *
 * It matches a sentence in which all its words occur in order with at most three other words between
 * neighbours. A word that ends in `*` matches every word that begins with it. Case, accents and
 * punctuation do not count.
 */
export type Phrase = string

/** Where a phrase was found. */
export interface PhraseMatch {
  /** The whole sentence, exactly as it stands in the text. */
  readonly sentence: string
  /** True when a negation (`not`, `no`, `never`, `without`, …) stands among the phrase’s words or up to four words before them, with no `but` in between. */
  readonly negated: boolean
  /** True when a word that turns advice into a warning or a condition (`if`, `before`, `dangerous`, `avoid`, …) stands up to four words before it, with no `but` in between. */
  readonly guarded: boolean
  /** How many words of the text stand before the phrase’s first word. */
  readonly position: number
}

const MAX_GAP = 3
const NEGATION_REACH = 4
const NEGATIONS = new Set([
  ...['no', 'not', 'never', 'without', 'nothing', 'neither', 'nor', 'nobody', 'none', 'noone', 'cannot', 'cant', 'dont'],
  ...['doesnt', 'didnt', 'isnt', 'arent', 'wasnt', 'wont', 'wouldnt', 'shouldnt', 'havent', 'hasnt', 'rather', 'unlikely'],
])

const GUARDS = new Set([
  ...['if', 'before', 'unless', 'until', 'whether', 'avoid', 'avoiding', 'than', 'instead', 'against'],
  ...['dangerous', 'unsafe', 'harmful', 'risky', 'wrong', 'danger', 'risk'],
])

/** Splits text into its sentences, each exactly as it stands, without the blanks around it; '' gives none. */
export function sentences(text: string): string[] {
  return read(text).sentences.map(({ sentence }) => sentence)
}

/** The words of a text in lower case, without accents, apostrophes or punctuation; hyphens part words. */
export function words(text: string): string[] {
  return (
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\u0300-\u036f'’]/g, '')
      .match(/[\p{L}\p{N}]+\*?/gu) ?? []
  )
}

/**
 * Every sentence of `text` in which `phrase` occurs, in the order of the text; a sentence counts once.
 *
 * @returns an empty list when there is none, or when text or phrase has no word
 */
export function findPhrase(text: string, phrase: Phrase): PhraseMatch[] {
  const sought = soughtWords(phrase)
  const { joined, sentences } = read(text)
  if (sought.length === 0 || !sought.every((word) => joined.includes(word.replace('*', '')))) return []
  return sentences.flatMap(({ sentence, heard, before }) => {
    const places = heard.map((_, start) => placesFrom(heard, start, sought)).filter((at) => at.length > 0)
    const first = places[0]?.[0]
    if (first === undefined) return []
    const all = (among: ReadonlySet<string>) => places.every((at) => standsBefore(among, heard, at))
    return [{ sentence, negated: all(NEGATIONS), guarded: all(GUARDS), position: before + first }]
  })
}

/** The first place where any of the phrases stands without a negation, or undefined. */
export function findAffirmed(text: string, phrases: readonly Phrase[]): PhraseMatch | undefined {
  return phrases.flatMap((phrase) => findPhrase(text, phrase)).find((match) => !match.negated)
}

/** Whether any of the phrases stands in the text, negated or not. */
export function mentions(text: string, phrases: readonly Phrase[]): boolean {
  return phrases.some((phrase) => findPhrase(text, phrase).length > 0)
}

interface ReadText {
  readonly joined: string
  readonly sentences: readonly { readonly sentence: string; readonly heard: readonly string[]; readonly before: number }[]
}

// One conversation is searched for some hundred phrases; it is split into words once.
const read = remembering((text: string): ReadText => {
  let before = 0
  const split = text
    .split(/(?<=[.!?]["'”’)\]*_]*)\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
    .map((sentence) => {
      const heard = words(sentence)
      before += heard.length
      return { sentence, heard, before: before - heard.length }
    })
  return { joined: split.map(({ heard }) => heard.join(' ')).join(' '), sentences: split }
})
const soughtWords = remembering(words)

function remembering<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const value = known.get(text) ?? make(text)
    if (known.size >= 5_000) known.clear()
    known.set(text, value)
    return value
  }
}

/** The positions of the sought words from the `nth` on, when that one stands at `start`; empty when the others do not follow. */
function placesFrom(heard: readonly string[], start: number, sought: readonly string[], nth = 0): readonly number[] {
  const word = sought[nth]
  if (word === undefined || !matchesWord(heard[start], word)) return NOWHERE
  if (nth === sought.length - 1) return [start]
  for (let next = start + 1; next <= start + 1 + MAX_GAP; next++) {
    const places = placesFrom(heard, next, sought, nth + 1)
    if (places.length > 0) return [start, ...places]
  }
  return NOWHERE
}

const NOWHERE: readonly number[] = []

function matchesWord(heard: string | undefined, sought: string): boolean {
  if (heard === undefined) return false
  return sought.endsWith('*') ? heard.startsWith(sought.slice(0, -1)) : heard === sought
}

function standsBefore(among: ReadonlySet<string>, heard: readonly string[], places: readonly number[]): boolean {
  const from = Math.max(0, (places[0] ?? 0) - NEGATION_REACH)
  const around = heard.slice(from, places.at(-1)).filter((_, i) => !places.includes(from + i))
  return around.slice(around.lastIndexOf('but') + 1).some((word) => among.has(word))
}
