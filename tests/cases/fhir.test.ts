import { execFile } from 'node:child_process'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { load } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderEhr } from '../../cases/ehr.ts'
import { bundleOfCase } from '../../cases/fhir-export.ts'
import { ehrOfBundle } from '../../cases/fhir-import.ts'
import { loadBank } from '../../cases/load.ts'
import { Ehr } from '../../cases/schema.ts'
import { type AnyResource, aBundle, ONE_OF_EACH, SUBJECT } from './a-bundle.ts'
import { aCase } from './a-case.ts'

const AS_OF = '2026-11-01'
const again = (ehr: Ehr) => ehrOfBundle(JSON.parse(JSON.stringify(bundleOfCase({ ...aCase(), ehr }))))

describe.each(ONE_OF_EACH)('a Bundle with a %s', (_, bundle, reads) => {
  test('it is read as the clinician is to see it', () => {
    expect(renderEhr(ehrOfBundle(bundle, AS_OF).ehr).split('\n')).toContain(reads)
  })
  test('it survives export and a second import', () => {
    const { ehr } = ehrOfBundle(bundle, AS_OF)
    expect(again(ehr)).toEqual({ ehr, warnings: [] })
  })
})

describe('the records of the banks', async () => {
  const cases = [...(await loadBank('demo')).cases, ...(await loadBank('bank')).cases]
  test.each(cases.map((one) => [one.id, one] as const))('%s reads the same after export and import', (_, one) => {
    const { ehr, warnings } = ehrOfBundle(JSON.parse(JSON.stringify(bundleOfCase(one))))
    expect(warnings).toEqual([])
    expect(renderEhr(ehr)).toBe(renderEhr(one.ehr))
  })
  test('nothing of the hazards and conflicts leaves with an export', () => {
    for (const one of cases)
      for (const { risk } of one.ehr.hazards)
        expect(JSON.stringify(bundleOfCase(one))).not.toContain(JSON.stringify(risk).slice(1, -1))
  })
})

describe('what an import leaves out', () => {
  const warningsOf = (...resources: readonly AnyResource[]) => ehrOfBundle(aBundle(...resources), AS_OF).warnings

  test('resources of unknown type are counted by type', () => {
    const warnings = warningsOf({ resourceType: 'Claim' }, { resourceType: 'Claim' }, { resourceType: 'constructor' })
    expect(warnings).toEqual([
      'left out: a record has no place for Claim (2 times)',
      'left out: a record has no place for constructor',
    ])
  })
  test('a Medication that leads back to itself is left out, and the circle is named', () => {
    const bundle = aBundle(
      { resourceType: 'Medication', id: 'a', ...{ ingredient: [{ itemReference: { reference: 'Medication/b' } }] } },
      { resourceType: 'Medication', id: 'b', ...{ ingredient: [{ itemReference: { reference: 'urn:uuid:a' } }] } },
      { resourceType: 'MedicationRequest', id: 'r', ...{ medicationReference: { reference: 'urn:uuid:a' } } },
    )
    const { ehr, warnings } = ehrOfBundle(bundle, AS_OF)
    expect(ehr.medications).toEqual([])
    expect(warnings).toEqual([expect.stringContaining('got a circle over urn:uuid:a')])
  })
  test.each([
    ['that names nothing in the Bundle', 'urn:uuid:nowhere', 'got urn:uuid:nowhere'],
    ['to a resource that is no medication', 'Condition/c', 'got a Condition at Condition/c'],
    ['to itself', 'MedicationRequest/r', 'got a MedicationRequest'],
  ])('a medication reference %s is a warning', (_, reference, told) => {
    const warnings = warningsOf(
      { resourceType: 'Condition', id: 'c', ...{ code: { text: 'Asthma' } } },
      { resourceType: 'MedicationRequest', id: 'r', ...{ medicationReference: { reference } } },
    )
    expect(warnings).toEqual([expect.stringContaining(told)])
  })
  test.each([
    ['an allergy that says that there is none', { resourceType: 'AllergyIntolerance', code: { text: 'No known allergies' } }],
    ['a stopped medicine', { resourceType: 'MedicationRequest', status: 'stopped', medicationCodeableConcept: { text: 'x' } }],
    [
      'a refuted condition',
      { resourceType: 'Condition', code: { text: 'x' }, verificationStatus: { coding: [{ code: 'refuted' }] } },
    ],
    [
      'an observation of a year',
      { resourceType: 'Observation', code: { text: 'x' }, effectiveDateTime: '2020', valueInteger: 1 },
    ],
    [
      'a document that is only linked',
      { resourceType: 'DocumentReference', date: '2020-01-02', content: [{ attachment: { url: 'x' } }] },
    ],
    ['a resource of the wrong shape', { resourceType: 'Condition', code: 'asthma' }],
  ])('%s is left out with one warning', (_, resource) => {
    const { ehr, warnings } = ehrOfBundle(aBundle(resource), AS_OF)
    expect(Object.values(ehr).flat()).toEqual([AS_OF])
    expect(warnings).toHaveLength(1)
  })
  test('a Bundle of two patients is refused: one record is not made of two people', () => {
    const two = aBundle({ resourceType: 'Patient', id: 'a' }, { resourceType: 'Patient', id: 'b' })
    expect(() => ehrOfBundle(two, AS_OF)).toThrow('requires the record of one patient, got a Bundle with 2')
  })
  test('no name of a person in the Bundle is in the record, and each one taken out is counted', () => {
    const { ehr, warnings } = ehrOfBundle(
      aBundle(
        { resourceType: 'Patient', id: 'p', ...{ name: [{ family: 'Testfamily12', given: ['Testgiven34'] }] } },
        { resourceType: 'Practitioner', id: 'q', ...{ name: [{ family: 'Teststaff56' }] } },
        {
          ...{ resourceType: 'ClinicalImpression', id: 'i', date: '2026-01-02', subject: SUBJECT },
          summary: 'Testgiven34 Testfamily12 saw Dr. Teststaff56. Testgiven345 is another.',
        },
      ),
    )
    expect(ehr.notes.map(({ text }) => text)).toEqual(['[name] [name] saw Dr. [name]. Testgiven345 is another.'])
    expect(warnings).toContain('a name of a person in a text was replaced by [name] (3 times)')
  })
  test('a name that stands only beside a reference, as Synthea writes staff, is taken out too, and its title is not', () => {
    const encounter = {
      resourceType: 'Encounter',
      participant: [{ individual: { reference: 'Practitioner?identifier=1', display: 'Dr. Teststaff78' } }],
    }
    const impression = { resourceType: 'ClinicalImpression', date: '2026-01-02', summary: 'Dr. Teststaff78 wrote this.' }
    expect(ehrOfBundle(aBundle(encounter, impression), AS_OF).ehr.notes[0]?.text).toBe('Dr. [name] wrote this.')
  })
  test('a Bundle whose objects go round in a circle is read to its end', () => {
    const round: { resourceType: string; [field: string]: unknown } = { resourceType: 'Condition', code: { text: 'Cough' } }
    round.self = round
    expect(ehrOfBundle(aBundle(round), AS_OF).ehr.conditions).toHaveLength(1)
  })
  test('marks of templates in a text are broken up, since a case may hold none', () => {
    const { ehr } = ehrOfBundle(aBundle({ resourceType: 'Condition', ...{ code: { text: 'x {{ secret }}' } } }), AS_OF)
    expect(Ehr.parse(ehr).conditions[0]?.text).toBe('x { { secret }}')
  })
  test('entries of the same words get ids of their own', () => {
    const cough = { resourceType: 'Condition', ...{ code: { text: 'Cough' } } }
    expect(ehrOfBundle(aBundle(cough, cough), AS_OF).ehr.conditions.map(({ id }) => id)).toEqual(['cough', 'cough-2'])
  })
})

describe('what is no Bundle', () => {
  test.each([
    ['a Patient', { resourceType: 'Patient' }, 'resourceType'],
    ['a list', [], 'FHIR R4 Bundle'],
    ['nothing', null, 'FHIR R4 Bundle'],
    ['a history', { resourceType: 'Bundle', type: 'history' }, 'collection or transaction, got history'],
    ['a Bundle without any date', { resourceType: 'Bundle', type: 'collection' }, 'a dated entry'],
  ])('%s is refused', (_, data, told) => {
    expect(() => ehrOfBundle(data)).toThrow(told)
  })
})

describe('npm run fhir', () => {
  let dir = ''
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'imcbench-fhir-'))
  })
  afterAll(() => rm(dir, { recursive: true }))
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../cases/fhir-main.ts'), ...args]).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
    )

  test('an exported case, imported again, prints YAML of the same record with two marked TODOs', async () => {
    const file = join(dir, 'bundle.json')
    expect(await run('export', 'demo-nose-bump', '--bank', 'demo', '--out', file)).toMatchObject({ code: 0 })
    const { code, stdout, stderr } = await run('import', file)
    const one = (await loadBank('demo')).cases.find(({ id }) => id === 'demo-nose-bump')
    const { ehr } = load(stdout) as { ehr: Ehr }
    expect([code, renderEhr(Ehr.parse(ehr))]).toEqual([0, one && renderEhr(one.ehr)])
    expect(stdout.match(/# TODO (hazards|conflicts)/g)).toHaveLength(2)
    expect(stderr).toContain('hazards and conflicts cannot come from FHIR')
  })
  test('a file of 50 MB is refused by its size, with the file and the limit', async () => {
    const file = join(dir, 'large.json')
    const handle = await open(file, 'w')
    await handle.truncate(50_000_000)
    await handle.close()
    const { code, stderr } = await run('import', file)
    expect([code, stderr.trim()]).toEqual([1, `${file}: requires at most 20000000 bytes, got 50000000`])
  })
  test('a file that is not JSON and one that is not there are named', async () => {
    const file = join(dir, 'broken.json')
    await writeFile(file, '{"resourceType": "Bundle",')
    expect(await run('import', file)).toMatchObject({ code: 1, stderr: expect.stringContaining(`${file}: requires JSON, got: `) })
    expect(await run('import', `${file}x`)).toMatchObject({ code: 1, stderr: expect.stringContaining('ENOENT') })
  })
  test('a case that the bank does not have is named', async () => {
    expect(await run('export', 'nobody', '--bank', 'demo')).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody') })
  })
})
