import { describe, expect, test } from 'vitest'
import { deliberate } from '../../assertions/deliberate.ts'
import type { Juror } from '../../assertions/juror.ts'
import { RUBRIC_SHA256 } from '../../assertions/rubric.ts'
import { NO_USAGE } from '../../cases/transcript.ts'
import { Dimension, Grade } from '../../cases/verdict.ts'
import type { Answer, Ask } from '../../providers/ask.ts'
import type { Model, Reply, Request } from '../../providers/model.ts'
import { aCase } from '../cases/a-case.ts'
import { aTranscript, SEATS } from './a-conversation.ts'

const one = aCase()
const transcript = aTranscript(['A bump.', 'Just use self care.'])
const picture = () => Promise.reject(new Error('no juror of this jury sees'))
const signal = new AbortController().signal

/** A door to the models without a store, which fails where told. */
function door(fails: (model: Model, request: Request) => Answer | undefined = () => undefined): Ask {
  return async (model, request) =>
    fails(model, request) ?? {
      kind: 'reply',
      reply: await model.reply(request, signal),
      stored: false,
      tries: 1,
      unknown: 0,
      latencyMs: 1,
      key: 'k',
    }
}

const grade = (ask: Ask, quorum?: number) =>
  deliberate(one, transcript, { jurors: SEATS, ask, deadlineMs: 1000, quorum, picture })

describe('deliberate', () => {
  test('asks each juror once about each dimension, and each about one and the same request', async () => {
    const asked: [string, string][] = []
    await grade(
      door((model, request) => {
        asked.push([model.id, JSON.stringify(request)])
        return undefined
      }),
    )
    expect(asked).toHaveLength(9)
    expect(new Set(asked.map(String)).size).toBe(9)
    expect(new Set(asked.map(([, request]) => request)).size).toBe(3)
  })
  test('gives votes, caps, pooled scores and checklist, with the rubric they went by', async () => {
    const given = Grade.parse(await grade(door()))
    expect(given.jury.rubric.sha256).toBe(RUBRIC_SHA256)
    expect(given.votes.map((vote) => vote.dimension)).toEqual(Dimension.options.flatMap((dimension) => Array(3).fill(dimension)))
    expect(given.caps.map((cap) => cap.score)).toEqual([2])
    expect(given.pooled.safety.mean).toBeLessThanOrEqual(2)
    expect(given.jury.quorum).toBe(2)
  })
  test('one juror that fails costs its votes only, and the others still make a quorum', async () => {
    const failure: Answer = {
      kind: 'failure',
      reason: 'error',
      detail: 'status 503',
      tries: 1,
      unknown: 0,
      latencyMs: 1,
      key: 'k',
    }
    const given = await grade(door((model) => (model.id === 'embedded-strict' ? failure : undefined)))
    for (const dimension of Dimension.options)
      expect(given.pooled[dimension]).toMatchObject({ valid: 2, asked: 3, missing: null })
  })
  test('two jurors of three that fail leave no score, with the reason', async () => {
    const failure: Answer = { kind: 'failure', reason: 'deadline', detail: 'late', tries: 1, unknown: 0, latencyMs: 1, key: 'k' }
    const given = await grade(door((model) => (model.id === 'embedded-lenient' ? undefined : failure)))
    expect(given.pooled.safety).toMatchObject({
      mean: null,
      missing: '1 of 3 jurors, 2 needed (embedded-middle: deadline; embedded-strict: deadline)',
    })
  })
  test('takes the quorum it is given', async () => {
    const failure: Answer = { kind: 'failure', reason: 'deadline', detail: 'late', tries: 1, unknown: 0, latencyMs: 1, key: 'k' }
    const ask = door((model) => (model.id === 'embedded-lenient' ? undefined : failure))
    expect((await grade(ask, 1)).pooled.safety.mean).not.toBeNull()
  })
  test('refuses no juror, and the transcript of another case', async () => {
    await expect(deliberate(one, transcript, { jurors: [], ask: door(), deadlineMs: 1, picture })).rejects.toThrow(RangeError)
    const foreign = aTranscript(['A bump.', 'Bye.'], { caseId: 'other-case' })
    await expect(deliberate(one, foreign, { jurors: SEATS, ask: door(), deadlineMs: 1, picture })).rejects.toThrow(/caseId/)
  })
  test('asks a juror again whose reply cannot be parsed, twice at most, as another request each time', async () => {
    const asked: number[] = []
    const prose: Reply = { text: 'I give it a 4.', stop: 'end', usage: NO_USAGE, costUsd: 0.01, notSent: [] }
    const ask = door((model, request) => {
      if (model.id !== 'embedded-strict') return undefined
      asked.push(request.repeat)
      return { kind: 'reply', reply: prose, stored: false, tries: 1, unknown: 0, latencyMs: 1, key: 'k' }
    })
    const given = await grade(ask)
    expect(asked.toSorted()).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2])
    const strict = given.votes.filter((vote) => vote.juror.id === 'embedded-strict')
    expect(strict.map((vote) => vote.kind === 'abstention' && vote.reason)).toEqual(Array(3).fill('unparsable'))
    expect(given.spent.find(({ juror }) => juror === 'embedded-strict')).toMatchObject({ calls: { made: 9 } })
    expect(given.spent.find(({ juror }) => juror === 'embedded-strict')?.costUsd).toBeCloseTo(0.09, 12)
  })
  test('takes the second reply when only the first cannot be parsed', async () => {
    const prose: Reply = { text: 'Well.', stop: 'end', usage: NO_USAGE, costUsd: 0, notSent: [] }
    const given = await grade(
      door((_, request) =>
        request.repeat === 0
          ? { kind: 'reply', reply: prose, stored: false, tries: 1, unknown: 0, latencyMs: 1, key: 'k' }
          : undefined,
      ),
    )
    expect(given.votes.map((vote) => vote.kind)).toEqual(Array(9).fill('verdict'))
  })
  test('asks each juror as often as repeats say, no two requests alike, and counts a juror once', async () => {
    const asked = new Set<string>()
    const ask = door((model, request) => {
      asked.add(model.id + JSON.stringify(request))
      return undefined
    })
    const given = await deliberate(one, transcript, { jurors: SEATS, ask, deadlineMs: 1000, repeats: 3, picture })
    expect(asked.size).toBe(27)
    expect(given.votes.map(({ repeat }) => repeat)).toEqual(Array(9).fill([0, 1, 2]).flat())
    expect(given.pooled.safety).toMatchObject({ valid: 3, asked: 3 })
  })
  test('a juror whose picture cannot be shown abstains with the reason and is not asked', async () => {
    const [first, ...others] = SEATS as readonly [Juror, ...Juror[]]
    const asked: string[] = []
    const ask = door((model) => {
      asked.push(model.id)
      return undefined
    })
    const jurors = [{ ...first, sees: 'image' as const }, ...others]
    const given = await deliberate(one, transcript, { jurors, ask, deadlineMs: 1000, picture })
    expect(asked).not.toContain(first.id)
    const votes = given.votes.filter((vote) => vote.juror.id === first.id)
    expect(votes).toMatchObject(Array(3).fill({ kind: 'abstention', reason: 'error', detail: 'no juror of this jury sees' }))
    expect(votes[0]?.juror.saw).toBe('image')
  })
  test('marks two juries alike only when jurors, what they see, repeats and quorum are the same', async () => {
    const base = { jurors: SEATS, ask: door(), deadlineMs: 1000, picture }
    const marks = await Promise.all(
      [
        base,
        { ...base, deadlineMs: 5 },
        { ...base, repeats: 2 },
        { ...base, quorum: 1 },
        { ...base, jurors: SEATS.slice(0, 2) },
        { ...base, jurors: SEATS.map((juror) => ({ ...juror, sees: 'findings' as const })) },
      ].map(async (jury) => (await deliberate(one, transcript, jury)).jury.sha256),
    )
    expect(marks[1]).toBe(marks[0])
    expect(new Set(marks).size).toBe(5)
  })
})
