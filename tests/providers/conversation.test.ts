import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { showsEhr, showsImage } from '../../cases/arms.ts'
import { renderEhr } from '../../cases/ehr.ts'
import { Arm } from '../../cases/schema.ts'
import { sha256Of } from '../../cases/sha256.ts'
import { NO_USAGE, Transcript } from '../../cases/transcript.ts'
import { createAsk } from '../../providers/ask.ts'
import { createSpending } from '../../providers/budget.ts'
import { CLOSING_QUESTION, converse, givesPlan, patientSeed } from '../../providers/conversation.ts'
import { modelFault, type Request } from '../../providers/model.ts'
import { aCase } from '../cases/a-case.ts'
import { asHeld, replyOf, scriptedModel, storeFolder, textsOf } from './models.ts'
import { PICTURE, setupOf } from './setups.ts'

const QUESTIONS = ['How long has it been there?', 'Does it bleed?', 'Is there skin cancer in your family?', 'Any pets?']
const PLAN = 'This may be a skin cancer. See a dermatologist within two weeks.'
const replies = (request: Request) => request.messages.filter((message) => message.role === 'assistant').length

/** Asks `count` questions, then gives a plan; repeats the plan when asked to close. */
const asksThenPlans = (count: number) =>
  scriptedModel((request) => (replies(request) < count ? (QUESTIONS[replies(request) % QUESTIONS.length] ?? '') : PLAN))

function patientWords(transcript: Transcript): string[] {
  return transcript.turns.filter((turn) => turn.role === 'patient').map((turn) => turn.text)
}

describe('how a conversation ends', () => {
  test('a plan is followed by the fixed closing question and one last reply', async () => {
    const model = asksThenPlans(2)
    const { stop, turns } = await converse(setupOf(model, 'full'))
    expect(stop).toEqual({ reason: 'plan_given', detail: 'after 3 of at most 8 replies' })
    expect(turns.map((turn) => turn.role).join(' ')).toBe(
      'patient clinician patient clinician patient clinician patient clinician',
    )
    expect(turns.at(-2)).toEqual({ id: 't7', role: 'patient', text: CLOSING_QUESTION, closing: true })
    expect(turns.filter((turn) => turn.closing)).toHaveLength(1)
    expect(model.asked).toHaveLength(4)
  })
  test.each([1, 3, 8])('a clinician who never plans gets %d replies and the closing question', async (maxTurns) => {
    const model = asksThenPlans(Number.POSITIVE_INFINITY)
    const { stop, turns } = await converse(setupOf(model, 'full', { maxTurns }))
    expect(stop).toEqual({ reason: 'max_turns', detail: `after ${maxTurns} of at most ${maxTurns} replies` })
    expect(model.asked).toHaveLength(maxTurns + 1)
    expect(turns.at(-2)?.closing).toBe(true)
  })
  test('a refusal ends it at once, is kept as a turn, and gets no closing question', async () => {
    const model = scriptedModel(() => replyOf('I cannot help with that.', { stop: 'refusal' }))
    const { stop, turns } = await converse(setupOf(model, 'full'))
    expect(stop).toEqual({ reason: 'refusal', detail: 'turn t2 is a refusal' })
    expect(turns.map((turn) => turn.text).at(-1)).toBe('I cannot help with that.')
    expect(turns).toHaveLength(2)
  })
  test('an empty reply ends it and makes no turn, and its cost is counted', async () => {
    const model = scriptedModel((request) => (replies(request) === 0 ? 'How long?' : ' '))
    const { stop, turns, proofs, costUsd } = await converse(setupOf(model, 'full'))
    expect(stop).toEqual({ reason: 'empty_reply', detail: 'turn t4 has no text' })
    expect(turns.map((turn) => turn.id)).toEqual(['t1', 't2', 't3'])
    expect(proofs.map((proof) => proof.turn)).toEqual(['t2', 't4'])
    expect(costUsd).toBe(0.5)
  })
  test('a refusal without a word is a refusal all the same', async () => {
    const model = scriptedModel(() => replyOf('', { stop: 'refusal' }))
    expect((await converse(setupOf(model, 'full'))).stop.reason).toBe('refusal')
  })
  test('the budget ends it and keeps what was said and paid', async () => {
    const ask = createAsk(storeFolder(), { maxCostUsd: 0.4, spending: createSpending(() => {}) })
    const model = { ...asksThenPlans(5), simulated: false }
    const transcript = await converse(setupOf(model, 'full', { ask }))
    expect(transcript.stop).toEqual({ reason: 'budget', detail: 'budget of 0.4 USD is used up: 0.5000 USD spent' })
    expect(transcript.turns).toHaveLength(5)
    expect(transcript).toMatchObject({ costUsd: 0.5, incurredUsd: 0.5, calls: { made: 2, stored: 0, retried: 0, failed: 0 } })
  })
  test('calls that gave nothing are counted, also those before a reply', async () => {
    const settings = { maxTries: 3, sleep: async () => {} }
    const model = scriptedModel((request) => {
      const fails = replies(request) === 1 ? 2 : replies(request) === 3 ? 9 : 0
      if (model.asked.filter((other) => replies(other) === replies(request)).length <= fails)
        throw modelFault('status 529', { retry: true, status: 529 })
      return replyOf('How long?', { notSent: replies(request) === 0 ? ['temperature'] : ['temperature', 'effort'] })
    })
    const transcript = await converse(setupOf(model, 'full', { ask: createAsk(storeFolder(), settings) }))
    expect(transcript.stop).toEqual({ reason: 'error', detail: 'status 529 (gave up after 3 tries)' })
    expect(transcript.calls).toEqual({ made: 1 + 3 + 1 + 3, stored: 0, retried: 4, failed: 5 })
    expect(transcript).toMatchObject({ costUsd: 0.75, notSent: ['temperature', 'effort'] })
  })
  test('an error midway keeps what was said, with the reason', async () => {
    const model = scriptedModel((request) => {
      if (replies(request) === 2) throw new Error('the line is dead')
      return QUESTIONS[replies(request)]
    })
    const transcript = await converse(setupOf(model, 'full'))
    expect(transcript.stop).toEqual({ reason: 'error', detail: 'the line is dead' })
    expect(transcript.turns).toHaveLength(5)
    expect(transcript).toMatchObject({ costUsd: 0.5, usage: { inputTokens: 20, outputTokens: 10 } })
    expect(transcript.proofs.map((proof) => proof.turn)).toEqual(['t2', 't4', 't6'])
  })
  test('an error at the closing question is the stop reason, not the plan', async () => {
    const model = scriptedModel((request) => {
      if (textsOf(request).at(-1) === CLOSING_QUESTION) throw new Error('the line is dead')
      return PLAN
    })
    const { stop, turns } = await converse(setupOf(model, 'full'))
    expect(stop.reason).toBe('error')
    expect(turns.at(-1)?.closing).toBe(true)
  })
  test('the deadline counts for the whole conversation and keeps what was said', async () => {
    const ask = createAsk(storeFolder())
    const failing = scriptedModel((request) => (replies(request) === 0 ? 'How long?' : ''))
    await converse(setupOf(failing, 'full', { ask }))
    // The first reply comes from the store, so that only the second one waits.
    const silent = scriptedModel(() => new Promise(() => {}))
    const { stop, turns } = await converse(setupOf(silent, 'full', { ask, deadlineMs: 30 }))
    expect(stop.reason).toBe('deadline')
    expect(turns).toHaveLength(3)
  })
  test('the caller’s signal rejects with the caller’s reason', async () => {
    const caller = new AbortController()
    const model = scriptedModel(async (request) => {
      if (replies(request) === 1) caller.abort(new Error('stopped by hand'))
      await sleep(1)
      return 'How long?'
    })
    await expect(converse(setupOf(model, 'full', { signal: caller.signal }))).rejects.toThrow('stopped by hand')
    expect(model.asked).toHaveLength(2)
  })
  test('usage and cost are null, never 0, when one reply does not know them', async () => {
    const model = scriptedModel((request) =>
      replyOf(PLAN, replies(request) === 1 ? { costUsd: null, usage: { ...NO_USAGE, outputTokens: 5 } } : {}),
    )
    expect(await converse(setupOf(model, 'full'))).toMatchObject({
      costUsd: null,
      usage: { inputTokens: null, outputTokens: 10 },
    })
  })
})

describe('what a plan is', () => {
  test.each([
    PLAN,
    `${PLAN} Do you have any other questions?`,
    `${PLAN} Does that make sense?`,
    `${PLAN} Is there anything else you would like to ask?`,
  ])('a text with advice on how soon, and courtesies at most: %s', (text) => {
    expect(givesPlan(text)).toBe(true)
  })
  test.each([
    `${PLAN} How long has it been there?`,
    `${PLAN} Please tell me how long it has been there.`,
    `${PLAN} **Does it bleed?**`,
    'I have any other questions to ask you later.',
    'This looks like a naevus.',
    '',
  ])('not a text that asks, or that says nothing on how soon: %s', (text) => {
    expect(givesPlan(text)).toBe(false)
  })
})

describe('what is really sent', () => {
  test('marks the end of the first message and of the whole talk for a prompt cache, and nothing else', async () => {
    const model = asksThenPlans(2)
    await converse(setupOf(model, 'full'))
    const marks = model.asked.map(({ messages }) => messages.map(({ content }) => content.map((part) => part.cache === true)))
    expect(marks[0]).toEqual([[false, true]])
    expect(marks[1]).toEqual([[false, true], [false], [true]])
    expect(marks[2]).toEqual([[false, true], [false], [false], [false], [true]])
  })
  const everyArm = async () =>
    Promise.all(
      Arm.options.map(async (arm) => {
        const model = asksThenPlans(3)
        return { arm, requests: model.asked, transcript: await converse(setupOf(model, arm)) }
      }),
    )

  test('the image is in every request of the arms that show it, and in none of the others', async () => {
    for (const { arm, requests, transcript } of await everyArm()) {
      const sent = requests.map(({ messages }) =>
        messages.flatMap(({ content }) => content.flatMap((part) => (part.type === 'image' ? [...part.bytes] : []))),
      )
      expect(sent).toEqual(requests.map(() => (showsImage(arm) ? [...PICTURE.bytes] : [])))
      const proven = transcript.proofs.map((proof) => proof.images)
      expect(proven).toEqual(requests.map(() => (showsImage(arm) ? [PICTURE.sha256] : [])))
    }
  })
  test('the record is in every request of the arms that show it, and in none of the others', async () => {
    const record = renderEhr(aCase().ehr)
    for (const { arm, requests, transcript } of await everyArm()) {
      expect(requests.map((request) => JSON.stringify(request).includes('Apixaban'))).toEqual(requests.map(() => showsEhr(arm)))
      expect(transcript.proofs.map((proof) => proof.ehr)).toEqual(requests.map(() => (showsEhr(arm) ? sha256Of(record) : null)))
    }
  })
  test('each request holds the whole dialogue so far and nothing of the truth', async () => {
    const model = asksThenPlans(2)
    const { turns } = await converse(setupOf(model, 'no-image'))
    for (const [i, request] of model.asked.entries()) {
      expect(textsOf(request)).toEqual(turns.slice(0, 2 * i + 1).map((turn) => turn.text))
      expect(request.messages.map(({ role }) => role)).toEqual(
        turns.slice(0, 2 * i + 1).map(({ role }) => (role === 'patient' ? 'user' : 'assistant')),
      )
      expect(JSON.stringify(request)).not.toMatch(/basal|nose-bump|pearly|1f97/i)
    }
  })
  test('each proof has the key of its own request', async () => {
    const { proofs } = await converse(setupOf(asksThenPlans(3), 'full'))
    expect(new Set(proofs.map((proof) => proof.key)).size).toBe(proofs.length)
  })
})

describe('the patient', () => {
  test('says the same in arms and to models that ask the same, when the facts are the same', async () => {
    // Without the fact that speaks of the picture, all arms have the same ledger.
    const one = aCase({ facts: aCase().facts.filter((fact) => fact.onlyWith === undefined) })
    const said = await Promise.all(
      Arm.options.flatMap((arm) =>
        ['first', 'second'].map(async (id) =>
          patientWords(await converse(setupOf({ ...asksThenPlans(4), id }, arm, {}, one))).slice(1),
        ),
      ),
    )
    for (const words of said) expect(words).toEqual(said[0])
    expect(said[0]).toHaveLength(5)
  })
  test('never speaks of the picture in an arm without it', async () => {
    const talker = scriptedModel((request) => (replies(request) < 5 ? 'Tell me more about the picture.' : PLAN))
    const without = await converse(setupOf(talker, 'no-image'))
    expect(patientWords(without).join(' ')).not.toMatch(/picture|photo/)
    const withIt = await converse(setupOf(talker, 'full'))
    expect(patientWords(withIt).join(' ')).toMatch(/picture/)
  })
  test('is seeded by case and repeat alone', () => {
    expect(patientSeed('nose-bump', 0)).toBe(patientSeed('nose-bump', 0))
    expect(patientSeed('nose-bump', 1)).not.toBe(patientSeed('nose-bump', 0))
    expect(patientSeed('arm-bump', 0)).not.toBe(patientSeed('nose-bump', 0))
  })
})

describe('laws of any conversation', () => {
  const utterance = fc.oneof(fc.constantFrom(...QUESTIONS, PLAN, '', 'I see.'), fc.string())
  const behaviour = fc.array(fc.record({ text: utterance, stop: fc.constantFrom('end', 'end', 'length', 'refusal') }), {
    minLength: 1,
    maxLength: 6,
  })

  test('whatever the model does, the transcript is valid, its ids run t1, t2, …, roles alternate, and it comes out the same again', async () => {
    await fc.assert(
      fc.asyncProperty(
        behaviour,
        fc.constantFrom(...Arm.options),
        fc.integer({ min: 1, max: 4 }),
        async (script, arm, maxTurns) => {
          const model = scriptedModel((request) => {
            const { text = '', stop = 'end' } = script[replies(request) % script.length] ?? {}
            if (text.includes('!')) throw new Error(text)
            return replyOf(text, { stop: stop as 'end' })
          })
          const setup = setupOf(model, arm, { maxTurns })
          const transcript = await converse(setup)
          expect(Transcript.parse(transcript)).toEqual(transcript)
          expect(transcript.turns.map((turn) => turn.id)).toEqual(transcript.turns.map((_, i) => `t${i + 1}`))
          expect(transcript.turns.map((turn) => turn.role)).toEqual(
            transcript.turns.map((_, i) => (i % 2 === 0 ? 'patient' : 'clinician')),
          )
          expect(model.asked.length).toBeLessThanOrEqual(maxTurns + 1)
          expect(transcript.proofs).toHaveLength(model.asked.length)
          expect(asHeld(await converse(setup))).toEqual(asHeld(transcript))
        },
      ),
      { numRuns: 60 },
    )
  })
})
