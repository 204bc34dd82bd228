import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CallApiContextParams, ProviderResponse, TestCase } from 'promptfoo'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { renderEhr } from '../../cases/ehr.ts'
import type { TrialIdentity } from '../../cases/identity.ts'
import { Arm } from '../../cases/schema.ts'
import { generateTests } from '../../cases/tests.ts'
import { Transcript } from '../../cases/transcript.ts'
import { requestKey } from '../../providers/ask.ts'
import Clinician from '../../providers/clinician.ts'
import { modelOf } from '../../providers/models/registry.ts'
import prompt from '../../providers/prompt.ts'
import { replyStore } from '../../providers/reply-store.ts'
import { startVendorPeer } from '../bench/vendor-peer.ts'
import { bankFolder } from './banks.ts'
import { asHeld, replyOf, requestOf, storeFolder } from './models.ts'

interface TestMetadata {
  readonly bank: string
  readonly imcbench: TrialIdentity
}

let store: string

beforeEach(() => {
  store = storeFolder()
  vi.stubEnv('IMCBENCH_STORE', store)
  vi.stubEnv('IMCBENCH_IMAGES', join(store, 'no-images-here'))
  vi.stubEnv('IMCBENCH_BANK', '')
})

afterEach(() => vi.unstubAllEnvs())

/** What promptfoo hands to a provider, by the field names of a recorded run. */
function contextOf(one: TestCase, label: string): CallApiContextParams {
  return {
    vars: { ...one.vars, __evalId: 'eval-1', __evalStepId: 'test-0-prompt-0-repeat-0', __repeatIndex: 0 } as never,
    prompt: { id: 'p1', raw: 'function prompt()', label, config: {}, template: '' } as never,
    test: { ...one, options: { disableVarExpansion: true } } as NonNullable<CallApiContextParams['test']>,
    filters: {},
    repeatIndex: 0,
    evaluationId: 'eval-1',
  }
}

const clinician = (config: object = {}) =>
  new Clinician({ id: 'imcbench:embedded-careful', config: { model: 'embedded-careful', basePath: '/elsewhere', ...config } })

async function testIn(bank: string): Promise<TestCase & { metadata: TestMetadata }> {
  const [one] = await generateTests({ bank })
  if (one === undefined) throw new Error('generateTests requires a case')
  return one as TestCase & { metadata: TestMetadata }
}

async function callIn(bank: string, label: string, config: object = {}): Promise<ProviderResponse> {
  return clinician(config).callApi(prompt(), contextOf(await testIn(bank), label))
}

describe('the configuration', () => {
  const bad: readonly (readonly [string, unknown, RegExp])[] = [
    ['no model', {}, /imcbench:x: config:[\s\S]*model/],
    [
      'a model that is not there',
      { model: 'gpt-imaginary' },
      /config\.model: requires one of embedded-careful.*got gpt-imaginary/,
    ],
    ['a field that is not known', { model: 'embedded-hasty', temprature: 0 }, /temprature/],
    ['no turns', { model: 'embedded-hasty', maxTurns: 0 }, /maxTurns/],
    ['turns as text', { model: 'embedded-hasty', maxTurns: '8' }, /expected number, received string[\s\S]*maxTurns/],
    ['no tries', { model: 'embedded-hasty', maxTries: 0 }, /maxTries/],
    ['a budget below nothing', { model: 'embedded-hasty', maxCostUsd: -1 }, /maxCostUsd/],
    ['a patient that is not there', { model: 'embedded-hasty', patient: { mode: 'simulated', model: 'x' } }, /got x/],
    ['a patient that has no model', { model: 'embedded-hasty', patient: { mode: 'simulated' } }, /patient\.model/],
    ['no time', { model: 'embedded-hasty', deadlineSeconds: 0 }, /deadlineSeconds/],
    ['more time than a timer holds', { model: 'embedded-hasty', deadlineSeconds: 1e10 }, /deadlineSeconds/],
  ]
  test.each(bad)('with %s is refused by field', (_, config, message) => {
    expect(() => new Clinician({ id: 'imcbench:x', config })).toThrow(message)
  })
  test('gives turns and time when it names none, and an id made of the model', () => {
    const made = new Clinician({ config: { model: 'embedded-hasty' } })
    expect(made.config).toMatchObject({ maxTurns: 8, deadlineSeconds: 600 })
    expect(made.id()).toBe('imcbench:embedded-hasty')
  })
})

describe('one call', () => {
  // The folder holds one case, so it has no image of another; see below for that arm.
  test.each(Arm.options.filter((arm) => arm !== 'wrong-image'))(
    'in arm %s gives a valid transcript, readable output and a Messages tab',
    async (arm) => {
      const { dir, one } = await bankFolder()
      const response = await callIn(dir, arm)
      expect(response.error).toBeUndefined()
      const transcript = Transcript.parse(response.metadata?.transcript)
      expect(transcript).toMatchObject({ caseId: one.id, arm, repeat: 0, model: { id: 'embedded-careful', simulated: true } })
      const messages = JSON.parse(response.metadata?.messages as string)
      const roles = transcript.turns.map((turn) => (turn.role === 'patient' ? 'user' : 'assistant'))
      expect(messages).toEqual(transcript.turns.map((turn, i) => ({ role: roles[i], content: turn.text })))
      for (const turn of transcript.turns) expect(response.output).toContain(turn.text)
      expect(response.output).toMatch(/^Patient: [\s\S]*Clinician: [\s\S]*\(ended: plan given, after 4 of at most 8 replies\)$/)
    },
  )
  test('sends what the test says will be sent', async () => {
    const { dir } = await bankFolder()
    const one = await testIn(dir)
    const { transcript } = (await callIn(dir, 'full')).metadata as { transcript: Transcript }
    const { expected } = one.metadata.imcbench
    for (const proof of transcript.proofs) expect(proof).toMatchObject(expected)
  })
  test('in arm wrong-image sends exactly the image of another case that the test says will be sent', async () => {
    const one = await testIn('demo')
    const { transcript } = (await callIn('demo', 'wrong-image')).metadata as { transcript: Transcript }
    const { expected } = one.metadata.imcbench
    expect(expected.wrongImages).toHaveLength(1)
    expect(expected.wrongImages).not.toEqual(expected.images)
    expect(transcript.proofs.length).toBeGreaterThan(1)
    for (const proof of transcript.proofs) expect(proof).toMatchObject({ images: expected.wrongImages, ehr: expected.ehr })
  })
  test('has no field by which promptfoo would stop a run or hide the text', async () => {
    const { dir } = await bankFolder()
    const response = await callIn(dir, 'full')
    expect(Object.keys(response.metadata ?? {})).toEqual(['transcript', 'messages'])
    expect(Object.keys(response)).toEqual(['output', 'prompt', 'metadata', 'cached', 'cost', 'incurredCost'])
  })
  test('shows the viewer the instructions with the record where the arm has one, and without where not', async () => {
    const { dir, one } = await bankFolder()
    expect((await callIn(dir, 'no-image')).prompt).toBe(`${prompt()}\n\n${renderEhr(one.ehr)}`)
    expect((await callIn(dir, 'no-ehr')).prompt).toBe(prompt())
  })
  test('has no pictures in it, only their hashes', async () => {
    const { dir } = await bankFolder()
    expect(JSON.stringify(await callIn(dir, 'full'))).not.toMatch(/base64|data:image/)
  })
  test('gives the same response again from the store, and then says so', async () => {
    const { dir } = await bankFolder()
    const [first, second] = [await callIn(dir, 'full'), await callIn(dir, 'full')]
    expect([first.cached, second.cached]).toEqual([false, true])
    expect(second.output).toBe(first.output)
    const [one, other] = [first, second].map((response) => Transcript.parse(response.metadata?.transcript)) as [
      Transcript,
      Transcript,
    ]
    expect(asHeld(other)).toEqual(asHeld(one))
    expect(one.calls).toEqual({ made: one.proofs.length, stored: 0, retried: 0, failed: 0 })
    expect(other.calls).toEqual({ made: 0, stored: one.proofs.length, retried: 0, failed: 0 })
  })
  test('tells what its replies cost and used apart from what this run paid', async () => {
    const { dir, one } = await bankFolder()
    const usage = { inputTokens: 40, cacheReadTokens: 300, cacheWriteTokens: 60, outputTokens: 5, reasoningTokens: 3 }
    const reply = replyOf('Please see a dermatologist within two weeks.', { usage, costUsd: 0.5 })
    replyStore(store).put(
      requestKey(modelOf('embedded-hasty'), requestOf(one.opening, { system: prompt() })),
      JSON.stringify(reply),
    )
    const response = await callIn(dir, 'no-image-no-ehr', { model: 'embedded-hasty', deadlineSeconds: 0.0001 })
    expect(response).toMatchObject({ cost: 0.5, incurredCost: 0, cached: true, error: expect.stringContaining('deadline') })
    expect(response.tokenUsage).toEqual({
      prompt: 400,
      completion: 5,
      total: 405,
      numRequests: 1,
      completionDetails: { cacheReadInputTokens: 300, cacheCreationInputTokens: 60, reasoning: 3 },
    })
  })
})

describe('a call that cannot be made is an error that says why', () => {
  test('when the test is not of this plugin', async () => {
    const { dir } = await bankFolder()
    const one = await testIn(dir)
    const foreign = contextOf({ ...one, metadata: { bank: dir } }, 'full')
    expect((await clinician().callApi(prompt(), foreign)).error).toMatch(/cases\/tests\.ts:generateTests[\s\S]*imcbench/)
    expect((await clinician().callApi(prompt())).error).toMatch(/generateTests/)
  })
  test('when the prompt’s label is no arm', async () => {
    const { dir } = await bankFolder()
    expect(await callIn(dir, 'no-images')).toEqual({
      error:
        'prompts: label: requires one of full, no-image, no-ehr, no-image-no-ehr, image-claimed, wrong-image, caption, got no-images',
    })
  })
  test('when the bank has no image of another case for the arm wrong-image', async () => {
    const { dir } = await bankFolder()
    const { error, metadata } = await callIn(dir, 'wrong-image')
    expect(metadata).toEqual({ missing: 'the bank has no image of another case that fits' })
    expect(error).toMatch(/nose-bump\.yaml: arm wrong-image requires another case of the bank with an image of the same modality/)
  })
  test('when the bank is gone or has another case', async () => {
    const { dir } = await bankFolder()
    const one = await testIn(dir)
    const imcbench = { ...one.metadata.imcbench, caseId: 'another' }
    const other = contextOf({ ...one, metadata: { bank: dir, imcbench } }, 'full')
    expect((await clinician().callApi(prompt(), other)).error).toMatch(/requires a case of the bank, got another/)
    const gone = contextOf({ ...one, metadata: { ...one.metadata, bank: join(dir, 'gone') } }, 'full')
    expect((await clinician().callApi(prompt(), gone)).error).toMatch(/gone: requires a folder of case files/)
  })
  test('when the picture is missing, and the arms without it go on', async () => {
    const { dir, picture } = await bankFolder()
    const one = await testIn(dir)
    // A new process has not prepared the picture yet; here the module is loaded anew for that.
    vi.resetModules()
    rmSync(picture)
    const { default: Fresh } = await import('../../providers/clinician.ts')
    const fresh = new Fresh({ config: { model: 'embedded-careful' } })
    expect((await fresh.callApi(prompt(), contextOf(one, 'full'))).error).toMatch(/image bump: source\.file[\s\S]*bump\.png/)
    expect(await fresh.callApi(prompt(), contextOf(one, 'no-image'))).not.toHaveProperty('error')
  })
})

describe('a conversation that fails midway', () => {
  test('by an empty reply is an error with its transcript', async () => {
    const { dir, one } = await bankFolder()
    const first = requestOf(one.opening, { system: prompt() })
    replyStore(store).put(requestKey(modelOf('embedded-careful'), first), JSON.stringify(replyOf('')))
    const response = await callIn(dir, 'no-image-no-ehr')
    expect(response.error).toBe('conversation ended by empty_reply: turn t2 has no text')
    expect(Transcript.parse(response.metadata?.transcript)).toMatchObject({
      turns: [{ id: 't1' }],
      stop: { reason: 'empty_reply' },
    })
    expect(response.output).toContain('(ended: empty reply, turn t2 has no text)')
    expect(response).toMatchObject({ cost: 0.25, tokenUsage: { prompt: 10, completion: 5, total: 15 } })
  })
  test('by the deadline is an error with its transcript', async () => {
    const { dir } = await bankFolder()
    const response = await callIn(dir, 'full', { deadlineSeconds: 0.0001 })
    expect(response.error).toMatch(/^conversation ended by deadline/)
    expect(Transcript.parse(response.metadata?.transcript).turns).toHaveLength(1)
  })
  test('by a simulated patient that is not to be trusted is an error with its transcript, so that no juror is asked', async () => {
    const { dir } = await bankFolder()
    const peer = await startVendorPeer(0, ({ texts: [data = ''] }) => {
      if (data.startsWith('{"tell"')) return 'I have a basal cell carcinoma on my nose.'
      const { facts } = JSON.parse(data) as { facts: { id: string }[] }
      return JSON.stringify({ facts: facts.map(({ id }) => id), unlisted: false, done: false })
    })
    const settings = { baseUrl: `${peer.url}/v1` }
    const patient = { mode: 'simulated', model: 'compatible:speaker', settings, quarantine: { maxLeaks: 0 } }
    const response = await callIn(dir, 'full', { patient })
    await peer.stop()
    expect(response.error).toBe(
      'conversation set aside, since its simulated patient is not to be trusted: more than 0 leaks caught',
    )
    const transcript = Transcript.parse(response.metadata?.transcript)
    expect(transcript.patient).toMatchObject({ mode: 'simulated', quarantined: 'more than 0 leaks caught' })
    expect(JSON.stringify(transcript.turns)).not.toContain('basal cell carcinoma on my nose')
  })
  test('by the caller’s signal is no result at all', async () => {
    const { dir } = await bankFolder()
    const one = await testIn(dir)
    const abortSignal = AbortSignal.abort(new Error('stopped by hand'))
    await expect(clinician().callApi(prompt(), contextOf(one, 'full'), { abortSignal })).rejects.toThrow('stopped by hand')
  })
})

describe('an image that may not go to a third party', () => {
  const held = async (arm: string, config: object) => {
    const { dir, one } = await bankFolder()
    const file = join(dir, `${one.id}.yaml`)
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('thirdPartyApiAllowed: true', 'thirdPartyApiAllowed: false'))
    vi.stubEnv('OPENAI_API_KEY', '')
    return callIn(dir, arm, { maxTries: 1, ...config })
  }
  test('ends the cells of a hosted model that would send it, with that reason and before any call', async () => {
    for (const arm of ['full', 'no-ehr']) {
      const { error, metadata } = await held(arm, { model: 'openai:gpt-5.2' })
      expect(error).toMatch(
        /nose-bump\.yaml: image .*: licence\.thirdPartyApiAllowed: requires true for a hosted model, got false/,
      )
      expect(metadata).toEqual({ missing: 'the image may not go to a third party' })
    }
  })
  test('does not end those that send no image, nor those of a server of one’s own, nor of rules', async () => {
    expect((await held('no-image', { model: 'openai:gpt-5.2' })).error).toMatch(/requires a key/)
    const local = await held('full', { model: 'compatible:x', settings: { baseUrl: 'http://127.0.0.1:9/v1' } })
    expect(Transcript.parse(local.metadata?.transcript).proofs[0]?.images).toHaveLength(1)
    expect((await held('full', {})).error).toBeUndefined()
  })
})
