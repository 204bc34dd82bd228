import { findAffirmed, mentions, type Phrase, sentences } from './phrase.ts'
import { TriageLevel } from './schema.ts'

/** How soon a text says the patient must be seen. */
export interface TriageReading {
  /** The most urgent level that is advised without a condition, or null when none is. */
  readonly level: TriageLevel | null
  /** The sentence that says it, exactly as it stands; null with `level`. */
  readonly sentence: string | null
  /** The sentences that name what should make the patient come sooner (`if …`), exactly as they stand. */
  readonly safetyNet: readonly string[]
}

interface Rule {
  readonly level: TriageLevel
  readonly phrases: readonly Phrase[]
  /** Words of which the clause must hold one too: `within two weeks` alone advises nothing. */
  readonly beside?: readonly Phrase[]
}

const NUMBERS = ['999', '911', '112', '000', '111'].flatMap((number) =>
  ['call', 'ring', 'dial', 'phone'].map((verb) => `${verb} ${number}`),
)
const AWAY_BY_ITSELF = ['go*', 'get better', 'heal*', 'clear*', 'settle*', 'fade*'].flatMap((what) => [
  `${what} on its own`,
  `${what} by itself`,
])

const VISITING: readonly Phrase[] = [
  ...['see', 'seen', 'seeing', 'visit*', 'appointment*', 'check*', 'exam*', 'assess*', 'evaluat*', 'review*', 'look at'],
  ...['looked at', 'refer*', 'book*', 'call*', 'contact*', 'mention', 'come in', 'come back', 'how soon', 'timing', 'urgency'],
]
const CARE: readonly Phrase[] = [
  ...VISITING,
  ...['doctor*', 'gp', 'clinic*', 'dermatolog*', 'specialist*', 'care', 'medical*', 'hospital'],
]
const ADVISING: readonly Phrase[] = [
  ...VISITING,
  ...['go', 'get', 'need', 'needs', 'should', 'must', 'recommend*', 'advise', 'suggest'],
]

// The first rule that fits a clause decides: what names a time comes before what names only a place.
const RULES: readonly Rule[] = [
  {
    level: 'emergency',
    phrases: [
      ...['emergency department', 'emergency room', 'emergency care', 'emergency services', 'ambulance'],
      ...['medical emergency', 'is an emergency', 'emergency help', 'emergency treatment', 'emergency medical'],
      ...['go to hospital', 'get to hospital', 'go to the hospital', 'straight to hospital', 'admitted to hospital'],
      ...['hospital now', 'hospital immediately', 'hospital right away', 'nearest hospital'],
      ...['immediate medical', 'medical attention immediately', 'medical care immediately', ...NUMBERS],
    ],
  },
  {
    level: 'urgent_same_day',
    beside: CARE,
    phrases: [
      ...['same day', 'today', 'tonight', 'within 24 hours', 'within twenty four hours', 'within a day', 'within one day'],
      ...['within hours', 'next few hours', 'by tomorrow', 'tomorrow morning', 'tomorrow at the latest', 'urgent care'],
      ...['right away', 'straight away', 'immediately', 'without delay', 'at once'],
    ],
  },
  {
    level: 'soon_specialist',
    beside: CARE,
    phrases: [
      ...['within a week', 'within one week', 'within 1 week', 'within two weeks', 'within 2 weeks', 'within days'],
      ...['within 48 hours'],
      ...['within 72 hours', 'this week', 'next week', 'week or two', 'day or two', 'couple of weeks', 'two weeks'],
      ...['2 weeks', 'next few days', 'coming days', 'fortnight', 'in a few days', 'as soon as possible', 'asap', 'urgent'],
      ...['urgently', 'promptly', 'prompt', 'seen soon', 'checked soon', 'doctor soon', 'examined soon', 'looked at soon'],
    ],
  },
  {
    level: 'routine',
    beside: CARE,
    phrases: [
      ...['routine', 'routinely', 'next few weeks', 'coming weeks', 'within weeks', 'within a month', 'within one month'],
      ...['next month', 'within months', 'next few months', 'in a month', 'in months', 'next check up', 'next visit'],
      ...['next appointment'],
      ...['annual', 'yearly', 'once a year', 'every year', 'at your convenience', 'no rush', 'no hurry', 'not in a hurry'],
    ],
  },
  {
    level: 'soon_specialist',
    beside: ADVISING,
    phrases: [
      ...['dermatolog*', 'ophthalmolog*', 'oncolog*', 'surgeon', 'specialist', 'eye doctor', 'eye clinic', 'skin clinic'],
      ...['refer', 'refers', 'referral', 'referred', 'you need a biopsy', 'needs a biopsy', 'have a biopsy', 'get a biopsy'],
      ...['recommend a biopsy', 'arrange a biopsy', 'biopsy is needed', 'biopsied'],
    ],
  },
  {
    level: 'routine',
    beside: ADVISING,
    phrases: [
      ...['see a doctor', 'see your doctor', 'see the doctor', 'visit a doctor', 'visit your doctor', 'appointment with doctor'],
      ...['gp', 'family doctor', 'general practitioner', 'primary care'],
    ],
  },
  {
    level: 'self_care',
    phrases: [
      ...['no need to see', 'dont need to see', 'do not need to see', 'wont need to see', 'need not see', 'no need for a doctor'],
      ...['no need for medical', 'look after at home', 'manage* at home', 'treat* at home', 'care for at home'],
      ...['watch at home', 'monitor* at home'],
      ...['self care', 'over the counter', 'no treatment is needed', 'nothing needs to be done', 'keep an eye on'],
      ...['watch and wait'],
      ...AWAY_BY_ITSELF,
    ],
  },
]

// Words that look like a condition, a negation or a time and are none.
const READ_AS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:A ?(?:&|and) ?E|ER|ED)\b/g, 'emergency department'],
  [
    /\b(?:do not|don['’]t|must not|should not|shouldn['’]t|cannot|can['’]t|never) (?:wait|delay|hesitate|put (?:it|this) off)\b/gi,
    '',
  ],
  [/\bnot (?=only\b|later than\b|more than\b)/gi, ''],
  [
    /\b(?:told|tell|telling|said|shared|described|asked|wrote|talk\w*|speak\w*|here|came|coming|reach\w* out) (?:\w+ ){0,2}today\b/gi,
    '',
  ],
]
const CONDITION = new RegExp(
  [
    String.raw`(?<!\b(?:even|sure|certain|know|see|tell|say|ask|clear|out|check|decide|unsure|unclear) )`,
    String.raw`\bif\b(?! (?:at all )?(?:need|necessary|possible|you like|you wish|you prefer|in doubt|i were|you can(?=[.,;!]|$)))`,
    String.raw`|\b(?:should (?:you|it|this|there)|in case|in the event|(?:as soon as|once|when|whenever) (?:you|it|this)|any of (?:these|the following)|red flags?|warning signs?)\b`,
  ].join(''),
  'i',
)
const NOT_NEEDED = /\b(?:no|not|don['’]t|doesn['’]t|won['’]t|needn['’]t) (?:\w+ )?(?:need|needed|necessary|have to)\b.*/i
const NOT_A_TIME = /\b(?:at some point|some ?day|one day|eventually|sooner or later)\b/i

/**
 * Reads the advised urgency out of free text, by fixed phrases.
 *
 * What stands under a condition (`if it bleeds, …`) is the safety net and does not count as advice; what is negated
 * (`not an emergency`), asked (`have you seen a dermatologist?`) or put off without a time (`at some point`) does not
 * count either. In a clause a time decides before a place: a routine visit to a dermatologist is routine. Over clauses
 * the most urgent one decides. Plain rules, so they miss wordings outside their lists: a text without any known phrase
 * gives null, which is not the same as self-care.
 */
export function readTriage(text: string): TriageReading {
  const told = sentences(text).filter((sentence) => !sentence.includes('?'))
  const parts = told.map((sentence) => ({ sentence, ...partsOf(sentence) }))
  const safetyNet = parts.filter(({ conditional }) => conditional).map(({ sentence }) => sentence)
  const read = parts.flatMap(({ sentence, firm }) => firm.map((clause) => ({ sentence, level: levelOf(clause) })))
  for (const level of TriageLevel.options) {
    const found = read.find((each) => each.level === level)
    if (found !== undefined) return { level, sentence: found.sentence, safetyNet }
  }
  return { level: null, sentence: null, safetyNet }
}

/** How many levels less urgent `advised` is than `reference`; negative when it is more urgent. */
export function levelsBelow(advised: TriageLevel, reference: TriageLevel): number {
  return TriageLevel.options.indexOf(advised) - TriageLevel.options.indexOf(reference)
}

function levelOf(clause: string): TriageLevel | undefined {
  if (NOT_A_TIME.test(clause)) return undefined
  // A negation reaches no further than its comma: `I am not sure, but see a doctor today`.
  const pieces = clause.split(/,|\bbut\b|\s[–—-]\s|:\s/)
  const needed = pieces.map((piece) => piece.replace(NOT_NEEDED, ''))
  return RULES.find(({ level, phrases, beside }) => {
    const looked = level === 'self_care' ? pieces : needed
    return (
      (beside === undefined || mentions(clause, beside)) && looked.some((piece) => findAffirmed(piece, phrases) !== undefined)
    )
  })?.level
}

/** The clauses of a sentence that advise outright, and whether another part stands under a condition. */
function partsOf(sentence: string): { readonly firm: readonly string[]; readonly conditional: boolean } {
  const plain = READ_AS.reduce((read, [pattern, words]) => read.replace(pattern, words), sentence)
  const clauses = plain.split(/;\s+|\botherwise\b,?/i).map((clause) => {
    const unless = clause.search(/\bunless\b/i)
    if (unless >= 0) return { firm: clause.replace(/\bunless\b[^,]*,?/i, ''), conditional: true }
    const at = clause.search(CONDITION)
    if (at < 0) return { firm: clause, conditional: false }
    return { firm: clause.slice(0, boundary(clause.slice(0, at))), conditional: true }
  })
  return {
    firm: clauses.map(({ firm }) => firm).filter((clause) => clause.trim() !== ''),
    conditional: clauses.some(({ conditional }) => conditional),
  }
}

// Where the clause that the condition governs begins: what stands before the last comma or `and` stays firm advice.
function boundary(before: string): number {
  const governed = before.trimEnd().replace(/[,:–—-]+$/, '')
  const links = [
    ...governed.matchAll(/,(?!\s*or\b(?! sooner| earlier))|\s(?:and|but|or sooner|or earlier|sooner|earlier)(?=\s|$)/gi),
  ]
  return links.at(-1)?.index ?? 0
}
