import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { auditBank, auditText } from '../../cases/audit.ts'
import type { Bank } from '../../cases/load.ts'
import { aCase } from './a-case.ts'
import { FETCHED } from './an-image.ts'

let empty = ''
beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'imcbench-audit-'))
})
afterAll(() => rm(empty, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

function bankOf(...cases: Bank['cases']): Bank {
  return { name: 'mine', dir: empty, sha256: '0'.repeat(64), cases }
}

describe('auditBank', () => {
  test('a fetched image that is not here is a warning that says how to fetch it', async () => {
    vi.stubEnv('IMCBENCH_IMAGES', empty)
    const one = aCase({ images: aCase().images.map((image) => ({ ...image, source: FETCHED })) })
    expect(await auditBank(bankOf(one))).toMatchObject([
      { caseId: 'nose-bump', field: 'images.bump', severity: 'warning', fault: expect.stringContaining('npm run fetch') },
    ])
  })
  test('a drawn image that is not in the bank is an error', async () => {
    expect(await auditBank(bankOf(aCase()))).toMatchObject([{ field: 'images.bump', severity: 'error' }])
  })
  test('the findings of the rules come with those of the images', async () => {
    const one = aCase({
      ehr: { ...aCase().ehr, hazards: [] },
      truth: { ...aCase().truth, mustDo: aCase().truth.mustDo.slice(0, 1) },
    })
    expect((await auditBank(bankOf(one))).map((finding) => finding.field)).toEqual(['ehr.hazards', 'images.bump'])
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
      '',
      '1 error(s), 1 warning(s)',
    ])
  })
})
