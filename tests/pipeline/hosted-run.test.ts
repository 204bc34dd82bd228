import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Mountable } from '@copilotkit/aimock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyze } from '../../analysis/analyze.ts'
import { type ResultRow, readRows } from '../../analysis/results.ts'
import { renderEhr } from '../../cases/ehr.ts'
import { prepareImage } from '../../cases/images.ts'
import { type Bank, loadBank } from '../../cases/load.ts'
import type { Arm, Case } from '../../cases/schema.ts'
import { Transcript } from '../../cases/transcript.ts'
import { type Peer, startPeer } from '../providers/models/peer.ts'
import { type PromptfooRun, ROOT, type RunFolder, runFolder, runPromptfoo } from './run-promptfoo.ts'

const KEYS = {
  ANTHROPIC_API_KEY: 'sk-ant-fake-0123456789abcdef',
  OPENAI_API_KEY: 'sk-fake-openai-0123456789abcdef',
  AWS_ACCESS_KEY_ID: 'FAKEACCESSKEYID01234',
  AWS_SECRET_ACCESS_KEY: 'fakeSecretAccessKey0123456789abcdef/+',
}
const ARMS: readonly Arm[] = ['full', 'no-image', 'no-ehr']
const MODELS = ['anthropic:claude-opus-4-6', 'openai:gpt-5.2', 'bedrock:us.amazon.nova-pro-v1:0']
const REPLIES = [
  'Thank you for writing. When did it begin, and does anything make it better or worse?',
  'Do you take any medicines, and are you allergic to anything?',
  'I cannot be sure from here. Please see a doctor in person within two weeks.',
  'I am about half sure that it is harmless. Please see a doctor within two weeks, sooner if it bleeds.',
]

/** A peer that answers as a clinician would who has four things to say. */
async function clinicianPeer(): Promise<Peer> {
  const peer = await startPeer()
  for (const [turnIndex, content] of REPLIES.entries())
    peer.mock.on({ model: /./, turnIndex }, { content, usage: { input_tokens: 1000 + turnIndex, output_tokens: 50 } })
  return peer
}

/** The hosted line-up of promptfooconfig.yaml with one model a vendor, on the demo bank, with all its hooks. */
function runHosted(folder: RunFolder, peer: Peer, args: readonly string[] = []): Promise<PromptfooRun> {
  return runPromptfoo(folder, {
    file: 'promptfooconfig.yaml',
    config: (given) => ({
      ...given,
      extensions: ['file://assertions/before-eval.ts:beforeAll', 'file://reports/after-eval.ts:afterAll'],
      // The clinicians are hosted here, the jury is not: jury-run.test.ts has the other half.
      defaultTest: {
        options: { disableVarExpansion: true },
        assert: [
          {
            type: 'javascript',
            value: 'file://assertions/jury.ts:jury',
            config: { jurors: ['embedded-lenient', 'embedded-middle', 'embedded-strict'] },
          },
        ],
      },
    }),
    args: ['--filter-providers', '^(claude-opus-4-6|gpt-5\\.2|nova-pro)$', ...args],
    env: {
      ...KEYS,
      IMCBENCH_BANK: 'demo',
      ANTHROPIC_BASE_URL: peer.url,
      OPENAI_BASE_URL: `${peer.url}/v1`,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: peer.url,
    },
  })
}

const transcriptOf = (row: ResultRow) => Transcript.parse(row.response?.metadata?.transcript)

/** Every file that a run left, its report included. */
async function filesOf(folder: RunFolder, run: PromptfooRun): Promise<string[]> {
  const report = join(ROOT, dirname(/Report: (\S+)/.exec(run.output)?.[1] ?? 'no report'))
  const below = async (dir: string) =>
    (await readdir(dir, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  return [...(await below(folder.dir)), ...(await below(report))]
}

/** What a request says beside its pictures, addresses and headers included. */
function wordsOf(request: Peer['wire'][number]): string {
  return JSON.stringify(request).replaceAll(/[A-Za-z0-9+/]{200,}={0,2}/g, '')
}

function plainJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** Strings of a case that only a juror may read: its truth, its id, the names and descriptions of its images. */
function secretsOf({ id, canary, statement, images, truth }: Case): string[] {
  const strings = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
  const names = images.flatMap(({ source, sha256, findings, altText, attribution }) => [
    ...[sha256, findings, altText, attribution],
    ...(source.kind === 'drawn' ? [source.file, source.file.replace(/^.*\//, '')] : []),
  ])
  return [id, canary, statement, ...names, ...strings(truth).filter((text) => text.length >= 12)]
}

describe('a hosted run of the demo bank with three vendors and three arms, over real sockets', () => {
  let peer: Peer
  let bank: Bank
  let folder: RunFolder
  let run: PromptfooRun
  let rows: ResultRow[]

  beforeAll(async () => {
    ;[peer, bank, folder] = await Promise.all([clinicianPeer(), loadBank('demo'), runFolder()])
    run = await runHosted(folder, peer)
    rows = readRows(await run.results(), 'results.json')
  }, 180_000)
  afterAll(() => peer.stop())

  test('finishes every cell, and counts tokens and cost', () => {
    expect(run.code, run.output).toBe(0)
    const cells = rows.map((row) => {
      const { model, arm, caseId, stop } = transcriptOf(row)
      return `${model.id} ${arm} ${caseId} ${stop.reason}`
    })
    const expected = MODELS.flatMap((model) =>
      ARMS.flatMap((arm) => bank.cases.map(({ id }) => `${model} ${arm} ${id} plan_given`)),
    )
    expect(cells.toSorted()).toEqual(expected.toSorted())
    for (const row of rows) expect(transcriptOf(row).costUsd).toBeGreaterThan(0)
  })

  test('sends the picture’s bytes and the record in every turn of the arms that have them, and in no other', async () => {
    for (const one of bank.cases) {
      const pictures = await Promise.all(one.images.map((image) => prepareImage(image, bank.dir)))
      const ehr = plainJson(renderEhr(one.ehr))
      const mine = peer.wire.filter((request) => wordsOf(request).includes(plainJson(one.opening)))
      const sent = mine.map((request) => {
        const text = JSON.stringify(request.body)
        const shown = pictures.filter(({ bytes }) => text.includes(Buffer.from(bytes).toString('base64'))).length
        return `${shown} of ${text.match(/[A-Za-z0-9+/]{200,}/g)?.length ?? 0} pictures, ${text.includes(ehr) ? 'record' : 'no record'}`
      })
      const turns = MODELS.length * REPLIES.length
      const all = `${pictures.length} of ${pictures.length} pictures`
      expect(
        Object.fromEntries(
          Map.groupBy(sent, (what) => what)
            .entries()
            .map(([what, list]) => [what, list.length]),
        ),
      ).toEqual({
        [`${all}, record`]: turns,
        '0 of 0 pictures, record': turns,
        [`${all}, no record`]: turns,
      })
    }
  })

  test('tells no model anything of the truth, the ids or the file names of any case', () => {
    expect(peer.wire).toHaveLength(rows.length * REPLIES.length)
    const words = peer.wire.map(wordsOf).join('\n').toLowerCase()
    // Words that the patients, the records and the peer themselves say are no secrets.
    const told = JSON.stringify([REPLIES, bank.cases.map(({ opening, facts, ehr }) => [opening, facts, ehr])]).toLowerCase()
    const secrets = new Set(bank.cases.flatMap(secretsOf).map((text) => text.toLowerCase()))
    const kept = [...secrets].filter((text) => !told.includes(plainJson(text)))
    expect(kept.length).toBeGreaterThan(0.9 * secrets.size)
    expect(kept.filter((text) => words.includes(plainJson(text)) || words.includes(encodeURIComponent(text)))).toEqual([])
  })

  test('leaves no key in any file or line', async () => {
    const files = await filesOf(folder, run)
    expect(files.some((file) => file.endsWith('promptfoo.db'))).toBe(true)
    expect(files.some((file) => file.endsWith('replies.db'))).toBe(true)
    for (const key of Object.values(KEYS)) {
      expect(run.output).not.toContain(key)
      for (const file of files) expect((await readFile(file)).includes(key), file).toBe(false)
    }
  })

  test('asks no model again when it is run again', async () => {
    const before = peer.wire.length
    const again = await runHosted(folder, peer)
    expect(again.code, again.output).toBe(0)
    expect(peer.wire).toHaveLength(before)
  })
})

describe('a hosted run in which every fifth call fails and one case is always refused', () => {
  const FAULTS = [429, 500, 529]
  const failed = new Set<number>()
  let peer: Peer
  let folder: RunFolder
  let run: PromptfooRun
  let rows: ResultRow[]
  let broken: Case

  beforeAll(async () => {
    const [startedPeer, bank, newFolder] = await Promise.all([clinicianPeer(), loadBank('demo'), runFolder()])
    ;[peer, folder] = [startedPeer, newFolder]
    let calls = 0
    const faulty: Mountable = {
      handleRequest: async (request, response) => {
        calls += 1
        if (calls % 5 !== 0) return false
        // The tap keeps the request when its end is read.
        for await (const _ of request);
        failed.add(peer.wire.length - 1)
        const status = FAULTS[failed.size % FAULTS.length] ?? 500
        response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":{"message":"try later"}}')
        return true
      },
    }
    peer.mock.mount('', faulty)
    const [first] = bank.cases
    if (first === undefined) throw new Error('the demo bank has no case')
    broken = first
    peer.mock.prependFixture({
      match: { model: /./, predicate: (request) => JSON.stringify(request.messages).includes(plainJson(first.opening)) },
      response: { error: { message: 'not today', type: 'invalid_request_error' }, status: 400 },
    })
    run = await runHosted(folder, peer)
    rows = readRows(await run.results(), 'results.json')
  }, 240_000)
  afterAll(() => peer.stop())

  test('ends every cell as finished, or as missing with its reason, and no cell with a score that nobody gave', () => {
    expect(run.code, run.output).toBe(0)
    expect(failed.size).toBeGreaterThan(40)
    const { trials, estimates } = analyze(rows, 'results.json')
    expect(trials).toHaveLength(8 * MODELS.length * ARMS.length)
    const missing = trials.filter((trial) => trial.missing !== null)
    expect(missing.map(({ caseId }) => caseId)).toEqual(missing.map(() => broken.id))
    expect(missing).toHaveLength(MODELS.length * ARMS.length)
    for (const { scores } of missing) for (const { value } of Object.values(scores)) expect(value).toBeNull()
    expect(estimates.exclusions.reduce((sum, { count }) => sum + count, 0)).toBe(missing.length)
    for (const row of rows) {
      const { caseId, stop } = transcriptOf(row)
      expect(stop.reason).toBe(caseId === broken.id ? 'error' : 'plan_given')
      if (caseId === broken.id) expect(stop.detail).toMatch(/answered 400/)
    }
  })

  test('gets each reply once: no request that was answered is sent a second time', () => {
    const answered = peer.wire.filter((_, i) => !failed.has(i)).map(({ path, body }) => path + JSON.stringify(body))
    expect(answered.length - new Set(answered).size).toBe(0)
    const calls = rows.map(transcriptOf).reduce((sum, held) => sum + held.calls.made, 0)
    expect(calls).toBe(peer.wire.length)
  })

  test('asks again only for what is missing when it is run again', async () => {
    const before = peer.wire.length
    await runHosted(folder, peer)
    const more = peer.wire.slice(before)
    expect(more.length).toBeGreaterThanOrEqual(MODELS.length * ARMS.length)
    for (const request of more) expect(wordsOf(request)).toContain(plainJson(broken.opening))
  })
})

describe('a hosted run without its keys', () => {
  test('ends before the first call with one message: what is missing, and how to run without it', async () => {
    const peer = await clinicianPeer()
    const folder = await runFolder()
    const noKeys = Object.fromEntries([...Object.keys(KEYS), 'AWS_PROFILE', 'AWS_BEARER_TOKEN_BEDROCK'].map((name) => [name, '']))
    const run = await runPromptfoo(folder, {
      file: 'promptfooconfig.yaml',
      config: (given) => ({ ...given, extensions: ['file://assertions/before-eval.ts:beforeAll'] }),
      env: {
        ...noKeys,
        OPENAI_API_KEY: KEYS.OPENAI_API_KEY,
        OPENAI_BASE_URL: `${peer.url}/v1`,
        IMCBENCH_BANK: 'demo',
        HOME: folder.dir,
      },
    })
    expect(run.code).toBe(1)
    expect(run.output).toMatch(/ANTHROPIC_API_KEY for anthropic:claude-opus-4-6, anthropic:claude-sonnet-4-6/)
    expect(run.output).toMatch(/AWS_ACCESS_KEY_ID .* for bedrock:us\.amazon\.nova-pro-v1:0/)
    expect(run.output).not.toContain('OPENAI_API_KEY')
    expect(run.output).toContain(`--filter-providers '^(gpt-5.2|gpt-5-mini)$'`)
    expect(run.output).toMatch(/npm start/)
    expect(run.output).not.toMatch(/\n\s+at \S+ \(/)
    expect(peer.wire).toEqual([])
    await peer.stop()
  })
})
