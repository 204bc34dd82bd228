import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { missingKeys, withoutKeys } from '../../../providers/models/keys.ts'

const HOME = mkdtempSync(join(tmpdir(), 'home-'))
const LINE_UP = ['anthropic:claude-opus-4-6', 'openai:gpt-5.2', 'openai:gpt-5-mini', 'bedrock:us.amazon.nova-pro-v1:0']

describe('missing keys', () => {
  test('are named once each, with the models that need them', () => {
    expect(missingKeys([...LINE_UP, 'anthropic:claude-opus-4-6'], { HOME })).toEqual([
      'ANTHROPIC_API_KEY for anthropic:claude-opus-4-6',
      'OPENAI_API_KEY for openai:gpt-5.2, openai:gpt-5-mini',
      'AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, AWS_BEARER_TOKEN_BEDROCK or AWS_PROFILE for bedrock:us.amazon.nova-pro-v1:0',
    ])
  })
  test('are none when the environment has them; an empty value is none', () => {
    const aws = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }
    expect(missingKeys(LINE_UP, { HOME, ANTHROPIC_API_KEY: 'k', OPENAI_API_KEY: 'k', ...aws })).toEqual([])
    expect(missingKeys(['openai:gpt-5.2'], { HOME, OPENAI_API_KEY: '' })).toHaveLength(1)
  })
  test('are not asked of embedded models and compatible servers', () => {
    expect(missingKeys(['embedded-careful', 'compatible:llava:7b'], { HOME })).toEqual([])
  })
  test.each([
    ['a profile', { AWS_PROFILE: 'p' }, 0],
    ['a bearer token', { AWS_BEARER_TOKEN_BEDROCK: 't' }, 0],
    ['half of a key pair', { AWS_ACCESS_KEY_ID: 'a' }, 1],
  ])('for Bedrock with %s', (_, env, count) => {
    expect(missingKeys(['bedrock:x'], { HOME, ...env })).toHaveLength(count)
  })
  test('for Bedrock are none where the home folder has a file of credentials', () => {
    const home = mkdtempSync(join(tmpdir(), 'home-'))
    mkdirSync(join(home, '.aws'))
    writeFileSync(join(home, '.aws', 'credentials'), '[default]\n')
    expect(missingKeys(['bedrock:x'], { HOME: home })).toEqual([])
  })
})

test('keys are taken out of a text, whole and as a vendor shortens them', () => {
  const env = { ANTHROPIC_API_KEY: 'secret-abc', AWS_SECRET_ACCESS_KEY: 'wJal/+x' }
  expect(withoutKeys('bad key secret-abc or wJal/+x or sk-proj-abcd****wxyz', env)).toBe('bad key [key] or [key] or [key]')
  expect(withoutKeys('task-force and a skin lesion', env)).toBe('task-force and a skin lesion')
})
