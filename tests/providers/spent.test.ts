import { expect, test } from 'vitest'
import { NO_USAGE } from '../../cases/transcript.ts'
import type { Answer } from '../../providers/ask.ts'
import { spentOn } from '../../providers/spent.ts'
import { replyOf } from './models.ts'

const EFFORT = { tries: 1, unknown: 0, latencyMs: 5, key: 'k' }
const reply: Answer = { ...EFFORT, kind: 'reply', reply: replyOf('a', { costUsd: 0.25 }), stored: false }
const failure: Answer = { ...EFFORT, kind: 'failure', reason: 'error', detail: 'status 500' }

test('replies add up, stored ones too, of which nothing is incurred', () => {
  expect(spentOn([reply, { ...reply, stored: true, tries: 0 }])).toMatchObject({
    usage: { inputTokens: 20, outputTokens: 10 },
    ...{ costUsd: 0.5, incurredUsd: 0.25 },
    calls: { made: 1, stored: 1, retried: 0, failed: 0 },
  })
})
test('a failure that is not billed leaves the tokens known', () => {
  expect(spentOn([reply, failure]).usage.inputTokens).toBe(10)
})
test('a call that may have been billed without a reply makes the tokens unknown, also when a later try gave one', () => {
  expect(spentOn([reply, { ...failure, unknown: 1 }])).toMatchObject({ usage: NO_USAGE, costUsd: 0.25 })
  expect(spentOn([{ ...reply, tries: 2, unknown: 1 }])).toMatchObject({ usage: NO_USAGE, calls: { made: 2, failed: 1 } })
})
test('no answers took nothing', () => {
  expect(spentOn([])).toMatchObject({ usage: { inputTokens: 0 }, costUsd: 0, calls: { made: 0 } })
})
