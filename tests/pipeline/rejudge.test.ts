import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { type CompletedRequest, getLocal, type Mockttp } from 'mockttp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyze } from '../../analysis/analyze.ts'
import { readRows } from '../../analysis/results.ts'
import { rowContent } from '../../analysis/row-content.ts'
import type { Grade } from '../../cases/verdict.ts'
import { ROOT, type RunFolder, runFolder, runPromptfoo } from './run-promptfoo.ts'

let folder: RunFolder
let original = ''

beforeAll(async () => {
  folder = await runFolder()
  const run = await runPromptfoo(folder)
  expect(run.code, run.output).toBe(0)
  original = await run.results()
}, 120_000)

const program = [join(ROOT, 'assertions', 'rejudge-main.ts')]
const environment = (more: Record<string, string> = {}) => ({
  ...process.env,
  IMCBENCH_STORE: folder.store,
  IMCBENCH_BANK: '',
  ...more,
})

async function rejudge(words: readonly string[], more: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  const run = promisify(execFile)(process.execPath, [...program, ...words], { cwd: folder.dir, env: environment(more) })
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  )
}

const written = (name: string) => readFile(join(folder.dir, name), 'utf8')
const gradesIn = (text: string): Grade[] =>
  readRows(text, 'rejudged.json').map((row, i) => rowContent(row, `row ${i + 1}`).grade ?? expect.fail('no grade'))

describe('rejudge by embedded jurors', () => {
  test('by the same jury gives every row and every sum that promptfoo itself wrote', async () => {
    const { code, output } = await rejudge(['results.json', '-c', join(ROOT, 'promptfooconfig.offline.yaml'), '-o', 'same.json'])
    expect(code, output).toBe(0)
    expect(output).toContain('72 of 72 conversations judged by embedded-lenient, embedded-middle, embedded-strict')
    const [before, after] = [JSON.parse(original), JSON.parse(await written('same.json'))]
    for (const [i, row] of before.results.results.entries())
      expect(lasting(after.results.results[i]) === lasting(row), `row ${i + 1}`).toBe(true)
    for (const [i, { metrics }] of before.results.prompts.entries()) {
      const { namedScores, ...sums } = metrics
      const got = after.results.prompts[i].metrics
      for (const name of ['testPassCount', 'testFailCount', 'testErrorCount', 'assertPassCount', 'assertFailCount'])
        expect(got[name], name).toBe(sums[name])
      expect(got.score).toBeCloseTo(sums.score, 9)
      for (const [name, sum] of Object.entries(got.namedScores)) expect(sum, name).toBeCloseTo(namedScores[name], 9)
      expect(got.namedScoresCount).toEqual(sums.namedScoresCount)
    }
    expect(after.results.stats).toMatchObject({
      successes: before.results.stats.successes,
      failures: before.results.stats.failures,
    })
    const estimates = (text: string) => JSON.stringify(analyze(readRows(text, 'r.json'), 'r.json').estimates)
    expect(estimates(await written('same.json'))).toBe(estimates(original))
  })
  test('by another jury asks no model under test, says who judged, and leaves the conversations as they were', async () => {
    const count = () => new DatabaseSync(join(folder.store, 'replies.db')).prepare('SELECT count(*) AS n FROM replies').get()
    const before = count()
    expect((await rejudge(['results.json', '--jurors', 'embedded-strict', '-o', 'strict.json'])).code).toBe(0)
    // The one juror has been heard before, so not even it is asked again.
    expect(count()).toEqual(before)
    const text = await written('strict.json')
    expect(new Set(gradesIn(text).flatMap(({ jury }) => jury.jurors.map(({ id }) => id)))).toEqual(new Set(['embedded-strict']))
    expect(gradesIn(text).every(({ votes }) => votes.length === 3)).toBe(true)
    const transcripts = (of: string) => readRows(of, 'r.json').map((row) => row.response?.metadata?.transcript)
    expect(transcripts(text)).toEqual(transcripts(original))
    const file = JSON.parse(text)
    expect(file.evalId).not.toBe(JSON.parse(original).evalId)
    expect(JSON.stringify(file.config.defaultTest)).not.toContain('embedded-lenient')
  })
  test.each([
    [['results.json'], /requires either --config or --jurors/],
    [['results.json', '--jurors', 'embedded-kind'], /embedded-kind/],
    [['results.json', '--jurors', 'embedded-strict,embedded-strict'], /each juror once/],
    [
      ['results.json', '--jurors', 'anthropic:claude-haiku-4-5'],
      /keys in the environment: ANTHROPIC_API_KEY for anthropic:claude-haiku-4-5/,
    ],
    [
      ['results.json', '--jurors', 'embedded-strict', '--bank', join(ROOT, 'cases', 'nowhere')],
      /requires a folder of case files/,
    ],
    [['nothing.json', '--jurors', 'embedded-strict'], /ENOENT/],
    [['none.json', '--jurors', 'embedded-strict'], /an --out that is not the results/],
    [['results.json', '--jurors', 'embedded-strict', '--concurrency', '0.5'], /a whole number from 1/],
  ])('%j is refused in one message, and nothing is written', async (words, message) => {
    const { code, output } = await rejudge([...words, '-o', 'none.json'], { ANTHROPIC_API_KEY: '' })
    expect(code).toBe(1)
    expect(output).toMatch(message)
    expect(output).not.toMatch(/\n\s+at /)
    await expect(written('none.json')).rejects.toThrow(/ENOENT/)
  })
})

// What came from the store this time, promptfoo’s own count of tokens for grading, and where the assertion’s file lies.
const PASSING = ['calls', 'incurredUsd', 'tokensUsed', 'assertion', 'assert']

/** A row as text, with its fields in the order of the alphabet and without those that may differ. */
function lasting(value: unknown): string {
  return JSON.stringify(value, (name, one) => {
    if (PASSING.includes(name) || (name === 'error' && !one)) return undefined
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return one
    return Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of two vendors
type Body = any
interface Handed {
  readonly key: string
  readonly body: Body
}

/** What an unimpressed juror replies to a request of either vendor. */
function verdictFor(body: Body): string {
  const [, code] = /<<<conversation ([0-9a-f]{16})>>>/.exec(JSON.stringify(body)) ?? []
  return JSON.stringify({ code, checklist: [], evidence: [], rationale: 'as asked', score: 2, direction: 'none' })
}

const claudeMessage = (body: Body) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: body.model,
  content: [{ type: 'text', text: verdictFor(body) }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1000, output_tokens: 100, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
})
const gptResponse = (body: Body) => ({
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  model: body.model,
  output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: verdictFor(body), annotations: [] }] }],
  usage: {
    input_tokens: 1000,
    output_tokens: 100,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 0 },
  },
})

/** Both vendors’ batch endpoints as documented: replies in another order than asked, the first request of each batch fails. */
class VendorPeer {
  readonly handed: Handed[][] = []
  readonly direct: Body[] = []
  finished = false
  looks = 0
}

async function startVendors(server: Mockttp): Promise<VendorPeer> {
  const peer = new VendorPeer()
  const bodyOf = async (request: CompletedRequest) => JSON.parse((await request.body.getText()) ?? '')
  const batch = (id: string) => ({
    id,
    type: 'message_batch',
    processing_status: peer.finished ? 'ended' : 'in_progress',
    request_counts: { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
    results_url: peer.finished ? `${server.url}/v1/messages/batches/${id}/results` : null,
  })
  await server.forPost('/v1/messages/batches').thenCallback(async (request) => {
    const { requests } = await bodyOf(request)
    peer.handed.push(requests.map(({ custom_id, params }: Body) => ({ key: custom_id, body: params })))
    return { json: batch('msgbatch_1') }
  })
  await server.forGet('/v1/messages/batches/msgbatch_1').thenCallback(() => {
    peer.looks += 1
    return { json: batch('msgbatch_1') }
  })
  await server.forGet('/v1/messages/batches/msgbatch_1/results').thenCallback(() => {
    const mine = peer.handed.find(([one]) => one?.body.model.startsWith('claude')) ?? []
    const lines = mine.map(({ key, body }, i) => ({
      custom_id: key,
      result:
        i === 0
          ? { type: 'errored', error: { type: 'error', error: { type: 'api_error', message: 'x' } } }
          : { type: 'succeeded', message: claudeMessage(body) },
    }))
    return {
      body: lines
        .toReversed()
        .map((line) => JSON.stringify(line))
        .join('\n'),
      headers: { 'content-type': 'application/x-jsonl' },
    }
  })
  await server.forPost('/v1/files').thenCallback(async (request) => {
    const lines = ((await request.body.getText()) ?? '').split(/\r?\n/).filter((line) => line.startsWith('{"custom_id"'))
    peer.handed.push(lines.map((line) => JSON.parse(line)).map(({ custom_id, body }) => ({ key: custom_id, body })))
    return { json: { id: 'file-in', object: 'file', purpose: 'batch' } }
  })
  const gptBatch = () => ({
    id: 'batch_1',
    object: 'batch',
    status: peer.finished ? 'completed' : 'in_progress',
    output_file_id: peer.finished ? 'file-out' : null,
    error_file_id: peer.finished ? 'file-err' : null,
  })
  await server.forPost('/v1/batches').thenCallback(() => ({ json: gptBatch() }))
  await server.forGet('/v1/batches/batch_1').thenCallback(() => ({ json: gptBatch() }))
  const gpts = () => peer.handed.find(([one]) => one?.body.model.startsWith('gpt')) ?? []
  await server.forGet('/v1/files/file-out/content').thenCallback(() => {
    const lines = gpts()
      .slice(1)
      .map(({ key, body }) => ({ id: 'r', custom_id: key, response: { status_code: 200, body: gptResponse(body) }, error: null }))
    return {
      body: `${lines
        .toReversed()
        .map((line) => JSON.stringify(line))
        .join('\n')}\n`,
    }
  })
  await server.forGet('/v1/files/file-err/content').thenCallback(() => ({
    body: JSON.stringify({ id: 'r', custom_id: gpts()[0]?.key, response: null, error: { code: 'batch_expired', message: 'x' } }),
  }))
  await server.forPost('/v1/messages').thenCallback(async (request) => {
    const body = await bodyOf(request)
    peer.direct.push(body)
    return { json: claudeMessage(body) }
  })
  await server.forPost('/v1/responses').thenCallback(async (request) => {
    const body = await bodyOf(request)
    peer.direct.push(body)
    return { json: gptResponse(body) }
  })
  return peer
}

describe('rejudge through batches of two vendors', () => {
  const server = getLocal()
  let peer: VendorPeer
  let keys: Record<string, string>
  const words = ['few.json', '-c', 'jury.yaml', '--batch', '--poll-seconds', '0.2', '-o', 'batched.json']
  const jurors = [
    { id: 'claude', model: 'anthropic:claude-haiku-4-5' },
    { id: 'gpt', model: 'openai:gpt-5-mini', settings: { effort: 'low', serviceTier: 'flex' } },
  ]

  beforeAll(async () => {
    await server.start()
    peer = await startVendors(server)
    keys = {
      ANTHROPIC_API_KEY: 'sk-ant-fake',
      OPENAI_API_KEY: 'sk-fake',
      ANTHROPIC_BASE_URL: server.url,
      OPENAI_BASE_URL: `${server.url}/v1`,
    }
    const file = JSON.parse(original)
    file.results.results = file.results.results.slice(0, 4)
    await writeFile(join(folder.dir, 'few.json'), JSON.stringify(file))
    const assert = [{ type: 'javascript', value: 'file://assertions/jury.ts:jury', config: { jurors } }]
    await writeFile(join(folder.dir, 'jury.yaml'), JSON.stringify({ defaultTest: { assert } }))
  })
  afterAll(() => server.stop())

  test('hands every request in once, also when it is killed while it waits, and then collects', async () => {
    const child: ChildProcess = spawn(process.execPath, [...program, ...words], {
      cwd: folder.dir,
      env: environment(keys),
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.on('close', resolve))
    while (peer.looks < 2) await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGKILL')
    await ended
    expect(peer.handed.map((calls) => calls.length)).toEqual([12, 12])
    await expect(written('batched.json')).rejects.toThrow(/ENOENT/)
    peer.finished = true
    const { code, output } = await rejudge(words, keys)
    expect(code, output).toBe(0)
    expect(peer.handed).toHaveLength(2)
    expect(output).toContain(
      'anthropic: batch msgbatch_1: 12 replies of 12, 1 × errored: api_error; these are asked for one by one',
    )
    expect(output).toContain('openai: batch batch_1: 12 replies of 12, 1 × batch_expired; these are asked for one by one')
    expect(output).not.toMatch(/sk-/)
  })
  test('hands in the very bodies that are sent for a request alone, apart from the tier', () => {
    expect(peer.direct).toHaveLength(2)
    for (const alone of peer.direct) {
      const { service_tier: tier, ...body } = alone
      expect(tier).toBe(body.model.startsWith('gpt') ? 'flex' : undefined)
      const failed = peer.handed.map(([first]) => first).find((one) => one?.body.model === body.model)
      expect(failed?.body).toEqual(body)
    }
  })
  test('gives every verdict, counts those of batches at half the price, and asks for nothing when it is run again', async () => {
    const grades = gradesIn(await written('batched.json'))
    expect(grades.flatMap(({ votes }) => votes.map((vote) => vote.kind === 'verdict' && vote.score))).toEqual(Array(24).fill(2))
    // Haiku 4.5 at 1 and 5 dollars a million: 1000 × 1e-6 + 100 × 5e-6 = 0.0015 a call; 11 of 12 at half.
    const cost = grades.flatMap(({ spent }) =>
      spent.filter(({ juror }) => juror === 'claude').map(({ costUsd }) => costUsd ?? Number.NaN),
    )
    expect(cost.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0.0015 + 11 * 0.00075, 9)
    await rejudge(words, keys)
    expect(peer.handed).toHaveLength(2)
    expect(peer.direct).toHaveLength(2)
    expect(gradesIn(await written('batched.json')).map(({ pooled }) => pooled)).toEqual(grades.map(({ pooled }) => pooled))
  })
})
