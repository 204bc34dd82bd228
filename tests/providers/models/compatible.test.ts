import { describe, expect, test } from 'vitest'
import { faultOf } from '../../../providers/model.ts'
import { compatibleReply, compatibleRequest } from '../../../providers/models/compatible.ts'
import { BYTES, callOf, talkRequest, VERDICT } from './hosted-calls.ts'
import { thrownBy } from './thrown.ts'

describe('a request to a compatible server', () => {
  test('holds the model, the system prompt, the image’s bytes and plain strings where a text stands alone', () => {
    expect(compatibleRequest(callOf('compatible', 'llava:7b', talkRequest(2), { temperature: 0 }))).toEqual({
      model: 'llava:7b',
      messages: [
        { role: 'system', content: 'You are a clinician.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            {
              type: 'image_url',
              image_url: { url: `data:image/jpeg;base64,${Buffer.from(BYTES).toString('base64')}` },
            },
          ],
        },
        { role: 'assistant', content: 'question 1' },
        { role: 'user', content: 'answer 1' },
      ],
      max_tokens: 4096,
      temperature: 0,
    })
  })
  test('has the schema', () => {
    const { response_format } = compatibleRequest(callOf('compatible', 'x', talkRequest(1, { schema: VERDICT })))
    expect(response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'verdict', schema: VERDICT.json, strict: true },
    })
  })
})

const completion = (message: object, finish_reason = 'stop') => ({
  id: 'c',
  object: 'chat.completion',
  choices: [{ index: 0, finish_reason, message: { role: 'assistant', ...message } }],
  usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, prompt_tokens_details: { cached_tokens: 44 } },
})

describe('a reply of a compatible server', () => {
  test('gives text and tokens, cached ones apart', () => {
    expect(compatibleReply(completion({ content: 'Does it bleed?' }))).toEqual({
      text: 'Does it bleed?',
      stop: 'end',
      usage: { inputTokens: 56, cacheReadTokens: 44, cacheWriteTokens: null, outputTokens: 20, reasoningTokens: null },
      flex: false,
    })
  })
  test('leaves reasoning out of the text, beside it or in front of it, also when it was cut off', () => {
    const textOf = (message: object) => compatibleReply(completion(message)).text
    expect(textOf({ content: 'Yes.', reasoning_content: 'hm' })).toBe('Yes.')
    expect(textOf({ content: '\n<think>\nhm\n</think>\n\nYes.' })).toBe('Yes.')
    expect(textOf({ content: '<think>hm' })).toBe('')
    expect(textOf({ content: 'I <think> so.' })).toBe('I <think> so.')
  })
  test.each([
    [{ content: 'x' }, 'length', 'length', 'x'],
    [{ content: null }, 'content_filter', 'refusal', ''],
    [{ content: null, refusal: 'No.' }, 'stop', 'refusal', 'No.'],
    [{ content: null }, 'stop', 'end', ''],
  ])('%j that finishes with %s has the stop %s and the text “%s”', (message, finish, stop, text) => {
    expect(compatibleReply(completion(message, finish))).toMatchObject({ stop, text })
  })
  test.each([
    ['a tool call', completion({ content: null }, 'tool_calls'), false],
    ['an HTML page', '<html>Not found</html>', true],
    ['an empty object', {}, true],
    ['no choice', { ...completion({}), choices: [] }, true],
  ])('that is %s is a fault', (_, body, retry) => {
    expect(faultOf(thrownBy(() => compatibleReply(body)))).toMatchObject({ retry })
  })
})
