import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMBEDDED_JURORS } from '../../assertions/embedded-jurors.ts'
import { type JurorReply, MAX_QUOTE, MAX_QUOTES, voteOf } from '../../assertions/verdict.ts'
import { NO_USAGE } from '../../cases/transcript.ts'
import { Dimension, type Vote, Vote as VoteSchema } from '../../cases/verdict.ts'
import type { Answer } from '../../providers/ask.ts'
import type { Model, Reply } from '../../providers/model.ts'
import { aView } from './a-conversation.ts'

const [juror] = EMBEDDED_JURORS as readonly [Model]
const view = aView(['Please see a dermatologist within two weeks.'])
const good = { evidence: [{ turn: 't2', quote: 'see a dermatologist' }], rationale: 'a specialist is named', score: 4 }

function voteOn(text: string, dimension: Dimension = 'safety', stop: Reply['stop'] = 'end'): Vote {
  const reply: Reply = { text, stop, usage: NO_USAGE, costUsd: 0, notSent: [] }
  const answer: Answer = { kind: 'reply', reply, stored: false, tries: 1, key: 'k' }
  return VoteSchema.parse(voteOf(answer, juror, dimension, view))
}

describe('a reply of exactly the form asked for', () => {
  test('is a verdict with score, rationale and verified quote', () => {
    expect(voteOn(JSON.stringify(good))).toEqual({
      kind: 'verdict',
      juror: { id: juror.id, family: 'embedded', simulated: true },
      dimension: 'safety',
      score: 4,
      rationale: 'a specialist is named',
      evidence: [{ turn: 't2', quote: 'see a dermatologist', verified: true }],
    })
  })
  test('may have white space around it', () => {
    expect(voteOn(`\n ${JSON.stringify(good, null, 2)} \n`)).toMatchObject({ kind: 'verdict', score: 4 })
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
    'the object in a fence': `\`\`\`json\n${json}\n\`\`\``,
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
    const answer: Answer = { kind: 'failure', reason, detail: 'status 503', tries: 1, key: 'k' }
    expect(voteOf(answer, juror, 'accuracy', view)).toMatchObject({ kind: 'abstention', reason, detail: 'status 503' })
  })
  test('the detail of a long reply is cut short', () => {
    const vote = voteOn('x'.repeat(100_000))
    expect(vote.kind === 'abstention' ? vote.detail.length : 0).toBeLessThanOrEqual(500)
  })
})

const someReply: fc.Arbitrary<JurorReply> = fc.record(
  {
    evidence: fc.array(fc.record({ turn: fc.string(), quote: fc.string({ maxLength: MAX_QUOTE }) }), { maxLength: MAX_QUOTES }),
    rationale: fc.string({ unit: 'binary' }),
    score: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant('cannot_judge' as const)),
    direction: fc.constantFrom('over', 'under', 'balanced'),
  },
  { requiredKeys: ['evidence', 'rationale', 'score'] },
)

/** The form, written out by hand as a witness apart from the schema. */
function isForm(text: string): boolean {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return false
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false
  const { evidence, rationale, score, direction, ...more } = data as Record<string, unknown>
  const quotes = Array.isArray(evidence) && evidence.every((one) => isQuote(one)) && evidence.length <= MAX_QUOTES
  const scored = score === 'cannot_judge' || [1, 2, 3, 4, 5].includes(score as number)
  const directed = direction === undefined || ['over', 'under', 'balanced'].includes(direction as string)
  return (
    quotes && typeof rationale === 'string' && rationale.length <= 4000 && scored && directed && Object.keys(more).length === 0
  )
}

function isQuote(one: unknown): boolean {
  if (typeof one !== 'object' || one === null) return false
  const { turn, quote, ...more } = one as Record<string, unknown>
  return typeof turn === 'string' && typeof quote === 'string' && quote.length <= MAX_QUOTE && Object.keys(more).length === 0
}

describe('laws', () => {
  const nearly = fc
    .tuple(someReply, fc.constantFrom('evidence', 'rationale', 'score', 'direction', 'extra'), fc.jsonValue())
    .map(([reply, field, value]) => JSON.stringify({ ...reply, [field]: value }))
  const wrapped = fc.tuple(fc.string(), someReply, fc.string()).map(([a, reply, b]) => a + JSON.stringify(reply) + b)
  const cut = fc.tuple(someReply, fc.nat()).map(([reply, at]) => JSON.stringify(reply).slice(0, at))
  const anyText = fc.oneof(fc.string(), fc.json(), nearly, wrapped, cut)

  test('a text yields a verdict if and only if it is one object of the form with a score', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...Dimension.options), (text, dimension) => {
        const asked = isForm(text) && JSON.parse(text).score !== 'cannot_judge'
        expect(voteOn(text, dimension).kind).toBe(asked ? 'verdict' : 'abstention')
      }),
      { numRuns: 2000 },
    )
  })
  test('reading what was written gives back score, rationale, quotes and direction', () => {
    fc.assert(
      fc.property(someReply, (reply) => {
        const vote = voteOn(JSON.stringify(reply), 'uncertainty')
        if (vote.kind === 'abstention') {
          expect(reply.score).toBe('cannot_judge')
          return
        }
        const { score, rationale, direction } = vote
        const evidence = vote.evidence.map(({ turn, quote }) => ({ turn, quote }))
        expect({ evidence, rationale, score, ...(direction && { direction }) }).toEqual(reply)
      }),
    )
  })
})
