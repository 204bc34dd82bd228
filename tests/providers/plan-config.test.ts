import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { modelOf } from '../../providers/models/registry.ts'
import { plannedConfig } from '../../providers/plan-config.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const read = async (file: string, only?: string) => plannedConfig(await readFile(join(ROOT, file), 'utf8'), file, only)

describe('the line-up of', () => {
  test('promptfooconfig.yaml is eight models that exist, three of them named by the abstract, in three arms', async () => {
    const { models, jurors, arms, bank, repeats } = await read('promptfooconfig.yaml')
    expect(models).toHaveLength(8)
    for (const { id } of models) expect(modelOf(id).id).toBe(id)
    expect(models.slice(0, 3).map(({ label }) => label)).toEqual(['claude-opus-4-6', 'claude-sonnet-4-6', 'gpt-5.2'])
    expect({ arms, bank, repeats }).toEqual({ arms: ['full', 'no-image', 'no-ehr'], bank: 'bank', repeats: 1 })
    const families = (ids: readonly { id: string }[]) => new Set(ids.map(({ id }) => modelOf(id).family))
    expect(families(models)).toEqual(new Set(['claude', 'gpt', 'nova', 'llama']))
    expect(families(jurors).size).toBe(3)
    expect(families(jurors).intersection(families(models))).toEqual(new Set())
  })
  test('promptfooconfig.local.yaml is one model whose price is not known', async () => {
    expect((await read('promptfooconfig.local.yaml')).models).toMatchObject([{ label: 'local', vendor: 'compatible' }])
  })
  test('promptfooconfig.offline.yaml is embedded rules', async () => {
    expect((await read('promptfooconfig.offline.yaml')).models.every(({ vendor }) => vendor === undefined)).toBe(true)
  })
  test('a filter has the models whose label or id fits', async () => {
    expect((await read('promptfooconfig.yaml', 'nova|opus')).models.map(({ label }) => label)).toEqual([
      'claude-opus-4-6',
      'nova-pro',
      'nova-2-lite',
    ])
  })
})

const FILE = `
providers: [{ 'file://providers/clinician.ts': { label: a, config: { model: 'openai:gpt-5.2', patient: { mode: simulated, model: 'openai:gpt-5-mini', settings: { effort: minimal } } } } }]
prompts: [{ id: x, label: full }]
tests: { path: x, config: { repeats: 2 } }
defaultTest: { assert: [{ type: javascript, config: { jurors: [embedded-strict, { id: e, model: embedded-lenient }, 'anthropic:claude-haiku-4-5', { id: second, model: 'openai:gpt-5.2', sees: image, settings: { effort: low, serviceTier: flex } }] } }] }
`

test('simulated patients and jurors that are models are in the line-up, embedded jurors are not', () => {
  const { repeats, models, jurors } = plannedConfig(FILE, 'x.yaml')
  expect(repeats).toBe(2)
  expect(models[0]?.patient).toMatchObject({ id: 'openai:gpt-5-mini', effort: 'minimal' })
  expect(jurors).toMatchObject([
    { label: 'juror anthropic:claude-haiku-4-5', vendor: 'anthropic', sees: 'image' },
    { label: 'juror second', id: 'openai:gpt-5.2', effort: 'low', flex: true, sees: 'image' },
  ])
})

test.each([
  ['an unknown model', FILE.replace('openai:gpt-5.2', 'gpt-0'), /config\.model: requires one of .*got gpt-0/],
  ['an unknown arm', FILE.replace('label: full', 'label: noimage'), /x\.yaml: requires a line-up[\s\S]*prompts\[0\]\.label/],
  [
    'a provider of promptfoo’s own',
    FILE.replace(/providers: .*/, 'providers: [echo]'),
    /x\.yaml: requires a line-up[\s\S]*providers/,
  ],
])('%s is refused with its field', (_, text, message) => {
  expect(() => plannedConfig(text, 'x.yaml')).toThrow(message)
})

test('a filter that leaves no model is refused', () => {
  expect(() => plannedConfig(FILE, 'x.yaml', 'zzz')).toThrow(/--filter-providers requires a label or id of x\.yaml, got zzz/)
})

describe('npm run plan', () => {
  const plan = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(ROOT, 'providers', 'plan-main.ts'), ...args], { cwd: ROOT, env: {} })
  test('prints a row a model, their sum and what it assumed, without a key', async () => {
    const { stdout } = await plan('--bank', 'demo', '--replies', '4')
    expect(stdout).toMatch(/bank demo, 8 cases × 3 arms \(full, no-image, no-ehr\) × 8 models/)
    // 8 cases × 3 arms are 24 conversations of 4 calls for each of 8 models.
    expect(stdout).toMatch(/^claude-opus-4-6 +24 +96 /m)
    expect(stdout).toMatch(/^juror juror-qwen3-vl +192 +576 /m)
    // 768 of clinicians, and three verdicts of each of three jurors on each of 192 conversations.
    expect(stdout).toMatch(/^all +192 +2,496 /m)
    expect(stdout).toMatch(/- 4 replies in a conversation/)
    expect(stdout).toMatch(/gpt-5-mini 1,024, .*llama-4-maverick never/)
  })
  test('never calls an unknown price 0', async () => {
    const { stdout } = await plan('-c', 'promptfooconfig.local.yaml')
    expect(stdout).toMatch(/^all .* not known +not known$/m)
    expect(stdout).toMatch(/Price not known, which does not mean free: local/)
  })
  test('ends with exit code 1 and one line for a file that is not there', async () => {
    await expect(plan('-c', 'none.yaml')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ENOENT.*none\.yaml'\n$/),
    })
  })
})
