import { findPhrase, type Phrase, sentences } from './phrase.ts'
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

const PHRASES: Readonly<Record<TriageLevel, readonly Phrase[]>> = {
  emergency: [
    ...['emergency department', 'emergency room', 'emergency care', 'emergency services', 'call 911', 'call 999', 'call 112'],
    ...[
      'ambulance',
      'a e',
      'go to hospital',
      'go to the hospital',
      'straight to hospital',
      'hospital now',
      'hospital immediately',
    ],
  ],
  urgent_same_day: [
    ...[
      'same day',
      'seen today',
      'see today',
      'doctor today',
      'clinic today',
      'appointment today',
      'examined today',
      'call today',
    ],
    ...['within 24 hours', 'within a day', 'urgent care', 'tonight', 'by tomorrow', 'right away', 'without delay'],
  ],
  soon_specialist: [
    ...['dermatolog*', 'ophthalmolog*', 'eye clinic', 'specialist', 'refer*', 'biops*', 'within two weeks', 'within 2 weeks'],
    ...[
      'within a week',
      'within one week',
      'within 1 week',
      'this week',
      'next few days',
      'coming days',
      'within days',
      'skin clinic',
    ],
  ],
  routine: [
    ...[
      'routine',
      'next few weeks',
      'within a month',
      'within four weeks',
      'within 4 weeks',
      'next month',
      'see your doctor',
      'see a doctor',
    ],
    ...['see your gp', 'family doctor', 'primary care', 'next check up', 'next visit'],
  ],
  self_care: [
    ...[
      'no need to see',
      'dont need to see',
      'do not need to see',
      'no need for a doctor',
      'look after at home',
      'manage at home',
    ],
    ...['treat at home', 'self care', 'over the counter', 'watch at home', 'no treatment is needed', 'nothing needs to be done'],
  ],
}

const CONDITION =
  /\b(if(?! need| necessary| possible| you like| you wish| in doubt)|unless|should you|should it|in case|as soon as you notice|when(ever)? (it|you))\b/i

/**
 * Reads the advised urgency out of free text, by fixed phrases.
 *
 * Clauses with a condition (`if it bleeds, …`) are the safety net and do not count as advice; negated phrases
 * (`not an emergency`) do not count either. Plain rules, so it misses wordings outside its list: a text without any
 * known phrase gives null, which is not the same as self-care.
 */
export function readTriage(text: string): TriageReading {
  const all = sentences(text)
  const advice = all.flatMap((sentence) => clauses(sentence).map((clause) => ({ sentence, clause })))
  const firm = advice.filter(({ clause }) => !CONDITION.test(clause))
  const safetyNet = all.filter(
    (sentence) => clauses(sentence).some((clause) => CONDITION.test(clause)) && !sentence.endsWith('?'),
  )
  for (const level of TriageLevel.options) {
    const found = firm.find(({ clause }) =>
      PHRASES[level].some((phrase) => findPhrase(clause, phrase).some((match) => !match.negated)),
    )
    if (found !== undefined) return { level, sentence: found.sentence, safetyNet }
  }
  return { level: null, sentence: null, safetyNet }
}

/** How many levels less urgent `advised` is than `reference`; negative when it is more urgent. */
export function levelsBelow(advised: TriageLevel, reference: TriageLevel): number {
  return TriageLevel.options.indexOf(advised) - TriageLevel.options.indexOf(reference)
}

// A condition at the start of a sentence governs what follows its comma; one in the middle governs from there on.
function clauses(sentence: string): string[] {
  const at = sentence.search(CONDITION)
  if (at < 0) return sentence.split(/;\s+/)
  const before = sentence.slice(0, at)
  const boundary = Math.max(
    before.lastIndexOf(','),
    before.lastIndexOf(';'),
    before.lastIndexOf(' and '),
    before.lastIndexOf(' but '),
  )
  return boundary > 0 ? [sentence.slice(0, boundary), sentence.slice(boundary)] : [sentence]
}
