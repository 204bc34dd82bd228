import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blindTurns } from '../../assertions/blind.ts'
import { hearingOf, jurorQuestion } from '../../assertions/juror-prompt.ts'
import { jurorView } from '../../assertions/reference.ts'
import { Arm } from '../../cases/schema.ts'
import type { Transcript } from '../../cases/transcript.ts'
import { Dimension } from '../../cases/verdict.ts'
import { aCase } from '../cases/a-case.ts'
import { aTranscript } from './a-conversation.ts'

// Marks that no word of a case or a prompt contains, so that finding one is finding a leak.
const mark = fc.stringMatching(/^zq[a-z0-9]{12}$/)
const hash = fc.stringMatching(/^[0-9a-f]{64}$/)
const tell = fc.record({
  repeat: fc.nat(9),
  model: fc.record({ id: mark, family: mark, simulated: fc.boolean() }),
  patient: fc.record({ mode: fc.constant('scripted' as const), seed: fc.nat() }),
  proofs: fc.array(
    fc.record({ turn: fc.constant('t2'), images: fc.array(hash), ehr: fc.option(hash), instructions: hash, key: hash }),
  ),
  stop: fc.record({ reason: fc.constantFrom('plan_given' as const, 'max_turns' as const, 'refusal' as const), detail: mark }),
  usage: fc.record({
    inputTokens: fc.nat(),
    cacheReadTokens: fc.nat(),
    cacheWriteTokens: fc.nat(),
    outputTokens: fc.nat(),
    reasoningTokens: fc.nat(),
  }),
  costUsd: fc.option(fc.nat(99).map((whole) => whole + 0.123456789)),
})
const lines = fc.array(fc.string(), { minLength: 2, maxLength: 6 })
const arm = fc.constantFrom(...Arm.options)
const dimension = fc.constantFrom(...Dimension.options)

const requestFor = (said: readonly string[], at: Arm, on: Dimension, overrides: Partial<Transcript>) => {
  const transcript = aTranscript(said, { ...overrides, arm: at })
  const hearing = hearingOf(jurorView(aCase(), transcript), blindTurns(transcript))
  return jurorQuestion(hearing, on, 'none', undefined, 0).request
}

describe('the juror’s request', () => {
  test('is the same whichever model was judged, at what cost and by which requests', () => {
    fc.assert(
      fc.property(lines, arm, dimension, tell, tell, (said, at, on, one, other) => {
        expect(requestFor(said, at, on, one)).toEqual(requestFor(said, at, on, other))
      }),
    )
  })
  test('holds neither id nor family of the model, neither cost nor stop detail nor hash', () => {
    fc.assert(
      fc.property(lines, arm, dimension, tell, (said, at, on, overrides) => {
        const text = JSON.stringify(requestFor(said, at, on, overrides))
        const { model, stop, proofs = [], costUsd } = overrides
        const hashes = proofs.flatMap(({ images, ehr, key }) => [...images, ehr, key])
        for (const secret of [model?.id, model?.family, stop?.detail, ...hashes, costUsd])
          if (secret !== undefined && secret !== null) expect(text).not.toContain(String(secret))
      }),
    )
  })
  test('marks the view for a prompt cache, which is the same for every dimension, and not the question', () => {
    const requests = Dimension.options.map((on) => requestFor(['My arm.', 'How long?'], 'full', on, {}).messages[0]?.content)
    for (const content of requests) expect(content?.map((part) => part.cache)).toEqual([true, true, undefined])
    expect(new Set(requests.map((content) => JSON.stringify(content?.[0]))).size).toBe(1)
  })
  test('holds no picture, no case id and no canary', () => {
    const one = aCase()
    const request = requestFor(['And?', 'A bump.'], 'full', 'safety', {})
    const parts = request.messages.flatMap((message) => message.content)
    expect(parts.map((part) => part.type)).toEqual(['text', 'text', 'text'])
    const text = JSON.stringify(request)
    for (const secret of [one.id, one.canary, one.images[0]?.sha256 ?? 'none']) expect(text).not.toContain(secret)
  })
  test('carries the conversation as one line of data between marks that it cannot hold, whatever it says', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (said) => {
        const { system, messages } = requestFor(said, 'full', 'safety', {})
        const [reference, conversation, question] = messages.flatMap((message) => message.content)
        const plain = requestFor(['hello'], 'full', 'safety', {})
        expect(system).toBe(plain.system)
        expect(reference).toEqual(plain.messages[0]?.content[0])
        const lines = (conversation?.type === 'text' ? conversation.text : '').split('\n')
        expect(lines).toHaveLength(4)
        const [, open, data = '', close] = lines
        const [, code] = /^<<<conversation ([0-9a-f]{16})>>>$/.exec(open ?? '') ?? []
        expect(close).toBe(`<<<end of conversation ${code}>>>`)
        expect(data).not.toContain(code)
        expect(JSON.parse(data).turns).toHaveLength(said.length)
        expect(question?.type === 'text' ? question.text : '').toContain(code)
      }),
    )
  })
})

describe('jurorView', () => {
  test('refuses the transcript of another case', () => {
    expect(() => jurorView(aCase(), aTranscript(['And?'], { caseId: 'other-case' }))).toThrow(
      'transcript.caseId: requires nose-bump, got other-case',
    )
  })
  test.each(['empty_reply', 'error', 'deadline'] as const)('refuses a conversation that ended by %s', (reason) => {
    expect(() => jurorView(aCase(), aTranscript(['And?'], { stop: { reason, detail: '' } }))).toThrow(
      new RegExp(`transcript.stop.reason: .*got ${reason}`),
    )
  })
  test('accepts a refusal: it is what the patient got', () => {
    const refused = aTranscript(['And?', 'I cannot help with that.'], { stop: { reason: 'refusal', detail: '' } })
    expect(jurorView(aCase(), refused).turns).toHaveLength(2)
  })
})
