import { describe, expect, test } from 'vitest'
import { present, showsEhr, showsImage } from '../../cases/arms.ts'
import { renderEhr } from '../../cases/ehr.ts'
import { loadBank } from '../../cases/load.ts'
import { Arm, type Case } from '../../cases/schema.ts'
import { aCase } from './a-case.ts'

const cases = [aCase(), ...(await loadBank('demo')).cases, ...(await loadBank('bank')).cases]

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
  test('the four arms are the four combinations', () => {
    expect(Arm.options.map((arm) => [arm, showsImage(arm), showsEhr(arm)])).toEqual([
      ['full', true, true],
      ['no-image', false, true],
      ['no-ehr', true, false],
      ['no-image-no-ehr', false, false],
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
    const told = Arm.options.filter((arm) => present(tied, arm).facts.some((fact) => fact.id === 'bleeding'))
    expect(told).toEqual(['full', 'no-image'])
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
      const shown = present(one, arm)
      expect(shown.images).toEqual(showsImage(arm) ? one.images : [])
      expect(shown.ehr).toBe(showsEhr(arm) ? renderEhr(one.ehr) : null)
      const free = one.facts.filter((fact) => fact.onlyWith === undefined)
      expect(shown.facts).toEqual(expect.arrayContaining(free))
    }
  })
})
