import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRows } from '../../analysis/results.ts'
import { Transcript } from '../../cases/transcript.ts'
import { faultOf, type Message, type Request } from '../../providers/model.ts'
import { modelOf } from '../../providers/models/registry.ts'
import { ROOT, runFolder, runPromptfoo } from '../pipeline/run-promptfoo.ts'
import { freePort } from './free-port.ts'
import { writeTinyText, writeTinyVision } from './tiny-model.ts'

const SERVER = process.env.LLAMA_SERVER || join(ROOT, '.engines', 'llama-server', 'llama-server')
const HOW = 'run: sh tests/engines/install.sh, or set LLAMA_SERVER'

describe.skipIf(!existsSync(SERVER))(`a real engine with random weights behind our compatible adapter (${HOW})`, () => {
  let server: ChildProcess
  let baseUrl: string

  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'llama-'))
    const [text, vision] = [join(dir, 'text.gguf'), join(dir, 'vision.gguf')]
    writeTinyText(text)
    writeTinyVision(vision)
    const port = await freePort()
    baseUrl = `http://127.0.0.1:${port}/v1`
    const address = ['--host', '127.0.0.1', '--port', String(port)]
    server = spawn(SERVER, ['-m', text, '--mmproj', vision, ...address, '-t', '1', '-np', '2', '-c', '16384'], {
      stdio: 'ignore',
    })
    while (server.exitCode === null && !(await isUp(baseUrl))) await sleep(50)
    expect(server.exitCode).toBeNull()
  }, 60_000)
  afterAll(async () => {
    server.kill()
    await once(server, 'exit')
  })

  const ask = (request: Partial<Request>, maxOutputTokens = 24) =>
    modelOf('compatible:tiny', { baseUrl, temperature: 0, maxOutputTokens }).reply(
      { system: 'You are a clinician.', messages: [], repeat: 0, ...request },
      AbortSignal.timeout(30_000),
    )
  const said = (text: string, bytes?: Uint8Array): Message => ({
    role: 'user',
    content: [
      { type: 'text', text },
      ...(bytes === undefined ? [] : [{ type: 'image' as const, mime: 'image/jpeg' as const, bytes }]),
    ],
  })

  test('gives the same answer to the same picture, another to another picture, and another to none', async () => {
    const [dark, light] = await Promise.all([picture('#331100'), picture('#ffeedd')])
    const answers = await Promise.all(
      [dark, dark, light, undefined].map((bytes) => ask({ messages: [said('What is this?', bytes)] })),
    )
    const [first, again, other, none] = answers.map(({ text }) => text)
    expect(first).not.toBe('')
    expect(again).toBe(first)
    expect(new Set([first, other, none]).size).toBe(3)
  })

  test('answers in the form of a schema although its weights are random', async () => {
    const properties = { score: { enum: [1, 2, 3, 4, 5] }, word: { enum: ['safe', 'unsafe'] } }
    const json = { type: 'object', properties, required: ['score', 'word'], additionalProperties: false }
    const { text, stop } = await ask({ messages: [said('Judge.')], schema: { name: 'verdict', json } }, 200)
    expect(stop).toBe('end')
    expect(JSON.parse(text)).toEqual({ score: expect.any(Number), word: expect.stringMatching(/^(safe|unsafe)$/) })
  })

  test('counts the tokens of the talk so far as read from its cache', async () => {
    const opening = said(`Hello. ${'I have a spot on my arm. '.repeat(20)}`)
    const first = await ask({ messages: [opening] })
    expect(first.usage).toMatchObject({ outputTokens: 24 })
    const reply: Message = { role: 'assistant', content: [{ type: 'text', text: 'How long?' }] }
    const second = await ask({ messages: [opening, reply, said('A week.')] })
    expect(second.usage.cacheReadTokens).toBeGreaterThan(400)
    expect(second.usage.inputTokens).toBeLessThan(150)
  })

  test('refuses a talk that is longer than its context, once and with a reason', async () => {
    const error = await ask({ messages: [said('long '.repeat(4000))] }).catch((thrown: unknown) => thrown)
    expect(faultOf(error)).toMatchObject({ retry: false, status: 400 })
    expect(String(error)).toMatch(/context/)
  })

  test('is run by promptfooconfig.local.yaml: every cell ends, and the picture and the record change what is said', async () => {
    const run = await runPromptfoo(await runFolder(), {
      file: 'promptfooconfig.local.yaml',
      config: (given) => ({
        ...given,
        providers: JSON.parse(
          JSON.stringify(given.providers)
            .replace('"deadlineSeconds":3600', '"maxTurns":2,"deadlineSeconds":60')
            .replace('"settings":{', '"settings":{"maxOutputTokens":40,"temperature":0,'),
        ),
      }),
      args: ['--filter-pattern', 'nose'],
      env: { LOCAL_BASE_URL: baseUrl, LOCAL_MODEL: 'tiny' },
    })
    expect(run.code, run.output).toBe(0)
    const held = readRows(await run.results(), 'results.json').map((row) => Transcript.parse(row.response?.metadata?.transcript))
    expect(held.map(({ arm, stop, model }) => `${model.id} ${arm} ${stop.reason}`).toSorted()).toEqual(
      ['full', 'no-ehr', 'no-image'].map((arm) => `compatible:tiny ${arm} max_turns`),
    )
    expect(new Set(held.map(({ turns }) => turns[1]?.text)).size).toBe(3)
    for (const { costUsd, usage } of held) {
      expect(costUsd).toBeNull()
      expect(usage.cacheReadTokens).toBeGreaterThan(0)
    }
  })
})

function picture(colour: string): Promise<Uint8Array> {
  return sharp({ create: { width: 64, height: 64, channels: 3, background: colour } })
    .jpeg()
    .toBuffer()
}

async function isUp(baseUrl: string): Promise<boolean> {
  return fetch(baseUrl.replace('/v1', '/health')).then(
    ({ ok }) => ok,
    () => false,
  )
}
