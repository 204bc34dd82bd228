import { describe, expect, test } from 'vitest'
import { capabilitiesOf, familyOf, takeSettings, type Vendor } from '../../../providers/models/capabilities.ts'
import type { Settings } from '../../../providers/models/settings.ts'

const EVERYTHING: Settings = { temperature: 0, effort: 'low', serviceTier: 'flex', maxOutputTokens: 100 }
const taken = (vendor: Vendor, name: string, settings = EVERYTHING) => takeSettings(settings, capabilitiesOf(vendor, name), name)
const words = (vendor: Vendor, name: string, settings = EVERYTHING) =>
  taken(vendor, name, settings).notSent.map((line) => line.split(':')[0])

describe('what each of the eight models is not sent, when everything is set', () => {
  test.each<[Vendor, string, string[]]>([
    ['anthropic', 'claude-opus-4-6', ['temperature 0', 'serviceTier flex']],
    ['anthropic', 'claude-sonnet-4-6', ['temperature 0', 'serviceTier flex']],
    ['anthropic', 'claude-haiku-4-5', ['temperature 0', 'serviceTier flex']],
    ['openai', 'gpt-5.2', ['temperature 0']],
    ['openai', 'gpt-5-mini', ['temperature 0']],
    ['bedrock', 'us.amazon.nova-pro-v1:0', ['effort low']],
    ['bedrock', 'us.amazon.nova-2-lite-v1:0', ['temperature 0']],
    ['bedrock', 'us.meta.llama4-maverick-17b-instruct-v1:0', ['effort low', 'serviceTier flex']],
  ])('%s:%s', (vendor, name, expected) => {
    expect(words(vendor, name)).toEqual(expected)
  })
  test('whatever is not sent is named once, and whatever is not named is sent', () => {
    const { temperature, effort, flex, maxOutputTokens, notSent } = taken('bedrock', 'us.amazon.nova-pro-v1:0')
    expect({ temperature, effort, flex, maxOutputTokens }).toEqual({
      temperature: 0,
      effort: undefined,
      flex: true,
      maxOutputTokens: 100,
    })
    expect(notSent).toEqual(['effort low: not taken by us.amazon.nova-pro-v1:0'])
  })
})

describe('temperature', () => {
  test('is taken by GPT-5.2 beside effort none only, and by Nova 2 and Claude on Bedrock without reasoning only', () => {
    expect(words('openai', 'gpt-5.2', { temperature: 0, effort: 'none' })).toEqual([])
    expect(words('openai', 'gpt-5.2', { temperature: 0 })).toEqual(['temperature 0'])
    expect(words('bedrock', 'us.amazon.nova-2-lite-v1:0', { temperature: 0 })).toEqual([])
    expect(words('bedrock', 'us.anthropic.claude-opus-4-6-v1', { temperature: 0, effort: 'none' })).toEqual([])
    expect(words('bedrock', 'us.anthropic.claude-opus-4-6-v1', { temperature: 0, effort: 'high' })).toEqual(['temperature 0'])
  })
})

describe('effort', () => {
  test('is refused at a level that the model does not know', () => {
    expect(words('openai', 'gpt-5.2', { effort: 'minimal' })).toEqual(['effort minimal'])
    expect(words('openai', 'gpt-5-mini', { effort: 'minimal' })).toEqual([])
    expect(words('openai', 'gpt-5-mini', { effort: 'none' })).toEqual(['effort none'])
  })
})

describe('a model that is not in the table', () => {
  test.each<[Vendor, string]>([
    ['anthropic', 'claude-opus-9'],
    ['openai', 'gpt-5.2-pro'],
    ['openai', 'gpt-9'],
    ['bedrock', 'us.anthropic.claude-opus-9'],
  ])('%s:%s is sent no temperature and no effort', (vendor, name) => {
    expect(words(vendor, name, { temperature: 0, effort: 'low' })).toEqual(['effort low', 'temperature 0'])
  })
})

test('a family is the line of models, whoever serves it', () => {
  const names = ['claude-opus-4-6', 'us.anthropic.claude-opus-4-6-v1', 'gpt-5.2', 'us.amazon.nova-pro-v1:0', 'meta-llama/Llama-4']
  expect(names.map(familyOf)).toEqual(['claude', 'claude', 'gpt', 'nova', 'llama'])
  expect(['unsloth/Medgemma-4b', 'InternVL3-8B', '7b'].map(familyOf)).toEqual(['gemma', 'internvl', '7b'])
})
