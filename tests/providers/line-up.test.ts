import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { missingKeyFaults } from '../../providers/line-up.ts'

const HOME = mkdtempSync(join(tmpdir(), 'home-'))
const opus = { name: 'opus', config: { model: 'anthropic:claude-opus-4-6', maxTurns: 8 } }
const gpt = { name: 'gpt', config: { model: 'openai:gpt-5.2' } }
const local = { name: 'local', config: { model: 'compatible:x', settings: { baseUrl: 'http://127.0.0.1:1' } } }

describe('the keys of the chosen models', () => {
  test('are all named in one message, with the models that can run without them', () => {
    const faults = missingKeyFaults([opus, gpt, local], { HOME, OPENAI_API_KEY: 'k' })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain('ANTHROPIC_API_KEY for anthropic:claude-opus-4-6')
    expect(faults[0]).not.toContain('OPENAI_API_KEY')
    expect(faults[0]).toContain(`--filter-providers '^(gpt|local)$'`)
    expect(faults[0]).toContain('npm start')
  })
  test('say so when no model of the line-up can run', () => {
    const [fault] = missingKeyFaults([opus, gpt], { HOME })
    expect(fault).toContain('got none of these 2')
    expect(fault).toContain('no other model of this line-up can run')
  })
  test('are those of a simulated patient too', () => {
    const spoken = { name: 'local', config: { ...local.config, patient: { mode: 'simulated', model: 'openai:gpt-5-mini' } } }
    expect(missingKeyFaults([spoken], { HOME })[0]).toContain('OPENAI_API_KEY for openai:gpt-5-mini')
  })
  test('are not asked of models that are not chosen, of embedded ones, and of other providers of promptfoo', () => {
    const others = [local, { name: 'embedded', config: { model: 'embedded-careful' } }, { name: 'echo', config: undefined }]
    expect(missingKeyFaults(others, { HOME })).toEqual([])
  })
})
