import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { present } from '../../../cases/arms.ts'
import { mentions } from '../../../cases/phrase.ts'
import { Arm, Fact } from '../../../cases/schema.ts'
import { type PatientState, questionsIn, tellable } from '../../../providers/patient/ledger.ts'
import { scriptedAnswer } from '../../../providers/patient/scripted.ts'
import { aCase, frozen } from '../../cases/a-case.ts'

const one = aCase()

function state(rest: Partial<PatientState> = {}): PatientState {
  return frozen({ persona: one.patient.persona, facts: one.facts, told: new Set<string>(), seed: 7, ...rest })
}

function factOf(id: string, rest: Partial<Fact> = {}): Fact {
  const base = { id, text: `Fact ${id} is told.`, category: 'symptom', polarity: 'present', disclosure: 'if_asked' }
  return Fact.parse({ ...base, askedBy: [id], ...rest })
}

const told = (answer: { facts: readonly string[] }) => answer.facts

describe('a scripted patient', () => {
  test('tells a fact when one of its phrases is asked about, in the ledger’s words', () => {
    expect(scriptedAnswer(state(), 'How long has it been there?', 1)).toEqual({
      text: 'It came about a year ago and grows slowly.',
      facts: ['slow-growth'],
      unlisted: false,
    })
  })
  test('tells a fact to be asked for when its category is asked about, and one that needs its phrase only by its phrase', () => {
    const general = scriptedAnswer(state(), 'Do you have any other symptoms?', 1)
    expect(told(general)).not.toContain('bleeding')
    expect(told(scriptedAnswer(state(), 'Does it ever bleed?', 1))).toEqual(['bleeding'])
  })
  test('never tells what the patient does not know, and does not call it unlisted', () => {
    const answer = scriptedAnswer(state(), 'Did you ever have radiation?', 1)
    expect(answer).toMatchObject({ facts: [], unlisted: false })
    expect(answer.text).not.toContain('radiation')
  })
  test('answers a question that no fact covers with a plain “not sure” and marks it', () => {
    const answer = scriptedAnswer(state(), 'Do you keep pigeons?', 1)
    expect(answer).toMatchObject({ facts: [], unlisted: true })
    expect(answer.text).not.toMatch(/pigeon/)
  })
  test('marks an unlisted question also beside one that is answered', () => {
    expect(scriptedAnswer(state(), 'Does it bleed? Do you keep pigeons?', 1)).toMatchObject({
      facts: ['bleeding'],
      unlisted: true,
    })
  })
  test('says again what was asked again, and says that it did', () => {
    const answer = scriptedAnswer(state({ told: new Set(['bleeding']) }), 'Does it bleed?', 2)
    expect(answer).toEqual({ text: 'As I said: It bleeds a little when I dry my face.', facts: ['bleeding'], unlisted: false })
  })
  test('offers a fact to volunteer once, when nothing or only something open is asked', () => {
    for (const words of ['I see.', 'Can you tell me more about it?']) {
      expect(told(scriptedAnswer(state(), words, 1))).toEqual(['shiny-in-picture'])
      const again = scriptedAnswer(state({ told: new Set(['shiny-in-picture']) }), words, 2)
      expect(again).toMatchObject({ facts: [], unlisted: false })
    }
  })
  test('understands a request without a question mark, and takes advice for no question', () => {
    expect(told(scriptedAnswer(state(), 'Please tell me whether it bleeds.', 1))).toEqual(['bleeding'])
    expect(told(scriptedAnswer(state(), 'Tell your doctor if it bleeds.', 1))).not.toContain('bleeding')
    expect(told(scriptedAnswer(state(), '**Does it bleed?** Thanks.', 1))).toEqual(['bleeding'])
  })
  test.each([
    ['low', 3],
    ['medium', 4],
    ['high', 5],
  ] as const)(
    'of %s talkativeness tells %d facts a turn, the first of the ledger, and the rest when asked again',
    (talkativeness, limit) => {
      const facts = Array.from({ length: 7 }, (_, i) => factOf(`fact${i}`))
      const persona = { ...one.patient.persona, talkativeness }
      const first = scriptedAnswer(state({ facts, persona }), 'Any symptoms?', 1)
      expect(told(first)).toEqual(facts.slice(0, limit).map((fact) => fact.id))
      const second = scriptedAnswer(state({ facts, persona, told: new Set(first.facts) }), 'Any symptoms?', 2)
      expect(told(second)).toEqual(facts.slice(limit, 2 * limit).map((fact) => fact.id))
    },
  )
})

const WORDS = [
  'pain',
  'rash',
  'bleed',
  'itch',
  'travel',
  'symptoms',
  'family',
  'medicines',
  'any',
  'other',
  'how',
  'long',
  'more',
]
const words = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 6 }).map((all) => all.join(' '))
const anySentence = fc.tuple(fc.constantFrom('', 'Please tell me ', 'Tell them '), words, fc.constantFrom('?', '.', '!', ':'))
const clinicianText = fc.oneof(
  fc.array(anySentence.map((all) => all.join(''))).map((all) => all.join(' ')),
  fc.string(),
)
const ledger = fc
  .array(
    fc.record({
      category: fc.constantFrom(...Fact.shape.category.options),
      disclosure: fc.constantFrom(...Fact.shape.disclosure.options),
      askedBy: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 2 }),
      onlyWith: fc.constantFrom(undefined, 'image' as const, 'ehr' as const),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((facts) => facts.map((fact, i) => factOf(`f${i}`, fact)))
const patient = fc
  .record({
    facts: ledger,
    talkativeness: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
    seed: fc.nat(2 ** 32 - 1),
    tellsFirst: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  })
  .map(({ facts, talkativeness, seed, tellsFirst }) => ({
    persona: { ...one.patient.persona, talkativeness },
    facts,
    told: new Set(facts.filter((_, i) => tellsFirst[i] === true).map((fact) => fact.id)),
    seed,
  }))

describe('laws of a scripted patient, for any ledger and any clinician', () => {
  const law = (name: string, holds: (before: PatientState, text: string, turn: number) => void) =>
    test(name, () => fc.assert(fc.property(patient, clinicianText, fc.integer({ min: 1, max: 8 }), holds), { numRuns: 500 }))

  law(
    'only facts of the ledger are told, each at most once an answer, and never one that the patient does not know',
    (before, text, turn) => {
      const answer = scriptedAnswer(before, text, turn)
      const allowed = before.facts.filter((fact) => fact.disclosure !== 'unknown_to_patient').map((fact) => fact.id)
      expect(allowed).toEqual(expect.arrayContaining([...answer.facts]))
      expect(new Set(answer.facts).size).toBe(answer.facts.length)
    },
  )

  law('the words hold the text of exactly the facts that are told', (before, text, turn) => {
    const answer = scriptedAnswer(before, text, turn)
    for (const fact of before.facts) expect(answer.text.includes(fact.text)).toBe(answer.facts.includes(fact.id))
    expect(answer.text).not.toBe('')
  })

  law('a fact that needs its own phrase is told only when a question holds it', (before, text, turn) => {
    const answer = scriptedAnswer(before, text, turn)
    for (const fact of before.facts.filter(({ disclosure }) => disclosure === 'only_if_specific'))
      if (answer.facts.includes(fact.id))
        expect(questionsIn(text).some((question) => mentions(question, fact.askedBy))).toBe(true)
  })

  law('what is told is always among what disclosure allows', (before, text, turn) => {
    const allowed = tellable(before.facts, text).map((fact) => fact.id)
    expect(allowed).toEqual(expect.arrayContaining([...scriptedAnswer(before, text, turn).facts]))
  })

  law('without a question at most one fact is told, and that one is to volunteer', (before, text, turn) => {
    fc.pre(questionsIn(text).length === 0)
    const answer = scriptedAnswer(before, text, turn)
    expect(answer.facts.length).toBeLessThanOrEqual(1)
    expect(answer.unlisted).toBe(false)
    for (const fact of before.facts) if (answer.facts.includes(fact.id)) expect(fact.disclosure).toBe('volunteer')
  })

  law('the same seed gives the same answer, and another seed changes the words around the facts only', (before, text, turn) => {
    const answer = scriptedAnswer(before, text, turn)
    expect(scriptedAnswer(structuredClone(before), text, turn)).toEqual(answer)
    const other = scriptedAnswer({ ...before, seed: before.seed + 1 }, text, turn)
    expect(other).toMatchObject({ facts: answer.facts, unlisted: answer.unlisted })
  })

  law('in an arm nothing is told that the arm leaves out, and arms with equal facts get equal answers', (before, text, turn) => {
    const answers = Arm.options.map((arm) => {
      const { facts } = present({ ...one, facts: [...before.facts] }, arm, one.images)
      const answer = scriptedAnswer({ ...before, facts }, text, turn)
      expect(facts.map((fact) => fact.id)).toEqual(expect.arrayContaining([...answer.facts]))
      return { shown: JSON.stringify(facts), answer: JSON.stringify(answer) }
    })
    for (const a of answers) for (const b of answers) if (a.shown === b.shown) expect(a.answer).toBe(b.answer)
  })
})
