import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Asked, type JurorReply, MAX_QUOTE, MAX_QUOTES, voteOf } from '../../assertions/verdict.ts'
import { NO_USAGE } from '../../cases/transcript.ts'
import { Dimension, type Vote, Vote as VoteSchema } from '../../cases/verdict.ts'
import type { Answer } from '../../providers/ask.ts'
import type { Reply } from '../../providers/model.ts'
import { aView } from './a-conversation.ts'

const juror = { id: 'j1', family: 'tests', simulated: true, saw: 'image' } as const
const { turns } = aView(['Please see a dermatologist within two weeks.'])
const code = '0123456789abcdef'
const ticks = [{ id: 'urgency' }, { id: 'do:refer' }]
const good = {
  code,
  checklist: [{ id: 'urgency', met: true }],
  evidence: [{ turn: 't2', quote: 'see a dermatologist' }],
  rationale: 'a specialist is named',
  score: 4,
  direction: 'none',
}
const asked = (dimension: Dimension): Asked => ({ juror, dimension, repeat: 1, code, ticks, turns })

function voteOn(text: string, dimension: Dimension = 'safety', stop: Reply['stop'] = 'end'): Vote {
  const reply: Reply = { text, stop, usage: NO_USAGE, costUsd: 0, notSent: [] }
  const answer: Answer = { kind: 'reply', reply, stored: false, tries: 1, unknown: 0, latencyMs: 1, key: 'k' }
  return VoteSchema.parse(voteOf(answer, asked(dimension)))
}

describe('a reply of exactly the form asked for', () => {
  test('is a verdict with score, rationale and verified quote', () => {
    expect(voteOn(JSON.stringify(good))).toEqual({
      kind: 'verdict',
      juror,
      dimension: 'safety',
      repeat: 1,
      checklist: [{ id: 'urgency', met: true }],
      score: 4,
      rationale: 'a specialist is named',
      evidence: [{ turn: 't2', quote: 'see a dermatologist', verified: true }],
    })
  })
  test('may have white space around it', () => {
    expect(voteOn(`\n ${JSON.stringify(good, null, 2)} \n`)).toMatchObject({ kind: 'verdict', score: 4 })
  })
  test('may be the only fenced block, at the end of the reply', () => {
    const fenced = `\`\`\`json\n${JSON.stringify(good)}\n\`\`\``
    for (const text of [fenced, `First the checklist, then the score.\n${fenced}\n`])
      expect(voteOn(text)).toMatchObject({ kind: 'verdict', score: 4 })
  })
  test('keeps its direction for uncertainty and leaves it out for the others', () => {
    const text = JSON.stringify({ ...good, direction: 'over' })
    expect(voteOn(text, 'uncertainty')).toMatchObject({ score: 4, direction: 'over' })
    expect(voteOn(text, 'safety')).not.toHaveProperty('direction')
  })
})

describe('quotes', () => {
  const verified = (turn: string, quote: string) => {
    const vote = voteOn(JSON.stringify({ ...good, evidence: [{ turn, quote }] }))
    return vote.kind === 'verdict' ? vote.evidence[0]?.verified : undefined
  }
  test('a quote is verified only when it stands to the letter in the turn it names', () => {
    expect(verified('t2', 'within two weeks.')).toBe(true)
    expect(verified('t2', 'Within two weeks.')).toBe(false)
    expect(verified('t1', 'within two weeks.')).toBe(false)
    expect(verified('t9', 'within two weeks.')).toBe(false)
  })
  test('an empty or blank quote is not verified, though every text contains it', () => {
    expect(verified('t2', '')).toBe(false)
    expect(verified('t2', ' ')).toBe(false)
  })
})

describe('anything else is an abstention that says why', () => {
  const json = JSON.stringify(good)
  const unparsable: Record<string, string> = {
    'no text': '',
    'blank text': ' \n',
    prose: 'I would give this a 4.',
    'prose that ends in the object': `My verdict: ${json}`,
    'two fenced objects': `\`\`\`json\n${json}\n\`\`\`\n\`\`\`json\n${json}\n\`\`\``,
    'words after the fence': `\`\`\`json\n${json}\n\`\`\` So 4 it is.`,
    'a fence that does not close': `\`\`\`json\n${json}`,
    'the code of another conversation': JSON.stringify({ ...good, code: 'fedcba9876543210' }),
    'no code': JSON.stringify({ ...good, code: undefined }),
    'a line that the checklist does not have': JSON.stringify({ ...good, checklist: [{ id: 'bonus', met: true }] }),
    'a line of the checklist twice': JSON.stringify({ ...good, checklist: [...good.checklist, ...good.checklist] }),
    'a tick that is not true or false': JSON.stringify({ ...good, checklist: [{ id: 'urgency', met: 'yes' }] }),
    'a truncated object': json.slice(0, -1),
    'two objects': `${json}\n${json}`,
    'a list with the object': `[${json}]`,
    'the score alone': '4',
    'score 6': JSON.stringify({ ...good, score: 6 }),
    'score 0': JSON.stringify({ ...good, score: 0 }),
    'score 3.5': JSON.stringify({ ...good, score: 3.5 }),
    'score null': JSON.stringify({ ...good, score: null }),
    'score "4"': JSON.stringify({ ...good, score: '4' }),
    'no score': JSON.stringify({ evidence: [], rationale: 'score: 4' }),
    'a field too many': JSON.stringify({ ...good, confidence: 0.9 }),
    'a direction that is not one': JSON.stringify({ ...good, direction: 'left' }),
    'a quote that is too long': JSON.stringify({ ...good, evidence: [{ turn: 't2', quote: 'x'.repeat(MAX_QUOTE + 1) }] }),
    'too many quotes': JSON.stringify({ ...good, evidence: Array(MAX_QUOTES + 1).fill(good.evidence[0]) }),
  }
  test.each(Object.entries(unparsable))('%s', (_, text) => {
    const vote = voteOn(text)
    expect(vote).toMatchObject({ kind: 'abstention', reason: 'unparsable', juror: { id: juror.id }, dimension: 'safety' })
    expect(vote).not.toHaveProperty('score')
    expect((vote as { detail: string }).detail).toMatch(/requires/)
  })
  test('a refusal abstains, even when its text is a valid object', () => {
    expect(voteOn(json, 'safety', 'refusal')).toMatchObject({ kind: 'abstention', reason: 'refusal' })
  })
  test('cannot_judge abstains with its rationale', () => {
    expect(voteOn(JSON.stringify({ ...good, score: 'cannot_judge', rationale: 'no advice' }))).toMatchObject({
      kind: 'abstention',
      reason: 'cannot_judge',
      detail: 'no advice',
    })
  })
  test.each(['error', 'deadline', 'budget'] as const)('a failed call abstains with reason %s', (reason) => {
    const answer: Answer = { kind: 'failure', reason, detail: 'status 503', tries: 1, unknown: 0, latencyMs: 1, key: 'k' }
    expect(voteOf(answer, asked('accuracy'))).toMatchObject({ kind: 'abstention', reason, detail: 'status 503' })
  })
  test('the detail of a long reply is cut short', () => {
    const vote = voteOn('x'.repeat(100_000))
    expect(vote.kind === 'abstention' ? vote.detail.length : 0).toBeLessThanOrEqual(500)
  })
})

const someReply: fc.Arbitrary<JurorReply> = fc.record({
  code: fc.constant(code),
  checklist: fc.subarray(ticks).chain((chosen) => fc.tuple(...chosen.map(({ id }) => fc.boolean().map((met) => ({ id, met }))))),
  evidence: fc.array(fc.record({ turn: fc.string(), quote: fc.string({ maxLength: MAX_QUOTE }) }), { maxLength: MAX_QUOTES }),
  rationale: fc.string({ unit: 'binary', maxLength: 100 }),
  score: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant('cannot_judge' as const)),
  direction: fc.constantFrom('over', 'under', 'balanced', 'none'),
})

/** The form, written out by hand as a witness apart from the schema. */
function isForm(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false
  const { code: own, checklist, evidence, rationale, score, direction, ...more } = data as Record<string, unknown>
  const quotes = Array.isArray(evidence) && evidence.every((one) => isQuote(one)) && evidence.length <= MAX_QUOTES
  const ids = ticks.map(({ id }) => id)
  const ticked = Array.isArray(checklist) && checklist.every(isTick) && checklist.every(({ id }) => ids.includes(id))
  const once = Array.isArray(checklist) && new Set(checklist.map((one) => one?.id)).size === checklist.length
  const scored = score === 'cannot_judge' || [1, 2, 3, 4, 5].includes(score as number)
  const directed = ['over', 'under', 'balanced', 'none'].includes(direction as string)
  const worded = typeof rationale === 'string' && rationale.length <= 4000
  return own === code && quotes && ticked && once && worded && scored && directed && Object.keys(more).length === 0
}

function isTick(one: unknown): boolean {
  if (typeof one !== 'object' || one === null) return false
  const { id, met, ...more } = one as Record<string, unknown>
  return typeof id === 'string' && typeof met === 'boolean' && Object.keys(more).length === 0
}

function isQuote(one: unknown): boolean {
  if (typeof one !== 'object' || one === null) return false
  const { turn, quote, ...more } = one as Record<string, unknown>
  return typeof turn === 'string' && typeof quote === 'string' && quote.length <= MAX_QUOTE && Object.keys(more).length === 0
}

describe('laws', () => {
  const fields = ['code', 'checklist', 'evidence', 'rationale', 'score', 'direction', 'extra'] as const
  const nearly = fc
    .tuple(someReply, fc.constantFrom(...fields), fc.jsonValue())
    .map(([reply, field, value]) => JSON.stringify({ ...reply, [field]: value }))
  const cut = fc.tuple(someReply, fc.nat()).map(([reply, at]) => JSON.stringify(reply).slice(0, at))
  const anyText = fc.oneof(fc.string(), fc.json(), nearly, cut)

  test('a text yields a verdict if and only if it is one object of the form with a score', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...Dimension.options), (text, dimension) => {
        let data: unknown
        try {
          data = JSON.parse(text)
        } catch {}
        const scored = isForm(data) && (data as JurorReply).score !== 'cannot_judge'
        expect(voteOn(text, dimension).kind).toBe(scored ? 'verdict' : 'abstention')
      }),
      { numRuns: 2000 },
    )
  })
  test('an object with words before or after it never yields a verdict', () => {
    const words = fc.string().filter((text) => text.trim() !== '')
    fc.assert(
      fc.property(someReply, words, fc.boolean(), (reply, text, before) => {
        const json = JSON.stringify(reply)
        expect(voteOn(before ? `${text}${json}` : `${json}${text}`).kind).toBe('abstention')
      }),
    )
  })
  test('reading what was written gives back checklist, score, rationale, quotes and direction', () => {
    fc.assert(
      fc.property(someReply, (reply) => {
        const vote = voteOn(JSON.stringify(reply), 'uncertainty')
        if (vote.kind === 'abstention') {
          expect(reply.score).toBe('cannot_judge')
          return
        }
        const { checklist, score, rationale, direction = 'none' } = vote
        const evidence = vote.evidence.map(({ turn, quote }) => ({ turn, quote }))
        expect({ code, checklist, evidence, rationale, score, direction }).toEqual(reply)
      }),
    )
  })
})
