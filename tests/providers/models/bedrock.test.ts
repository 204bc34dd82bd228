import { describe, expect, test } from 'vitest'
import { faultOf } from '../../../providers/model.ts'
import { bedrockReply, bedrockRequest } from '../../../providers/models/bedrock.ts'
import { BYTES, callOf, talkRequest, VERDICT } from './hosted-calls.ts'
import { thrownBy } from './thrown.ts'

const CLAUDE = 'us.anthropic.claude-opus-4-6-v1'
const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0'
const NOVA = 'us.amazon.nova-pro-v1:0'
const NOVA_2 = 'us.amazon.nova-2-lite-v1:0'
const LLAMA = 'us.meta.llama4-maverick-17b-instruct-v1:0'
const POINT = { cachePoint: { type: 'default' } }
const IMAGE = { image: { format: 'jpeg', source: { bytes: BYTES } } }

const built = (name: string, ...[request, settings]: [Parameters<typeof callOf>[2]?, Parameters<typeof callOf>[3]?]) =>
  bedrockRequest(callOf('bedrock', name, request ?? talkRequest(2), settings))

describe('a request to Converse', () => {
  test('for Claude has a cache point after the system prompt and after each marked part', () => {
    expect(built(CLAUDE)).toEqual({
      modelId: CLAUDE,
      system: [{ text: 'You are a clinician.' }, POINT],
      messages: [
        { role: 'user', content: [{ text: 'What is this?' }, IMAGE, POINT] },
        { role: 'assistant', content: [{ text: 'question 1' }] },
        { role: 'user', content: [{ text: 'answer 1' }, POINT] },
      ],
      inferenceConfig: { maxTokens: 16_000 },
    })
  })
  test('for Nova has the image before the text, and no cache point right after an image', () => {
    const { messages } = built(NOVA)
    expect(messages[0]?.content).toEqual([IMAGE, { text: 'What is this?' }, POINT])
    expect(messages[2]?.content).toEqual([{ text: 'answer 1' }, POINT])
  })
  test('for Llama has no cache point at all', () => {
    expect(JSON.stringify(built(LLAMA))).not.toContain('cachePoint')
    expect(built(LLAMA).messages[0]?.content).toEqual([{ text: 'What is this?' }, IMAGE])
  })
  test('asks Claude for JSON by its own form, with the schema as a string', () => {
    const { outputConfig } = built(CLAUDE, talkRequest(1, { schema: VERDICT }), { effort: 'low' })
    expect(outputConfig).toMatchObject({
      effort: 'low',
      textFormat: { type: 'json_schema', structure: { jsonSchema: { name: 'verdict' } } },
    })
    expect(JSON.parse(outputConfig?.textFormat?.structure?.jsonSchema?.schema ?? '')).toMatchObject({
      required: ['score', 'why'],
      additionalProperties: false,
    })
  })
  test('demands a tool from Nova, with the fields of a schema that Nova reads, and no output form', () => {
    const sent = built(NOVA, talkRequest(1, { schema: VERDICT }))
    expect(sent).not.toHaveProperty('outputConfig')
    expect(sent.toolConfig?.toolChoice).toEqual({ tool: { name: 'verdict' } })
    expect(sent.toolConfig?.tools?.[0]?.toolSpec?.inputSchema?.json).toEqual({
      type: 'object',
      properties: VERDICT.json.properties,
      required: ['score', 'why'],
    })
    expect(JSON.stringify(sent.toolConfig)).not.toContain('cachePoint')
  })
  test('offers Llama the tool, which cannot be demanded there, and says so in the system prompt', () => {
    const sent = built(LLAMA, talkRequest(1, { schema: VERDICT }))
    expect(sent.toolConfig).not.toHaveProperty('toolChoice')
    expect(sent.system).toEqual([{ text: 'You are a clinician.\n\nAnswer only by calling the tool verdict.' }])
  })
  test.each([
    [CLAUDE, { thinking: { type: 'adaptive' } }, 16_000],
    [HAIKU, { thinking: { type: 'enabled', budget_tokens: 16_384 } }, 32_384],
    [NOVA_2, { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } }, undefined],
    [NOVA, undefined, 4096],
  ])('asks %s for high effort in its own form, or not at all', (name, fields, maxTokens) => {
    const sent = built(name, talkRequest(), { effort: 'high' })
    expect(sent.additionalModelRequestFields).toEqual(fields)
    expect(sent.inferenceConfig?.maxTokens).toBe(maxTokens)
  })
  test('has the flex tier for Nova, and temperature only where no reasoning was asked for', () => {
    expect(built(NOVA, talkRequest(), { serviceTier: 'flex', temperature: 0 })).toMatchObject({
      serviceTier: { type: 'flex' },
      inferenceConfig: { temperature: 0 },
    })
    expect(built(CLAUDE, talkRequest(), { serviceTier: 'flex' })).not.toHaveProperty('serviceTier')
    expect(built(NOVA_2, talkRequest(), { temperature: 0, effort: 'low' }).inferenceConfig).toEqual({ maxTokens: 16_000 })
  })
})

const GOOD = {
  $metadata: { httpStatusCode: 200 },
  output: { message: { role: 'assistant', content: [{ text: 'Does it bleed?' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 12, outputTokens: 40, totalTokens: 2352, cacheReadInputTokens: 2000, cacheWriteInputTokens: 300 },
  metrics: { latencyMs: 1 },
}
const saying = (content: readonly object[], rest: object = {}) => ({ ...GOOD, output: { message: { content } }, ...rest })

describe('a reply of Converse', () => {
  test('gives text and tokens, with the cache’s tokens apart from the rest', () => {
    expect(bedrockReply(GOOD)).toEqual({
      text: 'Does it bleed?',
      stop: 'end',
      usage: { inputTokens: 12, cacheReadTokens: 2000, cacheWriteTokens: 300, outputTokens: 40, reasoningTokens: null },
      flex: false,
    })
  })
  test('leaves reasoning out of the text', () => {
    const thought = { reasoningContent: { reasoningText: { text: 'melanoma?', signature: 'x' } } }
    expect(bedrockReply(saying([thought, { text: 'Does it bleed?' }])).text).toBe('Does it bleed?')
  })
  test('gives a tool’s input as JSON, also beside prose', () => {
    const tool = { toolUse: { toolUseId: 't', name: 'verdict', input: { score: 3 } } }
    const reply = bedrockReply(saying([{ text: 'Here it is.' }, tool], { stopReason: 'tool_use' }))
    expect(reply).toMatchObject({ text: '{"score":3}', stop: 'end' })
  })
  test.each([
    ['max_tokens', 'length'],
    ['content_filtered', 'refusal'],
    ['guardrail_intervened', 'refusal'],
  ])('that stops with %s has the stop %s', (stopReason, stop) => {
    expect(bedrockReply({ ...GOOD, stopReason })).toMatchObject({ stop })
  })
  test.each([
    ['model_context_window_exceeded', false],
    ['malformed_model_output', true],
    ['malformed_tool_use', true],
  ])('that stops with %s is a fault, tried again: %s', (stopReason, retry) => {
    expect(faultOf(thrownBy(() => bedrockReply({ ...GOOD, stopReason })))).toEqual({ retry })
  })
  test.each([
    ['the empty success that the SDK makes of an empty body', { $metadata: { httpStatusCode: 200 } }],
    ['no usage', { ...GOOD, usage: undefined }],
    ['no message', { ...GOOD, output: {} }],
  ])('that is %s is a fault that may be tried again', (_, body) => {
    expect(faultOf(thrownBy(() => bedrockReply(body)))).toMatchObject({ retry: true })
  })
})
