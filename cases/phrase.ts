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
  /** True when a negation (`not`, `no`, `never`, `without`, …) stands in the sentence up to four words before the phrase. */
  readonly negated: boolean
}

const MAX_GAP = 3
const NEGATION_REACH = 4
const NEGATIONS = new Set([
  ...['no', 'not', 'never', 'without', 'nothing', 'neither', 'nor', 'cannot', 'cant', 'dont', 'doesnt', 'didnt'],
  ...['isnt', 'arent', 'wasnt', 'wont', 'wouldnt', 'shouldnt', 'havent', 'hasnt', 'rather', 'unlikely'],
])

/** Splits text into its sentences, each exactly as it stands, without the blanks around it; '' gives none. */
export function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
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
  const sought = words(phrase)
  if (sought.length === 0) return []
  return sentences(text).flatMap((sentence) => {
    const heard = words(sentence)
    const starts = heard.flatMap((_, start) => (matchesFrom(heard, start, sought) ? [start] : []))
    if (starts.length === 0) return []
    return [{ sentence, negated: starts.every((start) => isNegated(heard, start)) }]
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

function matchesFrom(heard: readonly string[], start: number, sought: readonly string[]): boolean {
  let at = start
  return sought.every((word, i) => {
    if (i === 0) return matchesWord(heard[start], word)
    const next = heard.slice(at + 1, at + 2 + MAX_GAP).findIndex((candidate) => matchesWord(candidate, word))
    if (next < 0) return false
    at += 1 + next
    return true
  })
}

function matchesWord(heard: string | undefined, sought: string): boolean {
  if (heard === undefined) return false
  return sought.endsWith('*') ? heard.startsWith(sought.slice(0, -1)) : heard === sought
}

function isNegated(heard: readonly string[], start: number): boolean {
  return heard.slice(Math.max(0, start - NEGATION_REACH), start).some((word) => NEGATIONS.has(word))
}
