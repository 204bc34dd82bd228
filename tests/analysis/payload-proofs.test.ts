import { describe, expect, test } from 'vitest'
import { armContradiction } from '../../analysis/payload-proofs.ts'
import { rowContent } from '../../analysis/row-content.ts'
import { Arm } from '../../cases/schema.ts'
import { hash, type RowSpec, rowsOf } from './rows.ts'

function contradiction(spec: Omit<RowSpec, 'caseId'>, filedUnder?: Arm): string | null {
  const [row] = rowsOf([{ caseId: 'a', ...spec }])
  if (row === undefined) throw new Error('contradiction requires one row')
  const { identity, arm, transcript } = rowContent(row, 'row 1')
  if (transcript === null) throw new Error('contradiction requires a transcript')
  return armContradiction(identity, filedUnder ?? arm, transcript)
}

describe('payload proofs', () => {
  test.each(Arm.options)('that carry what %s shows agree with it', (arm) => {
    expect(contradiction({ arm })).toBeNull()
  })

  test.each(['full', 'no-ehr', 'wrong-image'] as const)('without image contradict %s', (arm) => {
    expect(contradiction({ arm, sent: { images: [] } })).toBe('a request sent no image in an arm with one')
  })

  test.each(['no-image', 'no-image-no-ehr', 'image-claimed', 'caption'] as const)('with an image contradict %s', (arm) => {
    expect(contradiction({ arm, sent: { images: [hash('sent image')] } })).toBe('a request sent an image in an arm without')
  })

  test.each(['full', 'no-image', 'image-claimed', 'wrong-image', 'caption'] as const)(
    'without record, or with another, contradict %s',
    (arm) => {
      expect(contradiction({ arm, sent: { ehr: null } })).toBe('a request sent no record in an arm with one')
      expect(contradiction({ arm, sent: { ehr: hash('other') } })).toBe('a request sent another record than the case’s')
    },
  )

  test.each(['no-ehr', 'no-image-no-ehr'] as const)('with a record contradict %s', (arm) => {
    expect(contradiction({ arm, sent: { ehr: hash('record') } })).toBe('a request sent a record in an arm without')
  })

  test('of another image, of one too many or in another order contradict', () => {
    const expectedImages = [hash('one'), hash('two')]
    expect(contradiction({ expectedImages })).toBeNull()
    for (const images of [[hash('one')], [...expectedImages, hash('three')], [hash('two'), hash('one')]])
      expect(contradiction({ expectedImages, sent: { images } })).toBe('a request sent other images than the case’s')
  })

  test('of any image but the one chosen contradict wrong-image, the case’s own first of all', () => {
    for (const name of ['sent image', 'a third image'])
      expect(contradiction({ arm: 'wrong-image', sent: { images: [hash(name)] } })).toBe(
        'a request sent other images than the wrong ones chosen',
      )
  })

  test('cannot hold in wrong-image when none was chosen', () => {
    const expected = 'the arm shows an image but none was there to send'
    expect(contradiction({ arm: 'wrong-image', expectedWrongImages: undefined })).toBe(expected)
    expect(contradiction({ arm: 'full', expectedWrongImages: undefined })).toBeNull()
  })

  test('that are missing for one clinician turn contradict', () => {
    expect(contradiction({ sent: { turns: ['t2'] } })).toBe('a clinician turn has no proof of its request')
    expect(contradiction({ sent: { turns: [] } })).toBe('a clinician turn has no proof of its request')
  })

  test('cannot hold when no image was there to send: nothing sent is not the image sent', () => {
    expect(contradiction({ expectedImages: [] })).toBe('the arm shows an image but none was there to send')
    expect(contradiction({ arm: 'no-image', expectedImages: [] })).toBeNull()
  })

  test('of a transcript filed under another arm contradict', () => {
    expect(contradiction({ arm: 'no-image' }, 'full')).toBe('the transcript is of another case, arm or repeat')
  })

  test('of a conversation that broke off are checked too', () => {
    expect(contradiction({ stop: 'error', sent: { images: [] } })).toBe('a request sent no image in an arm with one')
  })
})
