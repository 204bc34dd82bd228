import { describe, expect, test, vi } from 'vitest'
import { modelOf } from '../../../providers/models/registry.ts'
import { Settings } from '../../../providers/models/settings.ts'

describe('a model of an id', () => {
  test('is the embedded one, or one of a vendor with its family; no key is needed to name it', () => {
    expect(modelOf('embedded-careful')).toMatchObject({ simulated: true, family: 'embedded' })
    expect(modelOf('bedrock:us.amazon.nova-pro-v1:0')).toMatchObject({
      id: 'bedrock:us.amazon.nova-pro-v1:0',
      family: 'nova',
      simulated: false,
    })
    expect(modelOf('compatible:llava:7b', { baseUrl: 'http://127.0.0.1:1/v1' }).id).toBe('compatible:llava:7b')
  })
  test.each(['gpt-5.2', 'google:gemini', 'openai:', 'openai: gpt', ':x', ''])(
    '“%s” is refused with the forms that are known',
    (id) => {
      expect(() => modelOf(id)).toThrow(
        /^providers: config\.model: requires one of embedded-careful, embedded-hasty, embedded-hedger, anthropic:<model>.*openai:<model>.*bedrock:<.*compatible:<model>.*, got /,
      )
    },
  )
  test('of a compatible server needs its address; an embedded one takes no settings', () => {
    expect(() => modelOf('compatible:x')).toThrow(/config\.settings\.baseUrl: compatible:x requires the server’s address/)
    expect(() => modelOf('embedded-careful', { temperature: 0 })).toThrow(
      /config\.settings\.temperature: embedded-careful requires no settings/,
    )
  })
  test('has another revision for settings that shape a reply, and the same for those that do not', () => {
    const revision = (settings: Settings) => modelOf('openai:gpt-5.2', settings).revision
    const plain = revision({})
    const shaping: Settings[] = [{ maxOutputTokens: 5 }, { temperature: 0 }, { effort: 'low' }, { baseUrl: 'http://127.0.0.1:1' }]
    expect(new Set([plain, ...shaping.map(revision)]).size).toBe(shaping.length + 1)
    expect(revision({ limits: { requestsPerMinute: 5 }, timeoutSeconds: 9, serviceTier: 'flex', region: 'us-east-1' })).toBe(
      plain,
    )
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:2/v1')
    expect(revision({})).not.toBe(plain)
    vi.unstubAllEnvs()
    expect(modelOf('openai:gpt-5-mini').revision).not.toBe(modelOf('anthropic:claude-opus-4-6').revision)
    expect(modelOf('openai:gpt-5.2', { limits: { tokensPerMinute: 7 } }).limits).toEqual({ tokensPerMinute: 7 })
  })
})

describe('a model that cannot cost money', () => {
  const free = (id: string, settings: Settings = {}) => modelOf(id, settings).free
  const own = { baseUrl: 'http://127.0.0.1:8080/v1' }
  test('is one on a server of one’s own, unless that server wants a key', () => {
    vi.stubEnv('COMPATIBLE_API_KEY', '')
    expect(free('compatible:x', own)).toBe(true)
    expect(free('compatible:x', { baseUrl: 'https://api.example.org/v1' })).toBe(false)
    expect(free('openai:gpt-5.2', own)).toBe(false)
    vi.stubEnv('COMPATIBLE_API_KEY', 'counted')
    expect(free('compatible:x', own)).toBe(false)
    vi.unstubAllEnvs()
  })
})

describe('settings', () => {
  test('hold no key: neither as a field nor inside an address', () => {
    expect(() => Settings.parse({ apiKey: 'x' })).toThrow(/apiKey/)
    for (const baseUrl of ['http://me:secret@host/v1', 'http://host/v1?key=secret', 'ftp://host', 'host'])
      expect(Settings.safeParse({ baseUrl }).success).toBe(false)
    expect(Settings.parse({ baseUrl: 'http://127.0.0.1:8080/v1' })).toEqual({ baseUrl: 'http://127.0.0.1:8080/v1' })
  })
  test('have a region of AWS’s form', () => {
    expect(Settings.safeParse({ region: 'us-gov-west-1' }).success).toBe(true)
    expect(Settings.safeParse({ region: 'virginia' }).success).toBe(false)
  })
})
