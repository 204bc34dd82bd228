import { describe, expect, test } from 'vitest'
import type { Vendor } from '../../../providers/models/capabilities.ts'
import { imageTokens, smallestCache } from '../../../providers/models/vendor-tokens.ts'

describe('tokens of an image', () => {
  // Worked by hand from each vendor's rule; sizes for Claude and OpenAI as in their documentation's examples.
  test.each<readonly [Vendor, string, number, number, number]>([
    ['anthropic', 'claude-opus-4-6', 1000, 1000, 1334],
    ['anthropic', 'claude-haiku-4-5', 200, 200, 54],
    // 3136 × 1568 px come down to 1568 × 784.
    ['bedrock', 'us.anthropic.claude-opus-4-6-v1', 3136, 1568, 1640],
    // 1024 × 1024 comes down to 768 × 768, which is 4 tiles; 2048 × 4096 to 768 × 1536, which is 6; 512 × 512 is 1.
    ['openai', 'gpt-5.2', 1024, 1024, 70 + 4 * 140],
    ['openai', 'gpt-5.2', 2048, 4096, 70 + 6 * 140],
    ['openai', 'gpt-5.2', 512, 512, 70 + 140],
    // 32 × 32 patches of 32 px; 1,536 at most.
    ['openai', 'gpt-5-mini', 1024, 1024, Math.ceil(1024 * 1.62)],
    ['openai', 'gpt-5-mini', 4000, 4000, Math.ceil(1536 * 1.62)],
    ['bedrock', 'us.amazon.nova-2-lite-v1:0', 900, 900, 230],
    ['bedrock', 'us.meta.llama4-maverick-17b-instruct-v1:0', 336, 336, 144],
    ['bedrock', 'us.meta.llama4-maverick-17b-instruct-v1:0', 1024, 700, 144 * (4 * 3 + 1)],
    ['compatible', 'something', 10, 10, 1600],
  ])('%s %s, %d × %d', (vendor, name, width, height, tokens) => {
    expect(imageTokens(vendor, name, width, height)).toBe(tokens)
  })

  test.each([
    [900, 450, 800],
    [900, 900, 1300],
    [1400, 900, 1800],
    [1800, 900, 2400],
    [1300, 1300, 2600],
  ])('Nova Pro, %d × %d, is within 12 % of AWS’s table', (width, height, tokens) => {
    const got = imageTokens('bedrock', 'us.amazon.nova-pro-v1:0', width, height)
    expect(Math.abs(got / tokens - 1)).toBeLessThan(0.12)
  })
})

test('a model without a cache never reaches the smallest length', () => {
  expect(smallestCache('bedrock', 'us.meta.llama4-maverick-17b-instruct-v1:0')).toBe(Number.POSITIVE_INFINITY)
  expect(smallestCache('compatible', 'x')).toBe(Number.POSITIVE_INFINITY)
  expect(smallestCache('bedrock', 'us.anthropic.claude-opus-4-6-v1')).toBe(smallestCache('anthropic', 'claude-opus-4-6'))
})
