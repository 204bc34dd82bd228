import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createAsk } from '../../providers/ask.ts'
import { createFirstContact } from '../../providers/first-contact.ts'
import { type Model, modelFault, type Part, type Request } from '../../providers/model.ts'
import { replyOf, scriptedModel, storeFolder } from './models.ts'

const VIEW = 'the same view '.repeat(400)

/** A juror’s request: a long marked view, then a question of its own. */
function about(question: string, view = VIEW): Request {
  const content: Part[] = [
    { type: 'text', text: view, cache: true },
    { type: 'text', text: question },
  ]
  return { system: 'judge', messages: [{ role: 'user', content }], repeat: 0 }
}

/** A model that answers when told to, and how many of its calls are open. */
function heldModel(rest: Partial<Model> = {}) {
  const open: PromiseWithResolvers<unknown>[] = []
  const model = scriptedModel(
    () => {
      const held = Promise.withResolvers<unknown>()
      open.push(held)
      return held.promise
    },
    { smallestCache: 1024, ...rest },
  )
  return { model, open }
}

function door(sleep?: Parameters<typeof createFirstContact>[0], now?: () => number) {
  return createAsk(storeFolder(), { firstContact: createFirstContact(sleep, now), maxTries: 1 })
}
const patience = { deadlineMs: 20_000 }
/** Enough turns of the event loop for all that waits for nothing outside this process. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await turn()
}
const questions = ['safety', 'accuracy', 'uncertainty']

describe('requests that share a new beginning', () => {
  test('are sent after the first one is answered, and then all at once', async () => {
    const { model, open } = heldModel()
    const ask = door()
    const answers = questions.map((question) => ask(model, about(question), patience))
    await settled()
    expect(open).toHaveLength(1)
    open[0]?.resolve('first')
    await settled()
    expect(open).toHaveLength(3)
    for (const held of open) held.resolve('next')
    expect((await Promise.all(answers)).map(({ kind }) => kind)).toEqual(['reply', 'reply', 'reply'])
  })
  test('do not wait again while the vendor keeps the beginning, which is 5 minutes after its last use', async () => {
    let now = 0
    const { model, open } = heldModel()
    const ask = door(undefined, () => now)
    const first = ask(model, about('0'), patience)
    await settled()
    open[0]?.resolve('x')
    await first
    now = 299_000
    const soon = ['1', '2'].map((question) => ask(model, about(question), patience))
    await settled()
    expect(open).toHaveLength(3)
    for (const held of open) held.resolve('x')
    await Promise.all(soon)
    now += 300_001
    const late = ['3', '4'].map((question) => ask(model, about(question), patience))
    await settled()
    expect(open).toHaveLength(4)
    open[3]?.resolve('x')
    await settled()
    open[4]?.resolve('x')
    await Promise.all(late)
  })
  test('go on together when the first one fails, and after 30 s of waiting', async () => {
    const { model, open } = heldModel()
    const ask = door()
    const answers = questions.map((question) => ask(model, about(question), patience))
    await settled()
    open[0]?.reject(modelFault('status 503', { retry: false, status: 503 }))
    await settled()
    expect(open).toHaveLength(3)
    for (const held of open) held.resolve('x')
    expect((await Promise.all(answers)).map(({ kind }) => kind).toSorted()).toEqual(['failure', 'reply', 'reply'])

    const waits: number[] = []
    const slow = heldModel()
    const impatient = door(async (ms) => void waits.push(ms))
    const more = questions.map((question) => impatient(slow.model, about(question), patience))
    await settled()
    expect(waits).toEqual([30_000, 30_000])
    expect(slow.open).toHaveLength(3)
    for (const held of slow.open) held.resolve('x')
    await Promise.all(more)
  })
  test('reject at once when their own signal is aborted while they wait', async () => {
    const { model, open } = heldModel()
    const ask = door()
    const stop = new AbortController()
    const first = ask(model, about('0'), patience)
    const second = ask(model, about('1'), { ...patience, signal: stop.signal })
    await settled()
    stop.abort(new Error('enough'))
    await expect(second).rejects.toThrow('enough')
    open[0]?.resolve('x')
    await first
    expect(open).toHaveLength(1)
  })
})

describe('requests that nothing is gained by holding back', () => {
  const sentAtOnce = async (requests: readonly Request[], rest: Partial<Model> = {}) => {
    const { model, open } = heldModel(rest)
    const ask = door()
    const answers = requests.map((request) => ask(model, request, patience))
    await settled()
    const sent = open.length
    for (const held of open) held.resolve(replyOf('x'))
    await Promise.all([answers, settled()])
    return sent
  }
  test('are sent at once: to a model without a cache, below its smallest length, of another view', async () => {
    expect(
      await sentAtOnce(
        questions.map((question) => about(question)),
        { smallestCache: undefined },
      ),
    ).toBe(3)
    expect(
      await sentAtOnce(
        questions.map((question) => about(question)),
        { smallestCache: 4096 },
      ),
    ).toBe(3)
    expect(await sentAtOnce(questions.map((question) => about(question, `${question} ${VIEW}`)))).toBe(3)
  })
  test('are sent at once when the beginning is the whole request, as in repeats of a conversation’s first turn', async () => {
    const opening = (repeat: number): Request => ({
      system: 's',
      messages: [{ role: 'user', content: [{ type: 'text', text: VIEW, cache: true }] }],
      repeat,
    })
    expect(await sentAtOnce([opening(0), opening(1)])).toBe(2)
  })
})
