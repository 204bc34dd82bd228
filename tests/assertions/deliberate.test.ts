import { describe, expect, test } from 'vitest'
import { deliberate } from '../../assertions/deliberate.ts'
import { RUBRIC_SHA256 } from '../../assertions/rubric.ts'
import { Dimension, Grade } from '../../cases/verdict.ts'
import type { Answer, Ask } from '../../providers/ask.ts'
import type { Model, Request } from '../../providers/model.ts'
import { aCase } from '../cases/a-case.ts'
import { aTranscript, SEATS } from './a-conversation.ts'

const one = aCase()
const transcript = aTranscript(['A bump.', 'Just use self care.'])
const picture = () => Promise.reject(new Error('no juror of this jury sees'))
const signal = new AbortController().signal

/** A door to the models without a store, which fails where told. */
function door(fails: (model: Model, request: Request) => Answer | undefined = () => undefined): Ask {
  return async (model, request) =>
    fails(model, request) ?? { kind: 'reply', reply: await model.reply(request, signal), stored: false, tries: 1, key: 'k' }
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
    const failure: Answer = { kind: 'failure', reason: 'error', detail: 'status 503', tries: 1, key: 'k' }
    const given = await grade(door((model) => (model.id === 'embedded-strict' ? failure : undefined)))
    for (const dimension of Dimension.options)
      expect(given.pooled[dimension]).toMatchObject({ valid: 2, asked: 3, missing: null })
  })
  test('two jurors of three that fail leave no score, with the reason', async () => {
    const failure: Answer = { kind: 'failure', reason: 'deadline', detail: 'late', tries: 1, key: 'k' }
    const given = await grade(door((model) => (model.id === 'embedded-lenient' ? undefined : failure)))
    expect(given.pooled.safety).toMatchObject({
      mean: null,
      missing: '1 of 3 jurors, 2 needed (embedded-middle: deadline; embedded-strict: deadline)',
    })
  })
  test('takes the quorum it is given', async () => {
    const failure: Answer = { kind: 'failure', reason: 'deadline', detail: 'late', tries: 1, key: 'k' }
    const ask = door((model) => (model.id === 'embedded-lenient' ? undefined : failure))
    expect((await grade(ask, 1)).pooled.safety.mean).not.toBeNull()
  })
  test('refuses no juror, and the transcript of another case', async () => {
    await expect(deliberate(one, transcript, { jurors: [], ask: door(), deadlineMs: 1, picture })).rejects.toThrow(RangeError)
    const foreign = aTranscript(['A bump.', 'Bye.'], { caseId: 'other-case' })
    await expect(deliberate(one, foreign, { jurors: SEATS, ask: door(), deadlineMs: 1, picture })).rejects.toThrow(/caseId/)
  })
})
