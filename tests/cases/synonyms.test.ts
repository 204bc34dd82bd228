import { describe, expect, test } from 'vitest'
import { nothingShownParaphrasesTheDiagnosis } from '../../cases/leaks.ts'
import type { Case } from '../../cases/schema.ts'
import { stemsOf, synonymsOf } from '../../cases/synonyms.ts'
import { aCase } from './a-case.ts'

const base = aCase()

function melanoma(rest: Partial<Case> = {}): Case {
  const truth = { ...base.truth, primary: { name: 'Melanoma of the skin', codes: ['ICD-10 C43.3'] }, acceptable: ['melanoma'] }
  return aCase({
    truth: { ...truth, attainable: { ...truth.attainable, full: { leading: ['melanoma'], statement: 'x' } } },
    ...rest,
  })
}

function telling(text: string, polarity: 'present' | 'absent' = 'present'): Case {
  return melanoma({ facts: base.facts.map((fact) => (fact.id === 'bleeding' ? { ...fact, text, polarity } : fact)) })
}

describe('nothingShownParaphrasesTheDiagnosis', () => {
  test('a case whose patient describes and does not name has no finding', () => {
    expect(nothingShownParaphrasesTheDiagnosis(melanoma())).toEqual([])
  })
  test.each([
    ['My nurse called it a malignant mole.', 'malignant mole*'],
    ['They said a melanomatous thing.', 'melanom*'],
    ['I read that it is a black kind of skin cancer.', 'skin cancer*'],
    ['My aunt says that the mole has gone bad.', 'mole gone bad'],
  ])('the fact “%s” is an error that names file, field, sentence and phrase', (text, phrase) => {
    expect(nothingShownParaphrasesTheDiagnosis(telling(text))).toEqual([
      {
        field: 'facts.bleeding.text',
        severity: 'error',
        fault: `requires text that does not paraphrase the diagnosis, got “${text}” with “${phrase}”`,
      },
    ])
  })
  test('what names the diagnosis outright is left to the rule for names', () => {
    expect(nothingShownParaphrasesTheDiagnosis(telling('It is melanoma.'))).toEqual([])
  })
  test('a denied paraphrase is allowed in a fact of polarity absent and nowhere else', () => {
    expect(nothingShownParaphrasesTheDiagnosis(telling('Nobody in my family has ever had a skin cancer.', 'absent'))).toEqual([])
    expect(nothingShownParaphrasesTheDiagnosis(telling('A malignant mole is what I do not want.', 'absent'))).toHaveLength(1)
    expect(nothingShownParaphrasesTheDiagnosis(telling('It is surely not a skin cancer.'))).toHaveLength(1)
  })
  test.each(['opening', 'patientLine', 'altText'])('a paraphrase in %s is an error', (field) => {
    const text = 'It may be a cancerous mole.'
    const one =
      field === 'opening'
        ? melanoma({ opening: text })
        : melanoma({ images: base.images.map((image) => ({ ...image, [field]: text })) })
    expect(nothingShownParaphrasesTheDiagnosis(one)).toMatchObject([{ field: expect.stringContaining(field), severity: 'error' }])
  })
  test('the record may hold an earlier skin cancer, and not a melanoma', () => {
    const noting = (text: string) => melanoma({ ehr: { ...base.ehr, notes: base.ehr.notes.map((note) => ({ ...note, text })) } })
    expect(nothingShownParaphrasesTheDiagnosis(noting('A skin cancer of the ear was removed in 2019.'))).toEqual([])
    expect(nothingShownParaphrasesTheDiagnosis(noting('Thin malignant mole suspected.'))).toMatchObject([
      { field: 'ehr', severity: 'error' },
    ])
  })
  test('an expert’s findings with a synonym are a warning, since only arm caption shows them', () => {
    const images = base.images.map((image) => ({ ...image, findings: 'Melanomatous pattern.' }))
    expect(nothingShownParaphrasesTheDiagnosis(melanoma({ images }))).toMatchObject([
      { field: 'images.bump.findings', severity: 'warning' },
    ])
  })
})

describe('synonymsOf', () => {
  const ofTruth = (name: string, ...codes: string[]) => synonymsOf({ truth: { ...base.truth, primary: { name, codes } } })
  test('a group is found by the beginning of an ICD-10 code as well as by name', () => {
    expect(ofTruth('Nodular tumour of the cheek', 'ICD-10 C43.3')).toEqual(ofTruth('Melanoma'))
  })
  test('a code of another system, or another code, finds nothing', () => {
    expect(ofTruth('Nodular tumour of the cheek', 'ICD-O-3 C43.3', 'ICD-10 D43.0')).toBeUndefined()
  })
  test('two groups add up', () => {
    expect(ofTruth('Legionella pneumonia')?.anywhere).toContain('legionell*')
    expect(ofTruth('Legionella pneumonia')?.told).toContain('lung infection*')
  })
})

describe('stemsOf', () => {
  test.each([
    ['Melanoma of the skin', ['melanom*']],
    ['Seborrheic keratosis', ['keratos*', 'keratot*']],
    ['Contact dermatitis', ['dermatitis*', 'dermatitic*']],
    ['Normal chest film', []],
  ])('%s → %j', (name, stems) => {
    expect(stemsOf(name)).toEqual(stems)
  })
})
