import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadBank } from '../../cases/load.ts'
import type { Case, Image } from '../../cases/schema.ts'
import { sameDiagnosis, wrongImages } from '../../cases/wrong-image.ts'
import { aCase } from './a-case.ts'

const [picture] = aCase().images as [Image]

/** A case of another diagnosis with one image; `name` makes both its own. */
function another(name: string, image: Partial<Image> = {}, truth: Partial<Case['truth']> = {}): Case {
  const own = {
    id: 'picture',
    sha256: [...name].reduce((sum, letter) => sum + letter.charCodeAt(0).toString(16), '').padEnd(64, '0'),
  }
  return aCase({
    id: name.replaceAll(' ', '-'),
    images: [{ ...picture, ...own, ...image }],
    truth: { ...aCase().truth, primary: { name, codes: [] }, acceptable: [name], ...truth },
  })
}

const chosen = (one: Case, cases: readonly Case[]) => wrongImages(one, cases)?.map(({ caseId }) => caseId)

describe('wrongImages', () => {
  const one = aCase()
  test('takes the same body site before another, and another rather than none', () => {
    const hand = another('warts', { bodySite: 'left hand' })
    const nose = another('acne', { bodySite: 'tip of the nose (by the patient)' })
    const hands = ['eczema', 'scabies', 'hives', 'gout', 'chilblain'].map((name) => another(name, { bodySite: 'right hand' }))
    expect(chosen(one, [one, hand, ...hands, nose])).toEqual(['acne'])
    expect(chosen(one, [one, hand])).toEqual(['warts'])
  })
  test('does not take a shared side or a note in brackets for the same site', () => {
    const left = aCase({ images: [{ ...picture, bodySite: 'left ear (synthetic)' }] })
    const hand = another('warts', { bodySite: 'left hand (synthetic)' })
    const ear = another('acne', { bodySite: 'right ear' })
    const hands = ['eczema', 'scabies', 'hives', 'gout'].map((name) => another(name, { bodySite: 'left hand (synthetic)' }))
    expect(chosen(left, [left, hand, ...hands, ear])).toEqual(['acne'])
  })
  test.each([
    ['the case itself', one],
    ['the same picture in another case', another('acne', { sha256: picture.sha256 })],
    ['another modality', another('acne', { modality: 'dermoscopy' })],
    ['the same diagnosis', another('basal cell carcinoma')],
    ['a diagnosis that counts as right', another('rodent ulcer', {}, { acceptable: ['rodent ulcer', 'a kind of skin cancer'] })],
    ['the same code', another('acne', {}, { primary: { name: 'acne', codes: ['ICD-10 C44.3'] } })],
  ])('never takes %s', (_, candidate) => {
    expect(wrongImages(one, [one, candidate])).toBeUndefined()
  })
  test('gives each of several images one of its own modality, none twice', () => {
    const two = aCase({ images: [picture, { ...picture, id: 'second', sha256: 'b'.repeat(64) }] })
    expect(new Set(chosen(two, [two, another('acne'), another('warts'), another('eczema')])).size).toBe(2)
    expect(wrongImages(two, [two, another('acne')])).toBeUndefined()
  })
  test('depends on the cases and not on their order', () => {
    const cases = ['acne', 'warts', 'eczema', 'scabies', 'hives'].map((name) => another(name))
    const first = chosen(one, cases)
    fc.assert(
      fc.property(fc.shuffledSubarray(cases, { minLength: cases.length }), (shuffled) => {
        expect(chosen(one, shuffled)).toEqual(first)
      }),
    )
  })
})

describe.each([
  ['demo', ['fundus', 'radiograph']],
  ['bank', ['ct', 'cytology']],
])('the bank %s', (name, lonely) => {
  test('has for each case an image of the same modality and another diagnosis, or none; never its own', async () => {
    const { cases } = await loadBank(name)
    const found = cases.map((one) => ({ one, wrong: wrongImages(one, cases) }))
    for (const { one, wrong } of found)
      for (const [i, { caseId, image }] of (wrong ?? []).entries()) {
        const other = cases.find((candidate) => candidate.id === caseId) as Case
        expect(image.modality).toBe(one.images[i]?.modality)
        expect(one.images.map(({ sha256 }) => sha256)).not.toContain(image.sha256)
        expect(sameDiagnosis(one, other)).toBe(false)
      }
    const without = found.filter(({ wrong }) => wrong === undefined).map(({ one }) => one.images[0]?.modality)
    expect(without.toSorted()).toEqual(lonely)
  })
})
