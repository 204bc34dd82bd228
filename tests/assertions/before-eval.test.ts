import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calibrationFaults, kinshipWarnings, type LineUp, lineUpFaults } from '../../assertions/before-eval.ts'
import { JuryConfig } from '../../assertions/jury-config.ts'
import { juryMark } from '../../assertions/jury-mark.ts'
import { aCalibration } from '../cases/a-calibration.ts'

const model = (label: string) => ({ label, id: () => `imcbench:${label}` })
const jury = (config: unknown) => ({ assert: [{ type: 'javascript', value: 'file://assertions/jury.ts:jury', config }] })
const GOOD: LineUp = {
  providers: [model('a'), model('b')],
  prompts: [{ label: 'full' }, { label: 'no-ehr' }],
  tests: [{}],
  defaultTest: jury({ jurors: ['embedded-strict'] }),
}

describe('the check of the line-up before a run', () => {
  test('lets a good line-up pass', () => {
    expect(lineUpFaults(GOOD)).toEqual([])
  })
  test.each<readonly [string, Partial<LineUp>, RegExp]>([
    ['an arm that does not exist', { prompts: [{ label: 'noimage' }] }, /prompts: label: requires one of full, .*got "noimage"/],
    ['a prompt without a label', { prompts: [{}] }, /got ""/],
    ['an arm named twice', { prompts: [{ label: 'full' }, { label: 'full' }] }, /requires each arm once, got full twice/],
    ['two models of one label', { providers: [model('a'), model('a')] }, /providers: label: .*got a twice/],
    ['a filter that leaves no case', { tests: [] }, /requires at least one case/],
    ['a juror that does not exist', { defaultTest: jury({ jurors: ['nobody'] }) }, /assert\.config: .*got nobody/],
    ['a quorum above the number of jurors', { defaultTest: jury({ jurors: ['embedded-strict'], quorum: 2 }) }, /quorum/],
  ])('names %s', (_, change, message) => {
    const faults = lineUpFaults({ ...GOOD, ...change })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(message)
  })
  test('tells two models without labels apart by their ids', () => {
    expect(lineUpFaults({ ...GOOD, providers: [{ id: () => 'x' }, { id: () => 'y' }] })).toEqual([])
    expect(lineUpFaults({ ...GOOD, providers: [{ id: () => 'x' }, { id: () => 'x' }] })).toHaveLength(1)
  })
})

describe('the warning of kinship', () => {
  const hosted = (label: string, name: string) => ({ ...model(label), config: { model: name } })
  const jurors = [
    { id: 'j-claude', model: 'anthropic:claude-haiku-4-5' },
    { id: 'j-qwen', model: 'bedrock:qwen.qwen3-vl-235b-a22b' },
    'embedded-strict',
  ]
  const suite = { ...GOOD, defaultTest: jury({ jurors }) }
  test('names a juror of a tested model’s family with those models, and no other juror', () => {
    const providers = [
      hosted('opus', 'anthropic:claude-opus-4-6'),
      hosted('claude-on-bedrock', 'bedrock:us.anthropic.claude-sonnet-4-6'),
      hosted('gpt', 'openai:gpt-5.2'),
    ]
    const warnings = kinshipWarnings({ ...suite, providers })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^jury: j-claude is of the family of opus, claude-on-bedrock \(claude\)/)
  })
  test('is silent about embedded rules that judge embedded rules', () => {
    expect(kinshipWarnings({ ...suite, providers: [hosted('careful', 'embedded-careful')] })).toEqual([])
  })
})

describe('the check of a calibration before a run', () => {
  let folder: string
  let path: string
  const jurors = ['embedded-strict', 'embedded-lenient']
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'calibration-test-'))
    path = join(folder, 'calibration.json')
    const fitted = { ...aCalibration(), jury: juryMark(JuryConfig.parse({ jurors })) }
    await writeFile(path, JSON.stringify(fitted))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const faults = (config: object) => calibrationFaults({ defaultTest: jury(config) })

  test('lets the jury pass that it was fitted on, in any order, and a jury without one', async () => {
    expect(await faults({ jurors, calibration: path })).toEqual([])
    expect(await faults({ jurors: jurors.toReversed(), calibration: path })).toEqual([])
    expect(await faults({ jurors: ['embedded-strict'] })).toEqual([])
  })

  test('names exactly what differs in another jury', async () => {
    const found = await faults({ jurors: ['embedded-strict'], repeats: 2, calibration: path })
    expect(found).toHaveLength(1)
    expect(found[0]?.split('\n').slice(1)).toEqual([
      '  juror embedded-lenient: fitted with it, the run is without',
      '  repeats: fitted with 1, the run has 2',
      '  quorum: fitted with 2, the run has 1',
    ])
  })

  test('names a file that is not there', async () => {
    expect((await faults({ jurors, calibration: join(folder, 'absent.json') }))[0]).toMatch(/config\.calibration: ENOENT/)
  })
})
