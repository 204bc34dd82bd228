import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { dump } from 'js-yaml'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { bankIdentity, caseOf, chosenBank, loadBank } from '../../cases/load.ts'
import { aCase } from './a-case.ts'

const made: string[] = []

afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(made.splice(0).map((dir) => rm(dir, { recursive: true })))
})

async function bankOf(files: Record<string, unknown>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'imcbench-load-'))
  made.push(dir)
  for (const [file, content] of Object.entries(files))
    await writeFile(join(dir, file), typeof content === 'string' ? content : dump(content))
  return dir
}

const good = aCase()
const other = aCase({ id: 'arm-spot', canary: 'another canary' })

describe('loadBank', () => {
  test('a folder of good files gives its cases in the order of their ids, unchanged', async () => {
    const dir = await bankOf({ 'nose-bump.yaml': good, 'arm-spot.yaml': other, 'notes.txt': 'not a case' })
    const bank = await loadBank(dir)
    expect(bank.cases).toEqual([other, good])
    expect(bank.name).toBe(basename(dir))
    expect(caseOf(bank, 'nose-bump')).toEqual(good)
    expect(bankIdentity(bank)).toMatchObject({ cases: 2, images: 1 })
  })
  test('a canary that two files share is refused with both files, in a run as in an audit', async () => {
    const dir = await bankOf({ 'nose-bump.yaml': good, 'arm-spot.yaml': { ...other, canary: good.canary } })
    await expect(loadBank(dir)).rejects.toThrow(
      `nose-bump.yaml: canary: requires a value that no other case has, got ${good.canary} as in arm-spot.yaml`,
    )
  })
  test('the hash of a bank is the same for the same files elsewhere and another when one character changes', async () => {
    const [one, same, changed] = await Promise.all([
      bankOf({ 'nose-bump.yaml': good }),
      bankOf({ 'nose-bump.yaml': good }),
      bankOf({ 'nose-bump.yaml': { ...good, opening: 'I have a small bump on my nose that does not heal.' } }),
    ])
    expect((await loadBank(same)).sha256).toBe((await loadBank(one)).sha256)
    expect((await loadBank(changed)).sha256).not.toBe((await loadBank(one)).sha256)
  })
  test('a retired case is left out', async () => {
    const dir = await bankOf({ 'nose-bump.yaml': good, 'arm-spot.yaml': { ...other, status: 'retired' } })
    expect((await loadBank(dir)).cases.map((one) => one.id)).toEqual(['nose-bump'])
  })

  const [firstFact, ...otherFacts] = good.facts
  const { 'no-ehr': _left, ...threeArms } = good.truth.attainable
  const faults: [name: string, file: string, content: unknown, parts: string[]][] = [
    ['malformed YAML', 'nose-bump.yaml', 'id: [nose\nfacts: "', ['nose-bump.yaml', 'well-formed YAML']],
    ['an unknown field', 'nose-bump.yaml', { ...good, colour: 'red' }, ['nose-bump.yaml: file: ', '"colour"']],
    [
      'an unknown field inside a fact',
      'nose-bump.yaml',
      { ...good, facts: [{ ...firstFact, told: true }, ...otherFacts] },
      ['nose-bump.yaml: facts.0: ', '"told"'],
    ],
    [
      'a wrong type',
      'nose-bump.yaml',
      { ...good, patient: { ...good.patient, ageYears: 'old' } },
      ['nose-bump.yaml: patient.ageYears: ', 'got "old"'],
    ],
    [
      'a value outside its list',
      'nose-bump.yaml',
      { ...good, truth: { ...good.truth, neoplasm: 'bad' } },
      ['nose-bump.yaml: truth.neoplasm: ', '"benign"', 'got "bad"'],
    ],
    [
      'a template mark',
      'nose-bump.yaml',
      { ...good, opening: 'Hello {{name}}' },
      ['opening: ', 'template marks', 'got "Hello {{name}}"'],
    ],
    [
      'a must-ask fact that does not exist',
      'nose-bump.yaml',
      { ...good, truth: { ...good.truth, mustAsk: [{ fact: 'pain', weight: 1 }] } },
      ['nose-bump.yaml: truth.mustAsk.fact: ', 'got pain'],
    ],
    [
      'a hazard on an entry that does not exist',
      'nose-bump.yaml',
      { ...good, ehr: { ...good.ehr, medications: [] } },
      ['nose-bump.yaml: ehr.hazards.entry: ', 'got apixaban'],
    ],
    ['a fact id used twice', 'nose-bump.yaml', { ...good, facts: [firstFact, ...good.facts] }, ['facts: ', 'slow-growth twice']],
    [
      'a fact that no question brings out',
      'nose-bump.yaml',
      { ...good, facts: [{ ...firstFact, askedBy: [] }, ...otherFacts] },
      ['nose-bump.yaml: facts.0.askedBy: '],
    ],
    [
      'an arm without attainable truth',
      'nose-bump.yaml',
      { ...good, truth: { ...good.truth, attainable: threeArms } },
      ['nose-bump.yaml: truth.attainable.no-ehr: '],
    ],
    [
      'a picture without attribution',
      'nose-bump.yaml',
      { ...good, images: good.images.map((image) => ({ ...image, attribution: ' ' })) },
      ['nose-bump.yaml: images.0.attribution: '],
    ],
    ['a file name that is not the id', 'bump.yaml', good, ['bump.yaml: id: ', 'nose-bump.yaml', 'got bump.yaml']],
    ['an empty file', 'nose-bump.yaml', '', ['nose-bump.yaml: ', 'the input is empty']],
    ['a list in place of a case', 'nose-bump.yaml', [good], ['nose-bump.yaml: file: ', 'expected object']],
    ['a file of more than 1 MB', 'nose-bump.yaml', `#${'x'.repeat(1_000_001)}`, ['nose-bump.yaml: ', 'under 1 MB']],
  ]
  test.each(faults)('%s is refused, and the message names file, field and value', async (_, file, content, parts) => {
    const dir = await bankOf({ [file]: content })
    const message = await loadBank(dir).then(
      () => 'nothing was refused',
      (error: Error) => error.message,
    )
    for (const part of [basename(dir), ...parts]) expect(message).toContain(part)
  })
  test('every fault of every file is named, not only the first', async () => {
    const dir = await bankOf({
      'nose-bump.yaml': { ...good, opening: '', split: 'train' },
      'arm-spot.yaml': { ...other, synthetic: false },
    })
    await expect(loadBank(dir)).rejects.toThrow(
      /3 fault[\s\S]*arm-spot\.yaml: synthetic: [\s\S]*nose-bump\.yaml: split: [\s\S]*nose-bump\.yaml: opening: /,
    )
  })
  test('an id in two files is refused and both files are named', async () => {
    const dir = await bankOf({ 'nose-bump.yaml': good, 'nose-bump.yml': good })
    await expect(loadBank(dir)).rejects.toThrow(/nose-bump\.yml: id: .*got nose-bump as in nose-bump\.yaml/)
  })
  test('a folder without case files is refused by name', async () => {
    const dir = await bankOf({})
    await expect(loadBank(dir)).rejects.toThrow(`${dir}: requires at least one case file`)
  })
  test('a folder of retired cases only is refused by name', async () => {
    const dir = await bankOf({ 'nose-bump.yaml': { ...good, status: 'retired' } })
    await expect(loadBank(dir)).rejects.toThrow(`${dir}: requires at least one case that is not retired`)
  })
  test('a folder that does not exist is refused by name', async () => {
    const dir = join(await bankOf({}), 'nowhere')
    await expect(loadBank(dir)).rejects.toThrow(`${dir}: requires a folder of case files`)
  })
})

describe('caseOf', () => {
  test('an id that the bank has not is refused by name', async () => {
    const bank = await loadBank(await bankOf({ 'nose-bump.yaml': good }))
    expect(() => caseOf(bank, 'toe-bump')).toThrow(`${bank.name}: requires a case of the bank, got toe-bump`)
  })
})

describe('chosenBank', () => {
  test('the variable wins over the configuration, the configuration over demo', () => {
    vi.stubEnv('IMCBENCH_BANK', '')
    expect(chosenBank()).toBe('demo')
    expect(chosenBank('bank')).toBe('bank')
    vi.stubEnv('IMCBENCH_BANK', 'my-cases')
    expect(chosenBank('bank')).toBe('my-cases')
  })
})
