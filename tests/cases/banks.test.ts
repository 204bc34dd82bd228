import { describe, expect, test } from 'vitest'
import { lintBank } from '../../cases/lint.ts'
import { loadBank } from '../../cases/load.ts'
import { composition } from '../../cases/strata.ts'

const demo = await loadBank('demo')
const bank = await loadBank('bank')

describe.each([demo, bank].map((each) => [each.name, each] as const))('the bank %s', (_, { cases }) => {
  test('the audit finds no error', () => {
    expect(lintBank(cases).filter((finding) => finding.severity === 'error')).toEqual([])
  })
  test('every case says that it is a draft, synthetic and not reviewed', () => {
    const claims = cases.map((one) => ({ id: one.id, status: one.status, synthetic: one.synthetic, reviews: one.reviews }))
    expect(claims).toEqual(cases.map((one) => ({ id: one.id, status: 'draft', synthetic: true, reviews: [] })))
  })
  test('every fact that must be asked for has the phrases of a question', () => {
    for (const one of cases) {
      expect(one.truth.mustAsk.length, one.id).toBeGreaterThan(0)
      for (const { fact } of one.truth.mustAsk)
        expect(one.facts.find((each) => each.id === fact)?.askedBy.length, `${one.id} ${fact}`).toBeGreaterThan(1)
    }
  })
})

describe('the bank demo', () => {
  test('it has eight cases, each on a drawn illustration that is labelled so', () => {
    expect(demo.cases).toHaveLength(8)
    for (const { id, images } of demo.cases)
      for (const image of images) expect([image.source.kind, image.labelProvenance.kind], id).toEqual(['drawn', 'synthetic'])
  })
})

describe('the bank of real images', () => {
  const { cases } = bank
  const { total, by } = composition(cases)

  test('it has at least twelve cases on at least twelve images', () => {
    expect(total.cases).toBeGreaterThanOrEqual(12)
    expect(total.images).toBeGreaterThanOrEqual(12)
  })
  test('every image is fetched from a pinned address', () => {
    for (const { id, images } of cases)
      for (const { source } of images)
        expect(source.kind === 'fetched' ? new URL(source.url).protocol : source.kind, id).toBe('https:')
  })
  test('at least four cases are malignant, four benign neoplasms and three rare, over at least four modalities', () => {
    const having = (neoplasm: string) => cases.filter((one) => one.truth.neoplasm === neoplasm).length
    expect(having('malignant')).toBeGreaterThanOrEqual(4)
    expect(having('benign')).toBeGreaterThanOrEqual(4)
    expect(cases.filter((one) => one.truth.rarity.class === 'rare').length).toBeGreaterThanOrEqual(3)
    expect(by.modality.size).toBeGreaterThanOrEqual(4)
  })
})
