import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Message, Reply, Request } from '../../../providers/model.ts'
import { modelOf } from '../../../providers/models/registry.ts'
import type { Settings } from '../../../providers/models/settings.ts'
import { lopsidedPatch } from '../pictures.ts'
import { talkOf, VERDICT } from './hosted-calls.ts'
import { type Peer, startPeer } from './peer.ts'

let peer: Peer
let picture: Uint8Array
beforeAll(async () => {
  peer = await startPeer()
  picture = await lopsidedPatch()
})
afterAll(() => peer.stop())
beforeEach(() => {
  peer.mock.reset()
  peer.mock.on({ model: /./, turnIndex: 0 }, { content: 'first', usage: { input_tokens: 100, output_tokens: 10 } })
  peer.mock.on({ model: /./, turnIndex: 1 }, { content: 'second', usage: { input_tokens: 200, output_tokens: 20 } })
  peer.mock.on({ model: /./, turnIndex: 2 }, { content: 'third', usage: { input_tokens: 300, output_tokens: 30 } })
  vi.stubEnv('ANTHROPIC_API_KEY', 'test-key-anthropic')
  vi.stubEnv('OPENAI_API_KEY', 'test-key-openai')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test-key-id')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test-key-aws')
})

const SYSTEM = 'You are a clinician.\n\nHealth record as of today: takes aspirin.'
const MODELS = [
  'anthropic:claude-opus-4-6',
  'anthropic:claude-sonnet-4-6',
  'anthropic:claude-haiku-4-5',
  'openai:gpt-5.2',
  'openai:gpt-5-mini',
  'bedrock:us.amazon.nova-pro-v1:0',
  'bedrock:us.amazon.nova-2-lite-v1:0',
  'bedrock:us.meta.llama4-maverick-17b-instruct-v1:0',
  'bedrock:us.anthropic.claude-opus-4-6-v1',
  'compatible:local-vision',
]
const vendorOf = (id: string) => id.slice(0, id.indexOf(':'))
const nameOf = (id: string) => id.slice(id.indexOf(':') + 1)

function settingsFor(id: string, rest: Settings = {}): Settings {
  const fetched = vendorOf(id) === 'openai' || vendorOf(id) === 'compatible'
  return { baseUrl: fetched ? `${peer.url}/v1` : peer.url, region: 'us-east-1', ...rest }
}

function withoutImages(messages: readonly Message[]): Message[] {
  return messages.map((one) => ({ ...one, content: one.content.filter((part) => part.type === 'text') }))
}

/** Holds three turns and gives the replies with the requests as they came over the socket. */
async function hold(id: string, settings: Settings, hasImage = true) {
  const model = modelOf(id, settingsFor(id, settings))
  const before = peer.wire.length
  const replies: Reply[] = []
  for (const turn of [1, 2, 3]) {
    const talk = talkOf(turn, picture)
    const request: Request = { system: SYSTEM, messages: hasImage ? talk : withoutImages(talk), repeat: 0 }
    replies.push(await model.reply(request, AbortSignal.timeout(20_000)))
  }
  return { replies, wire: peer.wire.slice(before) }
}

describe.each(MODELS)('a conversation of three turns with %s, over real sockets', (id) => {
  test('makes one request a turn, with the model’s id, the system prompt, the record, the image’s bytes and the talk so far', async () => {
    const { replies, wire } = await hold(id, {})
    expect(replies.map(({ text }) => text)).toEqual(['first', 'second', 'third'])
    expect(wire).toHaveLength(3)
    const base64 = Buffer.from(picture).toString('base64')
    for (const [i, { path, body }] of wire.entries()) {
      const sent = JSON.stringify(body)
      expect(path + sent).toContain(nameOf(id))
      expect(sent).toContain(JSON.stringify(SYSTEM).slice(1, -1))
      expect(sent.split(base64)).toHaveLength(2)
      for (const turn of [1, 2].filter((turn) => turn <= i)) {
        expect(sent).toContain(`question ${turn}`)
        expect(sent).toContain(`answer ${turn}`)
      }
      expect(sent).not.toMatch(/"(temperature|top_p|topP)"/)
    }
  })
  test('has no image in any request when the talk has none', async () => {
    const { wire } = await hold(id, {}, false)
    expect(JSON.stringify(wire)).not.toMatch(/image|\/9j\/|base64/)
  })
  test('counts the tokens that the peer reports, and their cost where the price is known', async () => {
    const { replies } = await hold(id, {})
    expect(replies.map(({ usage }) => [usage.inputTokens, usage.outputTokens])).toEqual([
      [100, 10],
      [200, 20],
      [300, 30],
    ])
    for (const { costUsd } of replies)
      if (vendorOf(id) === 'compatible') expect(costUsd).toBeNull()
      else expect(costUsd).toBeGreaterThan(0)
  })
  test('sends temperature where it is taken, and says where it is not', async () => {
    const { replies, wire } = await hold(id, { temperature: 0.3 })
    const takes = vendorOf(id) === 'bedrock' || vendorOf(id) === 'compatible'
    for (const { body } of wire) expect(JSON.stringify(body).includes('"temperature":0.3')).toBe(takes)
    for (const { notSent } of replies)
      expect(notSent).toEqual(takes ? [] : [expect.stringContaining(`temperature 0.3: not taken by ${id}`)])
  })
  test('keeps the beginning of each request the same in the next, which is what a prompt cache needs', async () => {
    const { wire } = await hold(id, {})
    const bare = (body: unknown) =>
      JSON.parse(
        JSON.stringify(body, (key, value) =>
          key === 'cache_control'
            ? undefined
            : Array.isArray(value)
              ? value.filter((one) => !('cachePoint' in Object(one)))
              : value,
        ),
      )
    for (const [i, { body }] of wire.entries()) {
      const next = wire[i + 1]
      if (next === undefined) continue
      const [now, then] = [bare(body), bare(next.body)].map((one) => one.messages ?? one.input)
      expect(then.slice(0, now.length)).toEqual(now)
      expect(bare(next.body).system ?? bare(next.body).instructions).toEqual(bare(body).system ?? bare(body).instructions)
    }
  })
})

describe('cache marks on the wire', () => {
  test.each(['anthropic:claude-haiku-4-5', 'bedrock:us.anthropic.claude-opus-4-6-v1'])(
    '%s has one after the system prompt, one after the image and one after the newest message',
    async (id) => {
      const { wire } = await hold(id, {})
      const counts = wire.map(({ body }) => JSON.stringify(body).match(/cache_control|cachePoint/g)?.length)
      expect(counts).toEqual([2, 3, 3])
    },
  )
  test('Nova has as many, none of them right after an image', async () => {
    const { wire } = await hold('bedrock:us.amazon.nova-pro-v1:0', {})
    expect(wire.map(({ body }) => JSON.stringify(body).match(/cachePoint/g)?.length)).toEqual([2, 3, 3])
    for (const { body } of wire)
      for (const { content } of body.messages)
        for (const [i, block] of content.entries()) if ('cachePoint' in block) expect(content[i - 1]).toHaveProperty('text')
  })
  test('OpenAI has one key in all turns', async () => {
    const { wire } = await hold('openai:gpt-5.2', {})
    expect(new Set(wire.map(({ body }) => body.prompt_cache_key)).size).toBe(1)
    expect(wire[0]?.body.prompt_cache_key).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('a request with a schema, on the wire', () => {
  const ask = async (id: string) => {
    const request = { system: SYSTEM, messages: talkOf(1, picture), repeat: 0, schema: VERDICT }
    const before = peer.wire.length
    const reply = await modelOf(id, settingsFor(id)).reply(request, AbortSignal.timeout(20_000))
    return { reply, body: peer.wire[before]?.body }
  }
  test('has each vendor’s own form', async () => {
    expect((await ask('anthropic:claude-opus-4-6')).body.output_config.format.type).toBe('json_schema')
    expect((await ask('openai:gpt-5.2')).body.text.format).toMatchObject({ name: 'verdict', strict: true })
    expect((await ask('compatible:x')).body.response_format.json_schema).toMatchObject({ name: 'verdict', strict: true })
    const { textFormat } = (await ask('bedrock:us.anthropic.claude-opus-4-6-v1')).body.outputConfig
    expect(typeof textFormat.structure.jsonSchema.schema).toBe('string')
  })
  test('gets the tool’s input as text from a model that must call a tool', async () => {
    peer.mock.reset()
    peer.mock.on({ model: /nova/ }, { toolCalls: [{ name: 'verdict', arguments: '{"score":4,"why":"seen"}' }] })
    const { reply, body } = await ask('bedrock:us.amazon.nova-pro-v1:0')
    expect(body.toolConfig.toolChoice).toEqual({ tool: { name: 'verdict' } })
    expect(JSON.parse(reply.text)).toEqual({ score: 4, why: 'seen' })
    expect(reply.stop).toBe('end')
  })
})

describe('keys on the wire', () => {
  test('go to their own vendor only, and a compatible server gets none of them', async () => {
    for (const id of MODELS) await hold(id, {})
    for (const { path, headers, body } of peer.wire) {
      const sent = JSON.stringify([path, headers, body])
      expect(sent.includes('test-key-anthropic')).toBe(path.endsWith('/v1/messages'))
      expect(sent.includes('test-key-openai')).toBe(path.endsWith('/v1/responses'))
      expect(sent).not.toContain('test-key-aws')
    }
  })
})
