import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { auditBank, auditText } from '../../cases/audit.ts'
import type { Bank } from '../../cases/load.ts'
import { aCase } from './a-case.ts'
import { anImage, FETCHED } from './an-image.ts'

let empty = ''
beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'imcbench-audit-'))
})
afterAll(() => rm(empty, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

function bankOf(...cases: Bank['cases']): Bank {
  return { name: 'mine', dir: empty, sha256: '0'.repeat(64), cases }
}

const DEPTH = /^(facts|truth\.mustAsk)$/

/** The findings of a small case, without those that say that it is small. */
async function audited(...cases: Bank['cases']) {
  return (await auditBank(bankOf(...cases))).filter(({ field }) => !DEPTH.test(field))
}

describe('auditBank', () => {
  test('a case of five facts, one of them to be asked and one absent, is told to be thin in all three', async () => {
    expect((await auditBank(bankOf(aCase()))).filter(({ field }) => DEPTH.test(field))).toMatchObject([
      { field: 'facts', severity: 'warning', fault: 'requires 12 to 25 facts, got 5' },
      { field: 'truth.mustAsk', severity: 'warning', fault: 'requires 3 to 6 facts that must be asked for, got 1' },
      { field: 'facts', severity: 'warning', fault: 'requires at least 3 facts of polarity absent, got 1' },
    ])
  })
  test('one picture saved twice with other bytes is a warning in the later case', async () => {
    const picture = Buffer.from(shapes(20))
    const one = await sharp(picture).png().toBuffer()
    const two = await sharp(picture).jpeg({ quality: 60 }).toBuffer()
    const unlike = await sharp(Buffer.from(shapes(80)))
      .png()
      .toBuffer()
    for (const [file, bytes] of Object.entries({ 'one.png': one, 'two.jpg': two, 'unlike.png': unlike }))
      await writeFile(join(empty, file), bytes)
    const drawn = (bytes: Buffer, file: string, format: 'png' | 'jpeg') =>
      anImage(bytes, { width: 240, height: 180, format, source: { kind: 'drawn', file } })
    const twice = await audited(
      aCase({ images: [drawn(one, 'one.png', 'png')] }),
      aCase({ id: 'twin', images: [drawn(two, 'two.jpg', 'jpeg')], opening: 'Other words.' }),
      aCase({ id: 'other', images: [drawn(unlike, 'unlike.png', 'png')] }),
    )
    expect(twice.filter(({ field }) => field === 'images.bump.sha256')).toMatchObject([
      { caseId: 'twin', severity: 'warning', fault: expect.stringContaining('got one like nose-bump, images.bump') },
    ])
  })
  test('a fetched image that is not here is a warning that says how to fetch it', async () => {
    vi.stubEnv('IMCBENCH_IMAGES', empty)
    const one = aCase({ images: aCase().images.map((image) => ({ ...image, source: FETCHED })) })
    expect(await audited(one)).toMatchObject([
      { caseId: 'nose-bump', field: 'images.bump', severity: 'warning', fault: expect.stringContaining('npm run fetch') },
    ])
  })
  test('a drawn image that is not in the bank is an error', async () => {
    expect(await audited(aCase())).toMatchObject([{ field: 'images.bump', severity: 'error' }])
  })
  test('the findings of the rules come with those of the images', async () => {
    const one = aCase({
      ehr: { ...aCase().ehr, hazards: [] },
      truth: { ...aCase().truth, mustDo: aCase().truth.mustDo.slice(0, 1) },
    })
    expect((await audited(one)).map((finding) => finding.field)).toEqual(['ehr.hazards', 'images.bump'])
  })
})

describe('auditText', () => {
  test('findings stand by file with errors first, then the table and the counts', () => {
    const other = aCase({ id: 'arm-spot', canary: 'another' })
    const text = auditText(bankOf(other, aCase()), [
      { caseId: 'nose-bump', field: 'truth.mustDo', fault: 'requires a, got b', severity: 'warning' },
      { caseId: 'nose-bump', field: 'opening', fault: 'requires c, got d', severity: 'error' },
    ])
    expect(text.split('\n')).toEqual([
      'mine/nose-bump.yaml',
      '  error: opening: requires c, got d',
      '  warning: truth.mustDo: requires a, got b',
      '',
      'mine: 2 (1) as cases (images)',
      '',
      '                     rare  not rare   unknown',
      'malignant           0 (0)     2 (1)     0 (0)',
      'not malignant       0 (0)     0 (0)     0 (0)',
      'unclear             0 (0)     0 (0)     0 (0)',
      '',
      'modality: clinical_photo 2 (1)',
      'triage: routine 2 (1) · soon_specialist 2 (1)',
      'licence: CC0-1.0 2 (1)',
      'split: dev 2 (1)',
      'never sent to a hosted model: none',
      'left out by --commercial-use: none',
      'not to be passed on: none',
      'looked for synonyms (synonyms.yaml): 2 of 2 cases',
      '',
      '1 error(s), 1 warning(s)',
    ])
  })
  test('licences that forbid something are told with the cases that they hold for', () => {
    const [image] = aCase().images
    if (image === undefined) throw new Error('the test requires an image, got none')
    const licence = { ...image.licence, id: 'LicenseRef-own', thirdPartyApiAllowed: false, commercialUse: false }
    const text = auditText(bankOf(aCase({ images: [{ ...image, licence }] })), [])
    expect(text).toContain(
      'never sent to a hosted model: 1 (nose-bump)\nleft out by --commercial-use: 1 (nose-bump)\nnot to be passed on: none',
    )
  })
  test('what a bank falls short of is told from 31 cases on, and counted as warnings', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => aCase({ id: `case-${i}` }))
    expect(auditText(bankOf(...many(30)), [])).toMatch(/\n0 error\(s\), 0 warning\(s\)$/)
    const text = auditText(bankOf(...many(31)), [])
    expect(text).toContain(
      'ok      malignant cases: 31 (at least 15)\nwarning benign neoplasms: 0 (at least 12)\nwarning rare cases: 0',
    )
    expect(text.match(/^warning /gm)).toHaveLength(Number(/(\d+) warning\(s\)$/.exec(text)?.[1]))
  })
})

/** A drawing of a few shapes; \`at\` moves them. */
function shapes(at: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="180"><rect width="240" height="180" fill="#dca"/><circle cx="${at + 60}" cy="${150 - at}" r="38" fill="#531"/><rect x="${200 - at}" y="${at}" width="30" height="70" fill="#a33"/></svg>`
}
