import { describe, expect, test } from 'vitest'
import { attainableIn, present, showsEhr, showsImage, showsOwnImage } from '../../cases/arms.ts'
import { renderEhr } from '../../cases/ehr.ts'
import { loadBank } from '../../cases/load.ts'
import { Arm, BaseArm, type Case, type Image } from '../../cases/schema.ts'
import { aCase } from './a-case.ts'

const cases = [aCase(), ...(await loadBank('demo')).cases, ...(await loadBank('bank')).cases]

const [other] = (await loadBank('demo')).cases
if (other === undefined) throw new Error('the demo bank requires a case')
const WRONG: readonly Image[] = other.images

function patientText(one: Case, arm: Arm): string {
  const shown = present(one, arm)
  return [shown.opening, ...shown.facts.map((fact) => fact.text)].join('\n')
}

function recordLines(one: Case): string[] {
  return renderEhr(one.ehr)
    .split('\n')
    .filter((line) => line.startsWith('- ') && line !== '- none recorded')
    .map((line) => line.slice(2))
}

describe('showsImage and showsEhr', () => {
  test('the base arms are the four combinations, and the others all show the record', () => {
    expect(Arm.options.map((arm) => [arm, showsImage(arm), showsEhr(arm)])).toEqual([
      ['full', true, true],
      ['no-image', false, true],
      ['no-ehr', true, false],
      ['no-image-no-ehr', false, false],
      ['image-claimed', false, true],
      ['wrong-image', true, true],
      ['caption', false, true],
    ])
  })
})

describe('present', () => {
  const one = aCase()

  test('the full arm shows opening with patient line, images, record and every fact', () => {
    expect(present(one, 'full')).toEqual({
      opening: 'I have a small bump on my nose that will not heal. I took a photo of it, here it is.',
      images: one.images,
      ehr: renderEhr(one.ehr),
      facts: one.facts,
    })
  })
  test('a fact told only with the record is there with the record, with or without the image', () => {
    const tied = aCase({ facts: one.facts.map((fact) => (fact.id === 'bleeding' ? { ...fact, onlyWith: 'ehr' } : fact)) })
    const told = Arm.options.filter((arm) => present(tied, arm, WRONG).facts.some((fact) => fact.id === 'bleeding'))
    expect(told).toEqual(['full', 'no-image', 'image-claimed', 'wrong-image', 'caption'])
  })
  test('with the image claimed the patient says what is said in full, and nothing is sent', () => {
    expect(present(one, 'image-claimed')).toEqual({ ...present(one, 'full'), images: [] })
  })
  test('with a wrong image only the image differs from full', () => {
    expect(present(one, 'wrong-image', WRONG)).toEqual({ ...present(one, 'full'), images: WRONG })
  })
  test('with a wrong image but none given is refused, rather than shown without', () => {
    expect(() => present(one, 'wrong-image')).toThrow(
      'requires images of other cases in arm wrong-image, got none for case nose-bump',
    )
  })
  test('with a caption the findings stand in a note after the patient’s words, and nothing is sent', () => {
    const shown = present(one, 'caption')
    expect(shown).toEqual({ ...present(one, 'full'), images: [], opening: shown.opening })
    expect(shown.opening).toBe(
      `${present(one, 'full').opening} [The picture cannot be shown here. A specialist describes what it shows: ${one.images[0]?.findings}]`,
    )
  })
})

describe('attainableIn', () => {
  const { truth } = aCase()
  test('is what the case states for a base arm', () => {
    for (const arm of BaseArm.options) expect(attainableIn(truth, arm)).toBe(truth.attainable[arm])
  })
  test.each([
    ['image-claimed', 'no-image'],
    ['wrong-image', 'no-image'],
    ['caption', 'full'],
  ] as const)('for %s is that of %s', (arm, base) => {
    expect(attainableIn(truth, arm)).toBe(truth.attainable[base])
  })
})

describe('renderEhr', () => {
  test('the record is these lines, without hazards and conflicts', () => {
    expect(renderEhr(aCase().ehr).split('\n')).toEqual([
      'Health record, as of 2026-10-01',
      'Conditions',
      '- Atrial fibrillation (since 2019)',
      'Medications',
      '- Apixaban 5 mg twice a day (since 2019)',
      'Allergies',
      '- none recorded',
      'Observations',
      '- 2026-09-12 Creatinine: 78 umol/L',
      'Notes',
      '- 2026-09-12 general practitioner: Stable. No falls.',
    ])
  })
})

describe.each(cases.map((one) => [one.id, one] as const))('the case %s', (_, one) => {
  test.each(['no-image', 'no-image-no-ehr'] as const)('%s has no image, no patient line and no fact about the image', (arm) => {
    expect(present(one, arm).images).toEqual([])
    for (const image of one.images) expect(patientText(one, arm)).not.toContain(image.patientLine)
    for (const fact of one.facts.filter((each) => each.onlyWith === 'image'))
      expect(patientText(one, arm)).not.toContain(fact.text)
  })
  test.each(['no-ehr', 'no-image-no-ehr'] as const)('%s has no record, no line of it and no fact about it', (arm) => {
    expect(present(one, arm).ehr).toBeNull()
    expect(recordLines(one)).not.toEqual([])
    for (const line of recordLines(one)) expect(patientText(one, arm)).not.toContain(line)
    for (const fact of one.facts.filter((each) => each.onlyWith === 'ehr')) expect(patientText(one, arm)).not.toContain(fact.text)
  })
  test('every arm leaves out only what it must', () => {
    for (const arm of Arm.options) {
      const shown = present(one, arm, WRONG)
      expect(shown.images).toEqual(showsOwnImage(arm) ? one.images : showsImage(arm) ? WRONG : [])
      expect(shown.ehr).toBe(showsEhr(arm) ? renderEhr(one.ehr) : null)
      const free = one.facts.filter((fact) => fact.onlyWith === undefined)
      expect(shown.facts).toEqual(expect.arrayContaining(free))
    }
  })
})
