import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_USAGE } from '../../cases/transcript.ts'
import { type Answer, createAsk, requestKey } from '../../providers/ask.ts'
import { createSpending } from '../../providers/budget.ts'
import { type Message, type Model, modelFault, type Request } from '../../providers/model.ts'
import { replyStore } from '../../providers/reply-store.ts'
import { replyOf, requestOf, scriptedModel, storeFolder } from './models.ts'

const PATIENCE = { deadlineMs: 30_000 }
const CHILD = join(import.meta.dirname, 'fixtures', 'ask-once.ts')
const run = promisify(execFile)

/** Asks in a process of its own; the model there answers with `text` and is asked `asked` times. */
async function askElsewhere(dir: string, text: string): Promise<{ answer: Answer; asked: number }> {
  const { stdout } = await run(process.execPath, [CHILD, dir, text])
  return JSON.parse(stdout)
}

function imageRequest(...bytes: number[]): Request {
  const image = { type: 'image', mime: 'image/jpeg', bytes: Uint8Array.from(bytes) } as const
  return requestOf('look', { messages: [{ role: 'user', content: [{ type: 'text', text: 'look' }, image] }] })
}

describe('a reply that is in the store', () => {
  test('is not asked again and is the same reply', async () => {
    const model = scriptedModel(() => replyOf('hello', { usage: { ...NO_USAGE, outputTokens: 3 }, costUsd: null }))
    const ask = createAsk(storeFolder())
    const first = await ask(model, requestOf('hi'), PATIENCE)
    const second = await ask(model, requestOf('hi'), PATIENCE)
    expect(model.asked).toHaveLength(1)
    expect(first).toMatchObject({ kind: 'reply', stored: false })
    expect(second).toEqual({ ...first, stored: true, tries: 0, latencyMs: expect.any(Number) })
  })

  test('is not asked again by another process', async () => {
    const dir = storeFolder()
    const first = await askElsewhere(dir, 'from the first process')
    const second = await askElsewhere(dir, 'from the second process')
    expect(first).toMatchObject({ asked: 1, answer: { stored: false } })
    expect(second).toMatchObject({ asked: 0, answer: { stored: true, reply: { text: 'from the first process' } } })
  })

  test('is given even when no time is left', async () => {
    const model = scriptedModel(() => 'hello')
    const ask = createAsk(storeFolder())
    await ask(model, requestOf('hi'), PATIENCE)
    expect(await ask(model, requestOf('hi'), { deadlineMs: 0 })).toMatchObject({ kind: 'reply', stored: true })
  })

  test('serves any text, down to lone surrogates', async () => {
    const dir = storeFolder()
    const codeUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code))
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: codeUnit, minLength: 1 }), fc.nat(), async (text, repeat) => {
        fc.pre(text.trim() !== '')
        const model = scriptedModel(() => text)
        const ask = createAsk(dir)
        const first = await ask(model, requestOf(text, { repeat }), PATIENCE)
        const again = await ask(model, requestOf(text, { repeat }), PATIENCE)
        expect(again).toEqual({ ...first, stored: true, tries: 0, latencyMs: expect.any(Number) })
      }),
      { numRuns: 50 },
    )
  })
})

describe('the key of a request', () => {
  const model: Model = scriptedModel(() => '')
  const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] })
  const others: readonly (readonly [string, Model, Request])[] = [
    ['repeat', model, requestOf('hi', { repeat: 1 })],
    ['system prompt', model, requestOf('hi', { system: 'be brief' })],
    ['text', model, requestOf('hi!')],
    ['role', model, requestOf('', { messages: [{ ...user('hi'), role: 'assistant' }] })],
    ['split into messages', model, requestOf('', { messages: [user('h'), user('i')] })],
    ['image', model, imageRequest(1, 2, 3)],
    ['model', { ...model, id: 'other' }, requestOf('hi')],
    ['revision', { ...model, revision: 'r2' }, requestOf('hi')],
    ['schema', model, requestOf('hi', { schema: { name: 's', json: { type: 'object' } } })],
  ]

  test.each(others)('changes with the %s', (_, other, request) => {
    expect(requestKey(other, request)).not.toBe(requestKey(model, requestOf('hi')))
  })
  test('goes by the bytes of an image and not by the object that holds them', () => {
    expect(requestKey(model, imageRequest(1, 2, 3))).toBe(requestKey(model, imageRequest(1, 2, 3)))
    expect(requestKey(model, imageRequest(1, 2, 3))).not.toBe(requestKey(model, imageRequest(1, 2, 4)))
  })
  test('does not change with a mark for a prompt cache', () => {
    const content = [{ type: 'text', text: 'hi', cache: true }] as const
    expect(requestKey(model, requestOf('', { messages: [{ role: 'user', content }] }))).toBe(requestKey(model, requestOf('hi')))
  })
  test('does not change when only the text looks like the hash of an image', () => {
    const texts = requestOf('', { messages: [user('{"sha256":"00"}')] })
    expect(requestKey(model, texts)).not.toBe(requestKey(model, imageRequest(0)))
  })
})

describe('what is not kept', () => {
  test('is not a refusal without a word, which is all that the model says', async () => {
    const model = scriptedModel(() => replyOf('', { stop: 'refusal' }))
    const ask = createAsk(storeFolder())
    await ask(model, requestOf('hi'), PATIENCE)
    expect(await ask(model, requestOf('hi'), PATIENCE)).toMatchObject({ stored: true, reply: { stop: 'refusal' } })
  })
  test('an empty reply is returned and asked again', async () => {
    const model = scriptedModel(() => ' \n ')
    const ask = createAsk(storeFolder())
    expect(await ask(model, requestOf('hi'), PATIENCE)).toMatchObject({ kind: 'reply', reply: { text: ' \n ' } })
    await ask(model, requestOf('hi'), PATIENCE)
    expect(model.asked).toHaveLength(2)
  })
  test('a failure is asked again and can become a reply', async () => {
    const model = scriptedModel(() => {
      if (model.asked.length === 1) throw new Error('the line is dead')
      return 'hello again'
    })
    const ask = createAsk(storeFolder())
    expect(await ask(model, requestOf('hi'), PATIENCE)).toMatchObject({ kind: 'failure', detail: 'the line is dead' })
    expect(await ask(model, requestOf('hi'), PATIENCE)).toMatchObject({ kind: 'reply', stored: false })
  })
})

describe('a model’s fault', () => {
  const faults: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['throws an error', () => Promise.reject(new Error('out of credit')), /^out of credit$/],
    ['throws an error without a message', () => Promise.reject(new TypeError()), /^TypeError$/],
    ['throws a text', () => Promise.reject('just a text'), /just a text/],
    ['throws nothing', () => Promise.reject(undefined), /undefined/],
    ['throws an object without a prototype', () => Promise.reject(Object.create(null)), /null prototype/],
    ['answers nothing', () => undefined, /scripted requires a reply/],
    ['answers a text without stop and usage', () => ({ text: 'hi' }), /stop[\s\S]*usage/],
    ['answers a cost that is no number', () => replyOf('hi', { costUsd: Number.NaN }), /costUsd/],
  ]

  test.each(faults)('is a failure with its reason when it %s', async (_, answer, detail) => {
    const result = await createAsk(storeFolder())(scriptedModel(answer), requestOf('hi'), PATIENCE)
    expect(result).toMatchObject({ kind: 'failure', reason: 'error', detail: expect.stringMatching(detail) })
  })
  test('is a failure also when it is thrown before there is a promise, or no promise comes', async () => {
    const ask = createAsk(storeFolder())
    const throwing = scriptedModel(() => '', {
      reply: () => {
        throw new Error('at once')
      },
    })
    expect(await ask(throwing, requestOf('hi'), PATIENCE)).toMatchObject({ kind: 'failure', detail: 'at once' })
    const plain = scriptedModel(() => '', { reply: () => 'no promise' as never })
    expect(await ask(plain, requestOf('hi'), PATIENCE)).toMatchObject({ kind: 'failure', reason: 'error' })
  })
})

describe('the deadline', () => {
  test('is a failure also when the model ignores its signal', async () => {
    const model = scriptedModel(() => new Promise(() => {}))
    const answer = await createAsk(storeFolder())(model, requestOf('hi'), { deadlineMs: 20 })
    expect(answer).toMatchObject({ kind: 'failure', reason: 'deadline', detail: 'no reply within 20 ms' })
  })
  test('is a deadline and not an error when the model heeds its signal', async () => {
    const model = scriptedModel((_, signal) => sleep(60_000, 'late', { signal }))
    const answer = await createAsk(storeFolder())(model, requestOf('hi'), { deadlineMs: 20.5 })
    expect(answer).toMatchObject({ kind: 'failure', reason: 'deadline' })
  })
  test.each([0, -1, Number.NaN])('of %d ms asks no model', async (deadlineMs) => {
    const model = scriptedModel(() => 'hello')
    const answer = await createAsk(storeFolder())(model, requestOf('hi'), { deadlineMs })
    expect(answer).toMatchObject({ kind: 'failure', reason: 'deadline', detail: 'no time left' })
    expect(model.asked).toHaveLength(0)
  })
  test.each([2 ** 31, 1e12, Number.POSITIVE_INFINITY])('of %d ms does not end at once', async (deadlineMs) => {
    const model = scriptedModel(() => sleep(5, 'hello'))
    expect(await createAsk(storeFolder())(model, requestOf('hi'), { deadlineMs })).toMatchObject({ kind: 'reply' })
  })
  test('a model that fails after it does no harm', async () => {
    const late = Promise.withResolvers<never>()
    const answer = await createAsk(storeFolder())(
      scriptedModel(() => late.promise),
      requestOf('hi'),
      { deadlineMs: 5 },
    )
    late.reject(new Error('nobody listens'))
    await sleep(5)
    expect(answer.kind).toBe('failure')
  })
})

describe('a fault that may pass', () => {
  const busy = () => modelFault('status 429', { retry: true, status: 429 })
  const quick = { sleep: async () => {}, random: () => 0 }
  /** A model that fails so many times with a fault, and then says hello. */
  const failing = (faults: number, rest: Partial<Model> = {}) => {
    const model = scriptedModel(() => (model.asked.length <= faults ? Promise.reject(busy()) : 'hello'), rest)
    return model
  }

  test('is tried again, and the answer says how many calls it took', async () => {
    const dir = storeFolder()
    const model = failing(3)
    expect(await createAsk(dir, quick)(model, requestOf('hi'), PATIENCE)).toMatchObject({ kind: 'reply', tries: 4 })
    expect(await createAsk(dir, quick)(model, requestOf('hi'), PATIENCE)).toMatchObject({ stored: true, tries: 0 })
    expect(model.asked).toHaveLength(4)
  })
  test('that does not pass is a failure after as many tries as are set', async () => {
    const answer = await createAsk(storeFolder(), { ...quick, maxTries: 3 })(failing(9), requestOf('hi'), PATIENCE)
    expect(answer).toMatchObject({ kind: 'failure', reason: 'error', detail: 'status 429 (gave up after 3 tries)', tries: 3 })
  })
  test('ends at the deadline in the midst of a wait, with the calls that were made', async () => {
    const slow = { random: () => 0.01, sleep: (_: number, signal: AbortSignal) => sleep(60_000, undefined, { signal }) }
    const answer = await createAsk(storeFolder(), slow)(failing(9), requestOf('hi'), { deadlineMs: 40 })
    expect(answer).toMatchObject({ kind: 'failure', reason: 'deadline', tries: 1 })
  })
  test('waits for the rate limit before each try', async () => {
    const admitted: number[] = []
    const limiter = { admit: async (_: Model, tokens: number) => void admitted.push(tokens) }
    await createAsk(storeFolder(), { ...quick, limiter })(failing(2), requestOf('hi'), PATIENCE)
    expect(admitted).toEqual([3, 3, 3])
  })
})

describe('a rate limit', () => {
  test('that lets no call through ends at the deadline, says so, and asks no model', async () => {
    const model = scriptedModel(() => 'hello', { id: 'one a day', limits: { requestsPerMinute: 1 / 1440 } })
    const ask = createAsk(storeFolder())
    expect(await ask(model, requestOf('first'), PATIENCE)).toMatchObject({ kind: 'reply' })
    expect(await ask(model, requestOf('second'), { deadlineMs: 30 })).toEqual({
      kind: 'failure',
      reason: 'deadline',
      detail: 'no reply within 30 ms: the model’s limits let no call through',
      ...{ tries: 0, unknown: 0, latencyMs: expect.any(Number) },
      key: requestKey(model, requestOf('second')),
    })
    expect(model.asked).toHaveLength(1)
  })
  test('holds for all doors of a process, and its wait ends with the caller’s signal', async () => {
    const model = scriptedModel(() => 'hello', { id: 'one a week', limits: { requestsPerMinute: 1 / 10_080 } })
    await createAsk(storeFolder())(model, requestOf('hi'), PATIENCE)
    const caller = new AbortController()
    const waiting = createAsk(storeFolder())(model, requestOf('hi'), { ...PATIENCE, signal: caller.signal })
    setTimeout(() => caller.abort(new Error('stopped by hand')), 20)
    await expect(waiting).rejects.toThrow('stopped by hand')
    expect(model.asked).toHaveLength(1)
  })
})

describe('a budget', () => {
  const priced = (costUsd: number | null = 0.25) => scriptedModel(() => replyOf('hello', { costUsd }), { simulated: false })
  const doorWith = (maxCostUsd: number, dir = storeFolder()) =>
    createAsk(dir, { maxCostUsd, spending: createSpending(() => {}), sleep: async () => {} })

  test('that is used up is a failure that says so, and asks no model', async () => {
    const model = priced()
    const ask = doorWith(0.5)
    const answers = []
    for (const text of ['a', 'b', 'c', 'd']) answers.push(await ask(model, requestOf(text), PATIENCE))
    expect(answers.map(({ kind }) => kind)).toEqual(['reply', 'reply', 'failure', 'failure'])
    expect(answers[2]).toMatchObject({ reason: 'budget', detail: 'budget of 0.5 USD is used up: 0.5000 USD spent', tries: 0 })
    expect(model.asked).toHaveLength(2)
  })
  test('of 0 asks no priced model, and still gives what is stored', async () => {
    const dir = storeFolder()
    const model = priced()
    await doorWith(1, dir)(model, requestOf('known'), PATIENCE)
    const ask = doorWith(0, dir)
    expect(await ask(model, requestOf('known'), PATIENCE)).toMatchObject({ kind: 'reply', stored: true })
    expect(await ask(model, requestOf('new'), PATIENCE)).toMatchObject({ kind: 'failure', reason: 'budget' })
    expect(model.asked).toHaveLength(1)
  })
  test('is not used by stored replies', async () => {
    const dir = storeFolder()
    const model = priced()
    await doorWith(1, dir)(model, requestOf('known'), PATIENCE)
    const ask = doorWith(0.5, dir)
    for (let i = 0; i < 5; i++) await ask(model, requestOf('known'), PATIENCE)
    expect(await ask(model, requestOf('new'), PATIENCE)).toMatchObject({ kind: 'reply' })
  })
  test('is gone over by the calls that are under way, and by no more', async () => {
    const model = scriptedModel(() => sleep(5, replyOf('hello')), { simulated: false })
    const ask = doorWith(0.25)
    const first = await Promise.all(['a', 'b', 'c'].map((text) => ask(model, requestOf(text), PATIENCE)))
    expect(first.map(({ kind }) => kind)).toEqual(['reply', 'reply', 'reply'])
    expect(await ask(model, requestOf('d'), PATIENCE)).toMatchObject({
      reason: 'budget',
      detail: expect.stringContaining('0.7500'),
    })
  })
  test.each([
    ['was cut off', modelFault('socket closed', { retry: true }), 3],
    ['was answered by another form', modelFault('status 200, got HTML', { retry: true, status: 200 }), 3],
    ['was answered by an error status', modelFault('status 500', { retry: true, status: 500 }), 0],
  ])('counts every call that %s as one of unknown cost, if it may be billed', async (_, fault, unknown) => {
    const costs: (number | null)[] = []
    const spending = { ...createSpending(() => {}), count: (_: Model, costUsd: number | null) => void costs.push(costUsd) }
    const model = scriptedModel(() => Promise.reject(fault), { simulated: false })
    const ask = createAsk(storeFolder(), { spending, sleep: async () => {}, maxTries: 3 })
    expect(await ask(model, requestOf('hi'), PATIENCE)).toMatchObject({ kind: 'failure', tries: 3, unknown })
    expect(costs).toEqual(Array(unknown).fill(null))
  })
  test('knows nothing of a call that is given up at the deadline, and all of one that rules did not answer', async () => {
    const silent = (simulated: boolean) => scriptedModel(() => new Promise(() => {}), { simulated })
    const ask = createAsk(storeFolder(), { spending: createSpending(() => {}) })
    const answers = await Promise.all(
      [false, true].map((simulated) => ask(silent(simulated), requestOf(String(simulated)), { deadlineMs: 30 })),
    )
    expect(answers.map(({ tries, unknown }) => [tries, unknown])).toEqual([
      [1, 1],
      [1, 0],
    ])
    for (const { latencyMs } of answers) expect(latencyMs).toBeGreaterThanOrEqual(29)
  })
})

describe('the caller’s signal', () => {
  test('rejects with the caller’s reason also when the model ignores it', async () => {
    const caller = new AbortController()
    const model = scriptedModel(() => {
      queueMicrotask(() => caller.abort(new Error('stopped by hand')))
      return new Promise(() => {})
    })
    const asking = createAsk(storeFolder())(model, requestOf('hi'), { ...PATIENCE, signal: caller.signal })
    await expect(asking).rejects.toThrow('stopped by hand')
  })
  test('that is aborted already asks no model', async () => {
    const model = scriptedModel(() => 'hello')
    const signal = AbortSignal.abort(new Error('stopped before'))
    await expect(createAsk(storeFolder())(model, requestOf('hi'), { ...PATIENCE, signal })).rejects.toThrow('stopped before')
    expect(model.asked).toHaveLength(0)
  })
  test('keeps no listener once the answer is there, whatever it was', async () => {
    let listeners = 0
    const { signal } = new AbortController()
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--
      remove(...args)
    }
    const ask = createAsk(storeFolder())
    await ask(
      scriptedModel(() => 'hello'),
      requestOf('a'),
      { ...PATIENCE, signal },
    )
    await ask(
      scriptedModel(() => Promise.reject(new Error('no'))),
      requestOf('b'),
      { ...PATIENCE, signal },
    )
    await ask(
      scriptedModel(() => new Promise(() => {})),
      requestOf('c'),
      { deadlineMs: 5, signal },
    )
    expect(listeners).toBe(0)
  })
})

describe('a damaged store', () => {
  test('counts an entry whose text was changed as absent, and heals', async () => {
    const dir = storeFolder()
    const model = scriptedModel(() => 'hello')
    const ask = createAsk(dir)
    await ask(model, requestOf('hi'), PATIENCE)
    const database = new DatabaseSync(join(dir, 'replies.db'))
    expect(database.prepare("UPDATE replies SET reply = replace(reply, 'hello', 'jello')").run().changes).toBe(1)
    database.close()
    expect(await ask(model, requestOf('hi'), PATIENCE)).toMatchObject({ kind: 'reply', stored: false, reply: { text: 'hello' } })
    expect(await ask(model, requestOf('hi'), PATIENCE)).toMatchObject({ kind: 'reply', stored: true, reply: { text: 'hello' } })
    expect(model.asked).toHaveLength(2)
  })

  test('whose file is no database is a failure that names the folder, and asks no model', async () => {
    const dir = storeFolder()
    const model = scriptedModel(() => 'hello')
    await writeFile(join(dir, 'replies.db'), 'x'.repeat(5000))
    expect(await createAsk(dir)(model, requestOf('hi'), PATIENCE)).toMatchObject({
      kind: 'failure',
      detail: expect.stringContaining(`got ${dir}: file is not a database`),
    })
    expect(model.asked).toHaveLength(0)
  })

  test.each(['not JSON', '{"text":"a reply of another form"}'])(
    'whole content that is no reply counts as absent: %s',
    async (text) => {
      const dir = storeFolder()
      const model = scriptedModel(() => 'hello')
      replyStore(dir).put(requestKey(model, requestOf('hi')), text)
      expect(await createAsk(dir)(model, requestOf('hi'), PATIENCE)).toMatchObject({ stored: false, reply: { text: 'hello' } })
      expect(await createAsk(dir)(model, requestOf('hi'), PATIENCE)).toMatchObject({ stored: true, reply: { text: 'hello' } })
    },
  )

  test('a store that cannot be used is a failure that names it, and asks no model', async () => {
    const model = scriptedModel(() => 'hello')
    const dir = join(storeFolder(), 'a-file')
    await writeFile(dir, '')
    expect(await createAsk(dir)(model, requestOf('hi'), PATIENCE)).toMatchObject({
      kind: 'failure',
      reason: 'error',
      detail: expect.stringContaining(`reply store requires a folder to read and write, got ${dir}`),
    })
    expect(model.asked).toHaveLength(0)
  })
})

test('processes that write the same key at once all get a whole reply, and leave one behind', async () => {
  const dir = storeFolder()
  const texts = ['one', 'two', 'three', 'four'].map((text) => text.repeat(2000))
  const answers = await Promise.all(texts.map((text) => askElsewhere(dir, text)))
  for (const { answer } of answers) expect(texts).toContain(answer.kind === 'reply' ? answer.reply.text : answer.detail)
  const after = await askElsewhere(dir, 'too late')
  expect(after.asked).toBe(0)
  expect(texts).toContain(after.answer.kind === 'reply' ? after.answer.reply.text : after.answer.detail)
})
