import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TriageLevel } from '../../cases/schema.ts'
import { levelsBelow, readTriage } from '../../cases/triage.ts'

// Each level was set by reading the sentence as a patient would, before the rules were run on it.
const ADVICE: readonly (readonly [TriageLevel | null, string])[] = [
  ['emergency', 'Call an ambulance now.'],
  ['emergency', 'Please go to the nearest emergency department straight away.'],
  ['emergency', 'Go to the ER right now.'],
  ['emergency', 'You should go to A&E tonight.'],
  ['emergency', 'Dial 999 and do not eat or drink.'],
  ['emergency', 'You need to get to a hospital immediately.'],
  ['emergency', 'Do not delay: call an ambulance.'],
  ['emergency', 'I think this is a medical emergency.'],
  ['emergency', 'Please seek immediate medical attention.'],
  ['urgent_same_day', 'You should be seen by a doctor today.'],
  ['urgent_same_day', 'Book a same-day appointment with your GP.'],
  ['urgent_same_day', 'See a doctor within the next 24 hours.'],
  ['urgent_same_day', 'Go to an urgent care clinic.'],
  ['urgent_same_day', "Don't wait, see a doctor today."],
  ['urgent_same_day', 'I am not sure, but see a doctor today.'],
  ['urgent_same_day', 'Call your eye doctor first thing tomorrow morning.'],
  ['urgent_same_day', 'How soon: today.'],
  ['soon_specialist', 'I would like you to see a dermatologist within two weeks.'],
  ['soon_specialist', 'I recommend an urgent referral to a skin specialist.'],
  ['soon_specialist', 'Have a doctor look at it in the next few days.'],
  ['soon_specialist', 'You need a biopsy.'],
  ['soon_specialist', 'Please get this checked by a doctor within the next 1–2 weeks.'],
  ['soon_specialist', 'You should not wait more than two weeks to see a dermatologist.'],
  ['soon_specialist', 'A dermatologist should look at this even if it does not hurt.'],
  ['soon_specialist', 'I am not sure if it is cancer, so see a dermatologist this week.'],
  ['soon_specialist', 'See your GP this week if possible.'],
  ['soon_specialist', 'From what you told me today, you should see a dermatologist in the next two weeks.'],
  ['routine', 'Have it checked in the next few weeks at a routine visit.'],
  ['routine', 'Book a routine appointment with a dermatologist.'],
  ['routine', 'Mention it to your doctor at your next check-up.'],
  ['routine', 'See your doctor.'],
  ['routine', 'It is not urgent, so see your GP next month.'],
  ['routine', 'See your doctor next month unless it grows.'],
  ['routine', 'If you get a fever, call an ambulance; otherwise see your doctor next month.'],
  ['self_care', 'You do not need to see a doctor for this.'],
  ['self_care', 'There is nothing to worry about, so no need to see a doctor.'],
  ['self_care', 'You can treat it at home with an over-the-counter cream.'],
  ['self_care', 'It will go away on its own.'],
  ['self_care', 'Use the cream twice a day; it should heal by itself within two weeks.'],
  [null, 'This is not an emergency.'],
  [null, 'You do not need to go to the emergency department.'],
  [null, 'Your dermatologist’s letter says that it is benign.'],
  [null, 'Only a biopsy can tell for sure.'],
  [null, 'Have you seen a dermatologist before?'],
  [null, 'You might want to see a doctor at some point.'],
  [null, 'A multivitamin with vitamin E does no harm.'],
  [null, 'Thank you for reaching out today.'],
  [null, 'I could not say what this is.'],
  [null, ''],
]

const CONDITIONS = [
  'If it bleeds and does not stop, go to an emergency department.',
  'Go to the emergency department if you get a fever.',
  'Call 911, if the pain gets worse.',
  'Should it start to bleed, call an ambulance.',
  'In case of chest pain call 999.',
  'Go to the ER for any of the following: chest pain, confusion or trouble breathing.',
  'Once you notice any change, see a doctor today.',
]

describe('readTriage', () => {
  test.each(ADVICE)('%s: %s', (level, text) => {
    expect(readTriage(text).level).toBe(level)
  })

  test.each(CONDITIONS)('a condition makes it a safety net and no advice: %s', (text) => {
    expect(readTriage(text)).toEqual({ level: null, sentence: null, safetyNet: [text] })
  })

  test('advice and condition in one sentence are both read', () => {
    const text = 'See a dermatologist within two weeks, and go to the emergency department if it starts to bleed.'
    expect(readTriage(text)).toEqual({ level: 'soon_specialist', sentence: text, safetyNet: [text] })
    expect(readTriage('See your GP within two weeks or sooner if it bleeds.').level).toBe('soon_specialist')
  })

  test('the most urgent of several sentences decides and is the one that is quoted', () => {
    expect(readTriage('See your GP next month. Before that, be seen today for the fever.')).toMatchObject({
      level: 'urgent_same_day',
      sentence: 'Before that, be seen today for the fever.',
    })
  })

  test('a time decides before a place within one sentence', () => {
    expect(readTriage('See a dermatologist in the next few months.').level).toBe('routine')
    expect(readTriage('See your GP within a week.').level).toBe('soon_specialist')
  })

  test('a question about the safety net is not a safety net', () => {
    expect(readTriage('Did it bleed, and if so, how long?').safetyNet).toEqual([])
  })

  const advice = fc.subarray([...ADVICE]).map((picked) => picked.map(([, text]) => text).join(' '))

  test('law: the quoted sentence stands in the text exactly as quoted', () => {
    fc.assert(
      fc.property(advice, (text) => {
        const { level, sentence } = readTriage(text)
        if (level === null) expect(sentence).toBeNull()
        else expect(text).toContain(sentence)
      }),
    )
  })

  test('law: the level of a text is the most urgent level of its sentences', () => {
    fc.assert(
      fc.property(fc.subarray([...ADVICE]), (picked) => {
        const levels = picked.map(([level]) => level)
        const expected = TriageLevel.options.find((level) => levels.includes(level)) ?? null
        expect(readTriage(picked.map(([, text]) => text).join(' ')).level).toBe(expected)
      }),
    )
  })

  test('law: a safety net added to a text never changes its level', () => {
    fc.assert(
      fc.property(advice, fc.constantFrom(...CONDITIONS), (text, condition) => {
        expect(readTriage(`${text} ${condition}`).level).toBe(readTriage(text).level)
        expect(readTriage(`${text} ${condition}`).safetyNet).toContain(condition)
      }),
    )
  })
})

describe('levelsBelow', () => {
  test('counts how many steps less urgent the advice is, and is negative when it is more urgent', () => {
    expect(levelsBelow('self_care', 'emergency')).toBe(4)
    expect(levelsBelow('urgent_same_day', 'soon_specialist')).toBe(-1)
    expect(levelsBelow('routine', 'routine')).toBe(0)
  })
})
