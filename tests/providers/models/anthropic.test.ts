import { describe, expect, test } from 'vitest'
import { faultOf } from '../../../providers/model.ts'
import { anthropicReply, anthropicRequest } from '../../../providers/models/anthropic.ts'
import { BYTES, callOf, talkRequest, VERDICT } from './hosted-calls.ts'
import { thrownBy } from './thrown.ts'

const OPUS = 'claude-opus-4-6'
const MARK = { cache_control: { type: 'ephemeral' } }

describe('a request to Anthropic', () => {
  test('holds the model, the marked system prompt and the talk with the image’s bytes, and nothing that was not set', () => {
    expect(anthropicRequest(callOf('anthropic', OPUS, talkRequest(2)))).toEqual({
      model: OPUS,
      max_tokens: 16_000,
      system: [{ type: 'text', text: 'You are a clinician.', ...MARK }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            {
              type: 'image',
              source: { type: 'base64', media_type: 'image/jpeg', data: Buffer.from(BYTES).toString('base64') },
              ...MARK,
            },
          ],
        },
        { role: 'assistant', content: [{ type: 'text', text: 'question 1' }] },
        { role: 'user', content: [{ type: 'text', text: 'answer 1', ...MARK }] },
      ],
    })
  })
  test('never has more than four cache marks; the newest are kept', () => {
    const messages = Array.from({ length: 9 }, (_, i) => ({
      role: i % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: [{ type: 'text' as const, text: `t${i}`, cache: true as const }],
    }))
    const sent = anthropicRequest(callOf('anthropic', OPUS, talkRequest(1, { messages })))
    expect(JSON.stringify(sent).match(/cache_control/g)).toHaveLength(4)
    const marked = sent.messages.flatMap(({ content }) => content.filter((block) => 'cache_control' in block))
    expect(marked.map((block) => 'text' in block && block.text)).toEqual(['t6', 't7', 't8'])
  })
  test('has no system prompt when there is none, since an empty text is refused', () => {
    expect(anthropicRequest(callOf('anthropic', OPUS, talkRequest(1, { system: '' })))).not.toHaveProperty('system')
  })
  test('asks for JSON by the schema, with a length told in words that the grammar cannot hold', () => {
    const sent = anthropicRequest(callOf('anthropic', OPUS, talkRequest(1, { schema: VERDICT })))
    expect(sent).not.toHaveProperty('tools')
    expect(sent).toMatchObject({ output_config: { format: { type: 'json_schema' } } })
    expect(JSON.stringify(sent)).toContain('{maxLength: 40}')
    expect(JSON.stringify(sent)).not.toContain('"maxLength"')
  })
  test('demands a tool from a model that has no form for JSON', () => {
    expect(anthropicRequest(callOf('anthropic', 'claude-sonnet-4-20250514', talkRequest(1, { schema: VERDICT })))).toMatchObject({
      tools: [{ name: 'verdict', input_schema: VERDICT.json }],
      tool_choice: { type: 'tool', name: 'verdict' },
    })
  })
  test('asks a 4.6 model for adaptive thinking with an effort, and a 4.5 model for a budget on top of the reply’s tokens', () => {
    const adaptive = anthropicRequest(callOf('anthropic', OPUS, talkRequest(), { effort: 'medium' }))
    expect(adaptive).toMatchObject({ max_tokens: 16_000, thinking: { type: 'adaptive' }, output_config: { effort: 'medium' } })
    const budget = anthropicRequest(
      callOf('anthropic', 'claude-haiku-4-5', talkRequest(), { effort: 'low', maxOutputTokens: 500 }),
    )
    expect(budget).toMatchObject({ max_tokens: 2548, thinking: { type: 'enabled', budget_tokens: 2048 } })
    expect(budget).not.toHaveProperty('output_config')
    expect(anthropicRequest(callOf('anthropic', OPUS, talkRequest(), { effort: 'none' }))).toMatchObject({
      thinking: { type: 'disabled' },
    })
  })
})

const GOOD = {
  id: 'msg_01',
  type: 'message',
  role: 'assistant',
  model: OPUS,
  content: [{ type: 'text', text: 'Does it bleed?', citations: null }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: {
    input_tokens: 12,
    cache_creation_input_tokens: 300,
    cache_read_input_tokens: 2000,
    output_tokens: 40,
    output_tokens_details: null,
    service_tier: 'standard',
  },
}

describe('a reply of Anthropic', () => {
  test('gives text and tokens, with the cache’s tokens apart from the rest', () => {
    expect(anthropicReply(GOOD)).toEqual({
      text: 'Does it bleed?',
      stop: 'end',
      usage: { inputTokens: 12, cacheReadTokens: 2000, cacheWriteTokens: 300, outputTokens: 40, reasoningTokens: null },
      flex: false,
    })
  })
  test('leaves thinking out of the text and counts it', () => {
    const thought = {
      ...GOOD,
      content: [
        { type: 'thinking', thinking: 'melanoma?', signature: 'x' },
        { type: 'redacted_thinking', data: 'y' },
        ...GOOD.content,
      ],
      usage: { ...GOOD.usage, output_tokens_details: { thinking_tokens: 25 } },
    }
    expect(anthropicReply(thought)).toMatchObject({ text: 'Does it bleed?', usage: { outputTokens: 40, reasoningTokens: 25 } })
  })
  test('gives a tool’s input as JSON', () => {
    const called = { ...GOOD, content: [{ type: 'tool_use', id: 't', name: 'verdict', input: { score: 3, why: 'x' } }] }
    expect(anthropicReply({ ...called, stop_reason: 'tool_use' })).toMatchObject({ text: '{"score":3,"why":"x"}', stop: 'end' })
  })
  test.each([
    ['max_tokens', 'length'],
    ['refusal', 'refusal'],
    ['stop_sequence', 'end'],
  ])('that stops with %s has the stop %s', (stop_reason, stop) => {
    expect(anthropicReply({ ...GOOD, stop_reason })).toMatchObject({ stop, text: 'Does it bleed?' })
  })
  test('that refuses without a word is a refusal with an empty text', () => {
    expect(anthropicReply({ ...GOOD, content: [], stop_reason: 'refusal' })).toMatchObject({ text: '', stop: 'refusal' })
  })
  test.each([
    ['model_context_window_exceeded', /longer than the model’s context/],
    ['pause_turn', /no usable reply/],
    ['something_new', /stopped with something_new/],
  ])('that stops with %s is a fault that is not tried again', (stop_reason, message) => {
    const error = thrownBy(() => anthropicReply({ ...GOOD, stop_reason }))
    expect(error.message).toMatch(message)
    expect(faultOf(error)).toEqual({ retry: false })
  })
  test.each([
    ['an HTML page', '<!DOCTYPE html><html></html>', /an HTML page \(check baseUrl\)/],
    ['an empty object', {}, /another form/],
    ['another vendor’s form', { choices: [{ message: { content: 'x' } }] }, /another form/],
    ['no usage', { ...GOOD, usage: undefined }, /usage/],
    ['tokens below zero', { ...GOOD, usage: { ...GOOD.usage, input_tokens: -1 } }, /input_tokens/],
    ['an error in a 200', { type: 'error', error: { type: 'overloaded_error', message: 'x' } }, /another form/],
    ['null', null, /another form/],
  ])('that is %s is a fault that may be tried again', (_, body, message) => {
    const error = thrownBy(() => anthropicReply(body))
    expect(error.message).toMatch(message)
    expect(faultOf(error)).toMatchObject({ retry: true })
  })
})
