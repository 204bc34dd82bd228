import { findPhrase, mentions, type Phrase, sentences, words } from '../../cases/phrase.ts'
import type { Fact } from '../../cases/schema.ts'

/** Why a text is not the patient’s: see `rejections`. */
export type Rejection = 'empty' | 'markup' | 'leak' | 'held_back' | 'jargon' | 'outside' | 'length' | 'omitted' | 'contradiction'

/** What a text is held against. */
export interface UtteranceRule {
  /** The facts that it is to tell. */
  readonly told: readonly Fact[]
  /** All other facts of the ledger. */
  readonly others: readonly Fact[]
  /** Names of the diagnosis. */
  readonly names: readonly Phrase[]
  /** Codes of the diagnosis, such as `ICD-10 C44.3`. */
  readonly codes: readonly string[]
}

/** How many sentences the patient’s words may have. */
export const MAX_SENTENCES = 3
// Beyond the words of the facts themselves: room for a `yes` or a `to be honest` beside each.
const EXTRA_WORDS = 40

// What patients hardly say and clinicians often write. A short list: it misses other words.
const JARGON: readonly Phrase[] = [
  ...['lesion*', 'erythema*', 'macule*', 'papule*', 'nodul*', 'plaque*', 'pruritus', 'pruritic', 'ulcerat*', 'telangiect*'],
  ...['carcinom*', 'sarcom*', 'melanom*', 'neoplas*', 'malignan*', 'benign', 'metasta*', 'biops*', 'histolog*', 'patholog*'],
  ...['oedema*', 'edema*', 'haemorrhag*', 'hemorrhag*', 'dyspn*', 'febrile', 'afebrile', 'bilateral*', 'distal*', 'proximal*'],
  ...[
    'aetiolog*',
    'etiolog*',
    'idiopathic',
    'differential',
    'prognos*',
    'anamnes*',
    'comorbid*',
    'asymptomatic',
    'contraindicat*',
  ],
]

const OUTSIDE: readonly Phrase[] = [
  ...['the patient', 'this patient', 'patient denies', 'patient reports', 'denies', 'presents with'],
  ...['as an ai', 'ai model', 'ai assistant', 'language model', 'as an assistant', 'i am an ai', 'role play', 'roleplay*'],
]

const NEGATION = /\b(?:no|not|never|none|nothing|nobody|neither|nor|without|cannot)\b|n['’]t\b/i
const MARKUP = /<\/?[a-z!][^>]*>|&[a-z]+;|```|\*\*|^\s*[#>|{[]|\bhttps?:/im
const MIN_CONTENT_LETTERS = 4

/**
 * Everything that keeps a text from being said in the patient’s name; an empty list when nothing does.
 *
 * `empty`: no words. `markup`: HTML, Markdown or JSON. `leak`: a name or code of the diagnosis; a negated name is allowed
 * where a told fact has it (`no skin cancer in my family`). `held_back`: the whole text of another fact, or a phrase of one
 * that the patient does not know or that needs a specific question, which no told fact has. `jargon`: a doctor’s word that
 * no told fact has. `outside`: spoken about the patient or by an assistant. `length`: more than 3 sentences, or 40 words
 * more than the facts have. `omitted`: a told fact of which neither a phrase nor a longer word is there. `contradiction`: no
 * negation at all although a told fact says that something is absent. These are plain rules: they miss paraphrases.
 */
export function rejections(text: string, rule: UtteranceRule): Rejection[] {
  if (words(text).length === 0) return ['empty']
  const toldText = rule.told.map((fact) => fact.text).join('\n')
  const found: Record<Exclude<Rejection, 'empty'>, boolean> = {
    markup: MARKUP.test(text),
    leak: leaks(text, toldText, rule),
    held_back: rule.others.some((fact) => tells(text, toldText, fact)),
    jargon: JARGON.some((word) => mentions(text, [word]) && !mentions(toldText, [word])),
    outside: mentions(text, OUTSIDE),
    length: sentences(text).length > MAX_SENTENCES || words(text).length > words(toldText).length + EXTRA_WORDS,
    omitted: rule.told.some((fact) => !mentions(text, fact.askedBy) && !sharesWord(text, fact.text)),
    contradiction: rule.told.some(saysAbsent) && !NEGATION.test(text),
  }
  return (Object.keys(found) as (keyof typeof found)[]).filter((kind) => found[kind])
}

function leaks(text: string, toldText: string, { names, codes }: UtteranceRule): boolean {
  const squeezed = squeeze(text)
  // `ICD-10 C44.3` is also looked for as `C44.3`.
  const bare = codes.flatMap((code) => [code, code.split(' ').at(-1) ?? code]).map(squeeze)
  if (bare.some((code) => code.length > 2 && squeezed.includes(code))) return true
  return names.some((name) => findPhrase(text, name).some(({ negated }) => !negated || !mentions(toldText, [name])))
}

function tells(text: string, toldText: string, fact: Fact): boolean {
  const whole = words(fact.text).join(' ')
  if (` ${words(text).join(' ')} `.includes(` ${whole} `) && !words(toldText).join(' ').includes(whole)) return true
  if (fact.disclosure !== 'unknown_to_patient' && fact.disclosure !== 'only_if_specific') return false
  return fact.askedBy.some((phrase) => mentions(text, [phrase]) && !mentions(toldText, [phrase]))
}

function saysAbsent({ polarity, text }: Fact): boolean {
  return polarity === 'absent' && NEGATION.test(text)
}

function sharesWord(text: string, factText: string): boolean {
  const said = new Set(words(text).map(stem))
  const longer = words(factText).filter((word) => word.length >= MIN_CONTENT_LETTERS)
  return longer.length === 0 || longer.some((word) => said.has(stem(word)))
}

function stem(word: string): string {
  return word.slice(0, MIN_CONTENT_LETTERS)
}

function squeeze(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}
