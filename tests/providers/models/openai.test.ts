import { describe, expect, test } from 'vitest'
import { faultOf } from '../../../providers/model.ts'
import { openaiReply, openaiRequest } from '../../../providers/models/openai.ts'
import { BYTES, callOf, talkRequest, VERDICT } from './hosted-calls.ts'
import { thrownBy } from './thrown.ts'

describe('a request to OpenAI’s Responses API', () => {
  test('holds the model, the instructions and the talk with the image’s bytes, is not stored, and has nothing that was not set', () => {
    expect(openaiRequest(callOf('openai', 'gpt-5.2', talkRequest(2)))).toEqual({
      model: 'gpt-5.2',
      instructions: 'You are a clinician.',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is this?' },
            {
              type: 'input_image',
              image_url: `data:image/jpeg;base64,${Buffer.from(BYTES).toString('base64')}`,
              detail: 'high',
            },
          ],
        },
        { role: 'assistant', content: 'question 1' },
        { role: 'user', content: [{ type: 'input_text', text: 'answer 1' }] },
      ],
      store: false,
      prompt_cache_key: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })
  test('has the same cache key in every turn of a conversation, and another one for another image or system prompt', () => {
    const keyOf = (...[request]: [Parameters<typeof callOf>[2]]) =>
      openaiRequest(callOf('openai', 'gpt-5.2', request)).prompt_cache_key
    const key = keyOf(talkRequest(1))
    expect(keyOf(talkRequest(2))).toBe(key)
    expect(keyOf(talkRequest(5))).toBe(key)
    expect(keyOf(talkRequest(1, { system: 'another' }))).not.toBe(key)
    const other = talkRequest(1).messages.map((message) => ({
      ...message,
      content: message.content.map((part) => (part.type === 'image' ? { ...part, bytes: new Uint8Array([9]) } : part)),
    }))
    expect(keyOf(talkRequest(1, { messages: other }))).not.toBe(key)
  })
  test('has the effort, the tier, the limit and the schema', () => {
    const settings = { effort: 'low', serviceTier: 'flex', maxOutputTokens: 900 } as const
    expect(openaiRequest(callOf('openai', 'gpt-5-mini', talkRequest(1, { schema: VERDICT }), settings))).toMatchObject({
      reasoning: { effort: 'low' },
      service_tier: 'flex',
      max_output_tokens: 900,
      text: { format: { type: 'json_schema', name: 'verdict', schema: VERDICT.json, strict: true } },
    })
  })
  test('is not strict for a schema with a property that may be left out, which strict mode refuses', () => {
    const schema = { name: 'loose', json: { ...VERDICT.json, required: ['score'] } }
    expect(openaiRequest(callOf('openai', 'gpt-5.2', talkRequest(1, { schema }))).text).toMatchObject({
      format: { strict: false },
    })
  })
})

const message = (text: string) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
})
const GOOD = {
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  error: null,
  incomplete_details: null,
  output: [{ id: 'rs_1', type: 'reasoning', summary: [{ type: 'summary_text', text: 'melanoma?' }] }, message('Does it bleed?')],
  service_tier: 'default',
  usage: {
    input_tokens: 2300,
    input_tokens_details: { cached_tokens: 2048, cache_write_tokens: 0 },
    output_tokens: 90,
    output_tokens_details: { reasoning_tokens: 64 },
    total_tokens: 2390,
  },
}

describe('a reply of OpenAI’s Responses API', () => {
  test('gives the text without reasoning, and the cached tokens apart from the input, in which OpenAI counts them', () => {
    expect(openaiReply(GOOD)).toEqual({
      text: 'Does it bleed?',
      stop: 'end',
      usage: { inputTokens: 252, cacheReadTokens: 2048, cacheWriteTokens: 0, outputTokens: 90, reasoningTokens: 64 },
      flex: false,
    })
  })
  test('does not make up tokens that were not reported', () => {
    const { inputTokens, cacheReadTokens, reasoningTokens } = openaiReply({
      ...GOOD,
      usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
    }).usage
    expect([inputTokens, cacheReadTokens, reasoningTokens]).toEqual([10, null, null])
    expect(openaiReply({ ...GOOD, usage: null }).usage.inputTokens).toBeNull()
  })
  test('says when it was served in the flex tier', () => {
    expect(openaiReply({ ...GOOD, service_tier: 'flex' }).flex).toBe(true)
  })
  test('that refuses is a refusal with its words', () => {
    const refused = { ...message(''), content: [{ type: 'refusal', refusal: 'I cannot help with that.' }] }
    expect(openaiReply({ ...GOOD, output: [refused] })).toMatchObject({ text: 'I cannot help with that.', stop: 'refusal' })
  })
  test.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'refusal'],
  ])('that is incomplete for %s has the stop %s', (reason, stop) => {
    expect(openaiReply({ ...GOOD, status: 'incomplete', incomplete_details: { reason } })).toMatchObject({ stop })
  })
  test('that spent all tokens on reasoning has an empty text and its tokens', () => {
    const spent = { ...GOOD, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [GOOD.output[0]] }
    expect(openaiReply(spent)).toMatchObject({ text: '', stop: 'length', usage: { reasoningTokens: 64 } })
  })
  test.each([
    ['server_error', true],
    ['rate_limit_exceeded', true],
    ['invalid_prompt', false],
  ])('that failed with %s is a fault, tried again: %s', (code, retry) => {
    const error = thrownBy(() => openaiReply({ ...GOOD, status: 'failed', error: { code, message: 'x' } }))
    expect(faultOf(error)).toMatchObject({ retry })
    expect(error.message).not.toMatch(/rate limit|429/i)
  })
  test.each([
    ['an HTML page', '<html></html>', /an HTML page/],
    ['an empty object', {}, /another form/],
    ['a chat completion', { choices: [] }, /another form/],
    ['an error in a 200', { error: { type: 'server_error', message: 'x' } }, /another form/],
  ])('that is %s is a fault that may be tried again', (_, body, words) => {
    const error = thrownBy(() => openaiReply(body))
    expect(error.message).toMatch(words)
    expect(faultOf(error)).toMatchObject({ retry: true })
  })
})
