import { expect, test } from 'vitest'
import type { Usage } from '../../../cases/transcript.ts'
import { costOf } from '../../../providers/models/prices.ts'

const usage = (inputTokens: number, cacheReadTokens: number, cacheWriteTokens: number, outputTokens: number): Usage => ({
  inputTokens,
  cacheReadTokens,
  cacheWriteTokens,
  outputTokens,
  reasoningTokens: null,
})

// Dollars for a million tokens as the price list in version 0.1.8 has them: input, cache read, cache write, output. Where it has
// no price for the cache, the input’s counts. What is tested is that each kind of token gets its own price, and no other.
test.each([
  ['anthropic', 'claude-opus-4-6', [5, 0.5, 6.25, 25]],
  ['anthropic', 'claude-sonnet-4-6', [3, 0.3, 3.75, 15]],
  ['anthropic', 'claude-haiku-4-5', [1, 0.1, 1.25, 5]],
  ['bedrock', 'us.anthropic.claude-opus-4-6-v1', [5.5, 0.55, 6.875, 27.5]],
  ['openai', 'gpt-5.2', [1.75, 0.175, 1.75, 14]],
  ['openai', 'gpt-5-mini', [0.25, 0.025, 0.25, 2]],
  ['bedrock', 'us.amazon.nova-pro-v1:0', [0.8, 0.2, 0.8, 3.2]],
  ['bedrock', 'us.amazon.nova-2-lite-v1:0', [0.33, 0.0825, 0.33, 2.75]],
  ['bedrock', 'us.meta.llama4-maverick-17b-instruct-v1:0', [0.24, 0.24, 0.24, 0.97]],
] as const)('%s:%s costs its price for each kind of token', (vendor, name, [input, read, write, output]) => {
  expect(costOf(vendor, name, usage(1000, 0, 0, 0), false)).toBeCloseTo(input / 1000, 9)
  expect(costOf(vendor, name, usage(0, 1000, 0, 0), false)).toBeCloseTo(read / 1000, 9)
  expect(costOf(vendor, name, usage(0, 0, 1000, 0), false)).toBeCloseTo(write / 1000, 9)
  expect(costOf(vendor, name, usage(0, 0, 0, 1000), false)).toBeCloseTo(output / 1000, 9)
  expect(costOf(vendor, name, usage(1000, 1000, 1000, 1000), false)).toBeCloseTo((input + read + write + output) / 1000, 9)
})

test('flex is half of the standard price', () => {
  expect(costOf('openai', 'gpt-5-mini', usage(1000, 2000, 0, 500), true)).toBeCloseTo((0.25 + 2 * 0.025 + 0.5 * 2) / 2000, 9)
})

test('an unknown price and unknown tokens are null, never 0', () => {
  expect(costOf('compatible', 'gpt-5.2', usage(1000, 0, 0, 1000), false)).toBeNull()
  expect(costOf('openai', 'a-model-of-nobody', usage(1000, 0, 0, 1000), false)).toBeNull()
  expect(costOf('openai', 'gpt-5.2', { ...usage(1, 0, 0, 1), inputTokens: null }, false)).toBeNull()
  expect(costOf('openai', 'gpt-5.2', { ...usage(1, 0, 0, 1), outputTokens: null }, false)).toBeNull()
})

test('tokens of the cache that are not reported count as none', () => {
  const silent = { ...usage(1000, 0, 0, 0), cacheReadTokens: null, cacheWriteTokens: null }
  expect(costOf('anthropic', 'claude-opus-4-6', silent, false)).toBeCloseTo(0.005, 9)
})
