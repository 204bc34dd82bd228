import { describe, expect, test } from 'vitest'
import type { Case } from '../../cases/schema.ts'
import { composition, malignancyOf } from '../../cases/strata.ts'
import { aCase, frozen } from './a-case.ts'

const { truth, images } = aCase()

function of(neoplasm: Case['truth']['neoplasm'], rarity: Case['truth']['rarity']['class'], image = 'a'): Case {
  return aCase({
    truth: { ...truth, neoplasm, rarity: { ...truth.rarity, class: rarity } },
    images: images.map((one) => ({ ...one, sha256: image.repeat(64) })),
  })
}

describe('malignancyOf', () => {
  test('only malignant is malignant; in situ and uncertain are unclear; the rest is not malignant', () => {
    const rows = (['malignant', 'in_situ', 'premalignant', 'benign', 'uncertain', 'not_neoplastic'] as const).map((neoplasm) =>
      malignancyOf(neoplasm),
    )
    expect(rows).toEqual(['malignant', 'unclear', 'not_malignant', 'not_malignant', 'unclear', 'not_malignant'])
  })
})

describe('composition', () => {
  const cases = frozen([
    of('malignant', 'rare', 'a'),
    of('malignant', 'rare', 'a'),
    of('malignant', 'not_rare', 'b'),
    of('benign', 'unknown', 'c'),
    of('in_situ', 'not_rare', 'd'),
  ])

  test('each case stands in one cell, and an image that two cases share counts once', () => {
    const none = { cases: 0, images: 0 }
    expect(composition(cases).strata).toEqual({
      malignant: { rare: { cases: 2, images: 1 }, not_rare: { cases: 1, images: 1 }, unknown: none },
      not_malignant: { rare: none, not_rare: none, unknown: { cases: 1, images: 1 } },
      unclear: { rare: none, not_rare: { cases: 1, images: 1 }, unknown: none },
    })
    expect(composition(cases).total).toEqual({ cases: 5, images: 4 })
  })
  test('unknown rarity is not counted as not rare', () => {
    expect(composition([of('benign', 'unknown')]).strata.not_malignant.not_rare.cases).toBe(0)
  })
  test('a case with two triage levels counts under both', () => {
    expect([...composition([aCase()]).by.triage]).toEqual([
      ['routine', { cases: 1, images: 1 }],
      ['soon_specialist', { cases: 1, images: 1 }],
    ])
  })
  test('a case with two pictures of one modality counts once under it', () => {
    const two = aCase({ images: images.flatMap((one) => [one, { ...one, id: 'second', sha256: 'b'.repeat(64) }]) })
    expect([...composition([two]).by.modality]).toEqual([['clinical_photo', { cases: 1, images: 2 }]])
  })
  test('the order of the cases changes nothing', () => {
    expect(composition(cases.toReversed())).toEqual(composition(cases))
  })
  test('no cases give zeros', () => {
    expect(composition([]).total).toEqual({ cases: 0, images: 0 })
    expect(composition([]).by.split.size).toBe(0)
  })
})
