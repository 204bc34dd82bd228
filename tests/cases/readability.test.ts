import { describe, expect, test } from 'vitest'
import { gradeLevel, patientReadsPlainly } from '../../cases/readability.ts'
import { aCase } from './a-case.ts'

describe('gradeLevel', () => {
  test('six words of one syllable in one sentence give 0.39·6 + 11.8 − 15.59 = −1.45', () => {
    expect(gradeLevel('The cat sat on the mat.')).toBeCloseTo(-1.45, 10)
  })
  test('13 words of 26 syllables (1+4+3+1+3+1+2+1+1+2+1+4+2) give 0.39·13 + 11.8·26/13 − 15.59 = 13.08', () => {
    const sentence = 'The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.'
    expect(gradeLevel(sentence)).toBeCloseTo(13.08, 10)
  })
  test('two sentences are plainer than one of the same words', () => {
    expect(gradeLevel('It hurts. It bleeds.')).toBeLessThan(gradeLevel('It hurts, it bleeds.'))
  })
  test('a text without a word has no grade', () => {
    expect(() => gradeLevel('…')).toThrow(RangeError)
  })
})

describe('patientReadsPlainly', () => {
  test('short lay sentences have no finding', () => {
    expect(patientReadsPlainly(aCase())).toEqual([])
  })
  test('a patient who writes like a journal is a warning that says the grade', () => {
    const text =
      'Following unsuccessful conservative management the circumscribed abnormality demonstrated considerable deterioration accompanied by intermittent haemorrhagic exudation.'
    const facts = aCase().facts.map((fact) => ({ ...fact, text }))
    expect(patientReadsPlainly(aCase({ facts }))).toMatchObject([
      { field: 'facts', severity: 'warning', fault: expect.stringMatching(/got \d\d\.\d$/) },
    ])
  })
  test('what the patient never tells does not count', () => {
    const facts = aCase().facts.map((fact) =>
      fact.disclosure === 'unknown_to_patient'
        ? { ...fact, text: 'Immunohistochemistry demonstrated characteristic positivity. '.repeat(9) }
        : fact,
    )
    expect(patientReadsPlainly(aCase({ facts }))).toEqual([])
  })
})
