import { PassThrough } from 'node:stream'
import { getLocal, type Mockttp } from 'mockttp'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { NO_USAGE } from '../../cases/transcript.ts'
import { createAsk } from '../../providers/ask.ts'
import { createSpending } from '../../providers/budget.ts'
import { converse } from '../../providers/conversation.ts'
import { modelOf } from '../../providers/models/registry.ts'
import { storeFolder } from './models.ts'
import { setupOf } from './setups.ts'

const QUESTION = 'How long has it been there?'
const PLAN = 'This may be a skin cancer. See a dermatologist within two weeks.'
const KEY = 'sk-a-key-that-nobody-may-see'
const TRIES = 2

interface Vendor {
  readonly model: string
  readonly path: string
  /** A good reply, as the vendor documents it. */
  readonly body: (text: string) => object
}

const VENDORS: Readonly<Record<string, Vendor>> = {
  Anthropic: {
    model: 'anthropic:claude-opus-4-6',
    path: '',
    body: (text) => ({
      ...{
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude-opus-4-6',
        stop_reason: 'end_turn',
        stop_sequence: null,
      },
      content: [{ type: 'text', text }],
      usage: { input_tokens: 1000, output_tokens: 100 },
    }),
  },
  OpenAI: {
    model: 'openai:gpt-5.2',
    path: '/v1',
    body: (text) => ({
      ...{ id: 'resp_1', object: 'response', created_at: 1, model: 'gpt-5.2', status: 'completed' },
      output: [
        {
          id: 'm1',
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text, annotations: [] }],
        },
      ],
      usage: { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 },
    }),
  },
  Bedrock: {
    model: 'bedrock:us.amazon.nova-pro-v1:0',
    path: '',
    body: (text) => ({
      output: { message: { role: 'assistant', content: [{ text }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 1000, outputTokens: 100, totalTokens: 1100 },
      metrics: { latencyMs: 1 },
    }),
  },
}

type Rule = ReturnType<Mockttp['forPost']>
type Fault = (rule: Rule, good: string) => Promise<unknown>

const JSON_TYPE = { 'content-type': 'application/json' }
const status =
  (code: number, headers: Record<string, string> = {}): Fault =>
  (rule) =>
    rule.thenReply(code, '{"message":"not now"}', { ...JSON_TYPE, ...headers })

/** A reply whose body begins and then neither goes on nor ends. */
function halfOf(text: string): PassThrough {
  const stream = new PassThrough()
  stream.write(text.slice(0, text.length / 2))
  return stream
}

const FAULTS: Readonly<Record<string, Fault>> = {
  '429 with retry-after': status(429, { 'retry-after': '7' }),
  '429 without retry-after': status(429),
  'status 500': status(500),
  'status 503': status(503),
  'status 529': status(529),
  'a connection that is reset': (rule) => rule.thenResetConnection(),
  'a connection that is closed': (rule) => rule.thenCloseConnection(),
  'a stall before the headers': (rule) => rule.thenTimeout(),
  'a stall after the headers': (rule, good) => rule.thenStream(200, halfOf(good), JSON_TYPE),
  'a body that is cut off on the wire': (rule, good) =>
    rule.thenReply(200, good.slice(0, -20), { ...JSON_TYPE, connection: 'close', 'content-length': String(good.length) }),
  'truncated JSON': (rule, good) => rule.thenReply(200, good.slice(0, -20), JSON_TYPE),
  'an HTML page with status 200': (rule) => rule.thenReply(200, '<!doctype html><p>Sign in</p>', { 'content-type': 'text/html' }),
  'an HTML page with status 200 that says it is JSON': (rule) => rule.thenReply(200, '<html><p>Sign in</p></html>', JSON_TYPE),
  'an empty body with status 200': (rule) => rule.thenReply(200, '', JSON_TYPE),
  'JSON of another form': (rule) => rule.thenReply(200, '{"choices":[],"ok":true}', JSON_TYPE),
  'JSON that is null': (rule) => rule.thenReply(200, 'null', JSON_TYPE),
  'an AWS ThrottlingException': status(429, { 'x-amzn-errortype': 'ThrottlingException' }),
  'an AWS ModelTimeoutException': status(408, { 'x-amzn-errortype': 'ModelTimeoutException' }),
}

const TABLE = Object.keys(FAULTS).flatMap((fault) => Object.keys(VENDORS).map((vendor) => [fault, vendor] as const))

let server: Mockttp

beforeEach(async () => {
  server = getLocal()
  await server.start()
  for (const name of ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, KEY)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'nobody')
  vi.stubEnv('AWS_SESSION_TOKEN', undefined)
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await server.stop()
})

/** Holds a conversation over a real socket; waits between tries are noted and not waited. */
async function hold(vendor: Vendor, rest: { timeoutSeconds?: number; deadlineMs?: number } = {}) {
  const { timeoutSeconds = 60, deadlineMs = 60_000 } = rest
  const model = modelOf(vendor.model, {
    baseUrl: `http://127.0.0.1:${server.port}${vendor.path}`,
    timeoutSeconds,
    ...(vendor.model.startsWith('bedrock') ? { region: 'us-east-1' } : {}),
  })
  const waits: number[] = []
  const sleep = async (ms: number) => void waits.push(ms)
  const ask = createAsk(storeFolder(), { sleep, random: () => 0, maxTries: TRIES, spending: createSpending(() => {}) })
  const transcript = await converse(setupOf(model, 'no-image', { ask, deadlineMs }))
  expect(JSON.stringify(transcript)).not.toContain(KEY)
  return { transcript, waits }
}

const good = (vendor: Vendor, text: string) => JSON.stringify(vendor.body(text))
const reply = (vendor: Vendor, text: string) => server.forPost().once().thenReply(200, good(vendor, text), JSON_TYPE)

describe.each(TABLE)('%s, from %s', (name, vendorName) => {
  const [fault, vendor] = [FAULTS[name] as Fault, VENDORS[vendorName] as Vendor]
  const patience = name.startsWith('a stall') ? { timeoutSeconds: 1 } : {}

  test('that passes leaves a whole conversation, and the lost call is counted', async () => {
    await reply(vendor, QUESTION)
    await fault(server.forPost().once(), good(vendor, PLAN))
    await reply(vendor, PLAN)
    await reply(vendor, PLAN)
    const { transcript, waits } = await hold(vendor, patience)
    expect(transcript.stop.reason).toBe('plan_given')
    expect(transcript.turns.filter(({ role }) => role === 'clinician').map(({ text }) => text)).toEqual([QUESTION, PLAN, PLAN])
    expect(transcript.calls).toEqual({ made: 4, stored: 0, retried: 1, failed: 1 })
    expect(waits).toEqual([name === '429 with retry-after' ? 7000 : 0])
  })

  test('that stays ends it as a missing trial with what was said, and what it cost', async () => {
    await reply(vendor, QUESTION)
    for (let i = 0; i < TRIES; i++) await fault(server.forPost().once(), good(vendor, PLAN))
    const { transcript } = await hold(vendor, patience)
    expect(transcript.stop).toEqual({ reason: 'error', detail: expect.stringMatching(/\(gave up after 2 tries\)$/) })
    expect(transcript.stop.detail).not.toMatch(/429|rate limit/i)
    expect(transcript.turns.map(({ role }) => role)).toEqual(['patient', 'clinician', 'patient'])
    expect(transcript.calls).toEqual({ made: 1 + TRIES, stored: 0, retried: TRIES - 1, failed: TRIES })
    // What was answered with an error status is not billed; what a call cost that broke off or was not understood nobody knows.
    const billed = /^(429|status|an AWS)/.test(name) ? { inputTokens: 1000, outputTokens: 100 } : NO_USAGE
    expect(transcript.usage).toMatchObject(billed)
    expect(transcript.costUsd).toBeGreaterThan(0)
  })
})

describe.each(Object.entries(VENDORS))('%s', (_, vendor) => {
  test.each(['a stall before the headers', 'a stall after the headers'])('%s is ended by the deadline', async (name) => {
    await reply(vendor, QUESTION)
    await (FAULTS[name] as Fault)(server.forPost().once(), good(vendor, PLAN))
    const { transcript } = await hold(vendor, { timeoutSeconds: 600, deadlineMs: 1500 })
    expect(transcript.stop.reason).toBe('deadline')
    expect(transcript.turns).toHaveLength(3)
    expect(transcript.calls).toEqual({ made: 2, stored: 0, retried: 0, failed: 1 })
  })
  test.each([400, 401, 403, 404])('status %d is not tried again', async (code) => {
    await reply(vendor, QUESTION)
    await status(code)(server.forPost(), '')
    const { transcript, waits } = await hold(vendor)
    expect(transcript.stop.reason).toBe('error')
    expect(transcript.calls).toEqual({ made: 2, stored: 0, retried: 0, failed: 1 })
    expect(waits).toEqual([])
  })
})
