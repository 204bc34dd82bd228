import { describe, expect, test } from 'vitest'
import { type Pace, sizeOf } from '../../deploy/size.ts'
import type { AskedModel } from '../../providers/plan-tokens.ts'
import type { PlanRow } from '../../providers/planned.ts'

const none = { effort: undefined, flex: false, baseUrl: undefined }
const clinician: AskedModel = { ...none, label: 'one', id: 'openai:one', vendor: 'openai', name: 'one' }
const juror: AskedModel = { ...none, label: 'juror', id: 'openai:two', vendor: 'openai', name: 'two' }
const usage = { inputTokens: 60_000, cacheReadTokens: 20_000, cacheWriteTokens: 0, outputTokens: 9_000, reasoningTokens: 0 }
const row = (role: PlanRow['role'], model: AskedModel, calls: number, costUsd: number | null): PlanRow => ({
  ...{ role, model, conversations: 100, refused: 0, calls, usage, costUsd, longestUsd: costUsd },
})
const ROWS = [row('clinician', clinician, 600, 3), row('juror', juror, 900, 2)]
const PACE: Pace = { workers: 2, concurrency: 5, replySeconds: 4, rounds: 7 }

describe('the size of a run', () => {
  test('follows from the workers when there is no limit: 100 conversations of 28 s, 10 at once, take 280 s', () => {
    expect(sizeOf(ROWS, 1, PACE)).toEqual({ conversations: 100, calls: 1500, costUsd: 5, seconds: 280, bound: 'workers' })
  })
  test('grows in proportion to cases and repeats, and falls with workers', () => {
    expect(sizeOf(ROWS, 6, PACE)).toMatchObject({ conversations: 600, calls: 9000, costUsd: 30, seconds: 1680 })
    expect(sizeOf(ROWS, 1, { ...PACE, workers: 8 }).seconds).toBe(70)
  })
  test('follows from the model whose limit is longest: 900 calls at 95 a minute take 568 s', () => {
    const size = sizeOf(ROWS, 1, { ...PACE, requestsPerMinute: 100 })
    expect(size.bound).toBe('requests of juror')
    expect(size.seconds).toBeCloseTo((900 / 95) * 60, 9)
  })
  test('counts tokens of requests, those from the cache too: 80,000 at 9,500 a minute take 505 s', () => {
    const size = sizeOf(ROWS, 1, { ...PACE, tokensPerMinute: 10_000 })
    expect(size.bound).toBe('tokens of one')
    expect(size.seconds).toBeCloseTo((80_000 / 9_500) * 60, 9)
  })
  test('lets a model that is clinician and juror share its limit', () => {
    const same = [row('clinician', clinician, 600, 3), row('juror', { ...clinician, label: 'juror one' }, 900, 2)]
    expect(sizeOf(same, 1, { ...PACE, requestsPerMinute: 100 }).seconds).toBeCloseTo((1500 / 95) * 60, 9)
  })
  test('has no cost when one price is not known', () => {
    expect(sizeOf([...ROWS, row('juror', juror, 1, null)], 1, PACE).costUsd).toBeNull()
  })
})
