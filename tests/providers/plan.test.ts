import { describe, expect, test } from 'vitest'
import { prepareImage } from '../../cases/images.ts'
import { loadBank } from '../../cases/load.ts'
import type { Arm } from '../../cases/schema.ts'
import { planOf } from '../../providers/plan.ts'
import { preparedSize } from '../../providers/plan-tokens.ts'
import type { Assumptions, PlannedJuror, PlannedModel } from '../../providers/planned.ts'
import { aCase } from '../cases/a-case.ts'

const model = (id: string, rest: Partial<PlannedModel> = {}): PlannedModel => {
  const colon = id.indexOf(':')
  const vendor = colon < 0 ? undefined : (id.slice(0, colon) as PlannedModel['vendor'])
  return {
    label: id,
    id,
    vendor,
    name: id.slice(colon + 1),
    effort: undefined,
    flex: false,
    baseUrl: undefined,
    maxTurns: 8,
    patient: undefined,
    ...rest,
  }
}
const [NOVA, GPT, OPUS] = ['bedrock:us.amazon.nova-pro-v1:0', 'openai:gpt-5.2', 'anthropic:claude-opus-4-6'] as const
const ASSUMED: Assumptions = { replies: 3, replyTokens: 200, reasoningTokens: 500, patientTokens: 40, jurorTokens: 250 }

/** A run of one case without picture and record, whose first request has 1,200 tokens. */
function runOf(models: readonly PlannedModel[], arms: readonly Arm[] = ['no-image-no-ehr']) {
  const one = aCase()
  return {
    models,
    jurors: [] as PlannedJuror[],
    arms,
    cases: [one],
    repeats: 1,
    instructions: 'x'.repeat(4 * 1200 - one.opening.length),
  }
}
function rowOf(planned: PlannedModel, assumed: Assumptions = ASSUMED, arms?: readonly Arm[]) {
  const [row] = planOf(runOf([planned], arms), assumed)
  if (row === undefined) throw new Error('planOf requires a row for each model')
  return row
}

describe('a plan', () => {
  // Requests of 1,200, 1,440 and 1,680 tokens, each of which begins with the one before it.
  test('counts what a vendor with marks reads from and writes to its cache', () => {
    expect(rowOf(model(NOVA))).toMatchObject({
      conversations: 1,
      refused: 0,
      calls: 3,
      usage: { inputTokens: 0, cacheReadTokens: 1200 + 1440, cacheWriteTokens: 1200 + 240 + 240, outputTokens: 600 },
    })
  })
  test('counts no writing for OpenAI, which does not bill it, and no cache below a vendor’s smallest length', () => {
    expect(rowOf(model(GPT)).usage).toMatchObject({ inputTokens: 1680, cacheReadTokens: 2640, cacheWriteTokens: 0 })
    expect(rowOf(model(OPUS)).usage).toMatchObject({ inputTokens: 4320, cacheReadTokens: 0, cacheWriteTokens: 0 })
  })
  test('prices tokens by the price list: Claude Opus 4.6 at 5 and 25 dollars a million', () => {
    const { costUsd, longestUsd } = rowOf(model(OPUS))
    expect(costUsd).toBeCloseTo((4320 * 5 + 600 * 25) / 1e6, 10)
    // Nine requests, from 1,200 tokens on, each 240 longer.
    expect(longestUsd).toBeCloseTo(((9 * 1200 + 36 * 240) * 5 + 9 * 200 * 25) / 1e6, 10)
  })
  test('halves the price in the flex tier, and not for a model without one', () => {
    expect(rowOf(model(GPT, { flex: true })).costUsd).toBeCloseTo((rowOf(model(GPT)).costUsd ?? 0) / 2, 12)
    expect(rowOf(model(OPUS, { flex: true })).costUsd).toBe(rowOf(model(OPUS)).costUsd)
  })
  test('says that a price is not known, and that rules cost nothing', () => {
    expect(rowOf(model('compatible:x', { baseUrl: 'http://127.0.0.1:1/v1' })).costUsd).toBeNull()
    expect(rowOf(model('embedded-careful')).costUsd).toBe(0)
  })
  test.each<readonly [string, PlannedModel, number]>([
    ['a model that cannot do without it', model('openai:gpt-5-mini'), 3 * 700],
    ['an effort', model(OPUS, { effort: 'high' }), 3 * 700],
    ['no effort', model(OPUS), 3 * 200],
    ['an effort of none', model(GPT, { effort: 'none' }), 3 * 200],
    ['an effort that the model does not take', model(NOVA, { effort: 'high' }), 3 * 200],
  ])('counts reasoning for %s', (_, planned, outputTokens) => {
    expect(rowOf(planned).usage.outputTokens).toBe(outputTokens)
  })
  test('never has more replies than the configuration allows, the closing one included', () => {
    expect(rowOf(model(NOVA, { maxTurns: 1 }), { ...ASSUMED, replies: 50 }).calls).toBe(2)
  })
  test('adds the picture and the record in the arms that have them, for each repeat', () => {
    const input = (arm: Arm) => rowOf(model(OPUS), ASSUMED, [arm]).usage.inputTokens ?? 0
    expect(input('no-ehr')).toBeGreaterThan(input('no-image-no-ehr'))
    expect(input('no-image')).toBeGreaterThan(input('no-image-no-ehr'))
    const [twice] = planOf({ ...runOf([model(OPUS)]), repeats: 2 }, ASSUMED)
    expect(twice).toMatchObject({ conversations: 2, calls: 6, usage: { inputTokens: 2 * 4320, outputTokens: 1200 } })
  })
  test('counts a simulated patient: two calls for each answer but the closing one, once for all models that share it', () => {
    const { maxTurns: _, patient: __, ...speaker } = model('openai:gpt-5-mini', { label: 'patient' })
    const spoken = [GPT, OPUS].map((id) => model(id, { patient: speaker }))
    const rows = planOf({ ...runOf(spoken, ['full', 'no-image']), repeats: 2 }, { ...ASSUMED, replies: 5 })
    expect(rows.map(({ role }) => role)).toEqual(['clinician', 'clinician', 'patient'])
    const patient = rows[2]
    // 2 models × 2 arms × 2 repeats are 8 conversations of 3 answers; each of 40 tokens and 500 of reasoning a call.
    expect(patient).toMatchObject({ conversations: 8, calls: 48, usage: { outputTokens: 48 * 540, reasoningTokens: 48 * 500 } })
    expect(patient?.usage.inputTokens).toBeGreaterThan(24 * 200)
    expect(patient?.costUsd).toBeGreaterThan(0)
    expect(patient?.longestUsd).toBeGreaterThan(patient?.costUsd ?? 0)
  })
  test('counts each juror: three verdicts a conversation, of which two read what the first wrote, and the picture only where it is seen', () => {
    const juror = (sees: PlannedJuror['sees'], id: string = NOVA): PlannedJuror => ({ ...model(id), sees })
    const row = (planned: PlannedJuror) =>
      planOf({ ...runOf([model(GPT), model('embedded-careful')]), jurors: [planned] }, ASSUMED).at(-1)
    const found = row(juror('findings'))
    expect(found).toMatchObject({ role: 'juror', conversations: 2, calls: 6, refused: 0 })
    const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens } = found?.usage ?? {}
    expect({ inputTokens, outputTokens }).toEqual({ inputTokens: 6 * 300, outputTokens: 6 * 250 })
    expect(cacheReadTokens).toBe(2 * (cacheWriteTokens ?? 0))
    expect(row(juror('image'))?.usage.cacheWriteTokens).not.toBe(cacheWriteTokens)
    expect(row(juror('findings', 'bedrock:us.meta.llama4-maverick-17b-instruct-v1:0'))?.usage).toMatchObject({
      inputTokens: 6 * 300 + 3 * (cacheWriteTokens ?? 0),
      cacheReadTokens: 0,
    })
  })
  test('leaves out conversations that will not be held, and counts them', () => {
    const [image] = aCase().images
    if (image === undefined) throw new Error('aCase requires an image')
    const kept = aCase({ images: [{ ...image, licence: { ...image.licence, thirdPartyApiAllowed: false } }] })
    const run = { ...runOf([model(OPUS), model('compatible:x', { baseUrl: 'http://10.0.0.1/v1' })]), cases: [kept] }
    const rows = planOf({ ...run, arms: ['full', 'no-image', 'wrong-image'] }, ASSUMED)
    // The bank of one case has no image for arm wrong-image.
    expect(rows.map(({ conversations, refused }) => [conversations, refused])).toEqual([
      [1, 2],
      [2, 1],
    ])
  })
})

test('the size of an image in a plan is that of the image that is sent', async () => {
  const bank = await loadBank('demo')
  for (const image of bank.cases.flatMap(({ images }) => images)) {
    const { width, height } = await prepareImage(image, bank.dir)
    expect(preparedSize(image)).toEqual({ width, height })
    const crop: [number, number, number, number] = [10, 20, 310, 140]
    const cropped = await prepareImage({ ...image, crop }, bank.dir)
    expect(preparedSize({ ...image, crop })).toEqual({ width: cropped.width, height: cropped.height })
  }
})
