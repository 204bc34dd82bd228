import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getLocal, type Mockttp } from 'mockttp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { faultOf } from '../../../providers/model.ts'
import { modelOf } from '../../../providers/models/registry.ts'
import type { Settings } from '../../../providers/models/settings.ts'
import { talkRequest } from './hosted-calls.ts'

const SECRET = 'sk-test-0123456789abcdef'
const MODELS = ['anthropic:claude-opus-4-6', 'openai:gpt-5.2', 'compatible:local', 'bedrock:us.amazon.nova-pro-v1:0']
const TEXT = talkRequest(1, { messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }] })
const JSON_TYPE = { 'content-type': 'application/json' }

let server: Mockttp
let requests = 0
beforeAll(async () => {
  server = getLocal()
  await server.start()
})
afterAll(() => server.stop())
afterEach(() => {
  vi.unstubAllEnvs()
})
beforeEach(async () => {
  server.reset()
  requests = 0
  await server.on('request', () => {
    requests += 1
  })
  for (const name of ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'COMPATIBLE_API_KEY', 'AWS_SECRET_ACCESS_KEY'])
    vi.stubEnv(name, SECRET)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id')
})

/** The error of one call, and its fault. */
async function failureOf(id: string, settings: Settings = {}, signal = AbortSignal.timeout(30_000)) {
  const model = modelOf(id, { baseUrl: server.url, region: 'us-east-1', ...settings })
  const error: unknown = await model.reply(TEXT, signal).then(
    () => new Error('a reply came where a failure was expected'),
    (thrown: unknown) => thrown,
  )
  return { message: (error as Error).message, fault: faultOf(error), error: error as Error }
}

/** An error’s body as each vendor writes it. */
function bodyOf(id: string, type: string, message: string): string {
  return id.startsWith('bedrock')
    ? JSON.stringify({ message })
    : JSON.stringify({ type: 'error', error: { type, message, code: type } })
}

describe.each(MODELS)('one call of %s', (id) => {
  const answer = (status: number, type: string, message: string, headers: Record<string, string> = {}) =>
    server.forPost().thenReply(status, bodyOf(id, type, message), { ...JSON_TYPE, 'x-amzn-errortype': type, ...headers })

  test.each([
    [429, 'ThrottlingException', true],
    [500, 'InternalServerException', true],
    [503, 'ServiceUnavailableException', true],
    [529, 'overloaded_error', true],
    [408, 'ModelTimeoutException', true],
    [424, 'ModelErrorException', true],
    [400, 'ValidationException', false],
    [404, 'ResourceNotFoundException', false],
    [413, 'request_too_large', false],
  ])('that is answered %d %s is a fault with that status, tried again: %s, after one request', async (status, type, retry) => {
    await answer(status, type, 'a few words')
    const { fault, message } = await failureOf(id)
    expect(fault).toMatchObject({ retry, status })
    expect(message).not.toMatch(/429|rate limit/i)
    expect(requests).toBe(1)
  })
  test.each([
    ['retry-after', '2', 2000],
    ['retry-after-ms', '150', 150],
    ['retry-after', 'soon', undefined],
  ])('that is told %s: %s waits that long', async (header, value, expected) => {
    await answer(429, 'ThrottlingException', 'Rate limit reached', { [header]: value })
    expect((await failureOf(id)).fault?.retryAfterMs).toBe(expected)
  })
  test('that is told a date waits until then', async () => {
    await answer(503, 'ServiceUnavailableException', 'x', { 'retry-after': new Date(Date.now() + 60_000).toUTCString() })
    const wait = (await failureOf(id)).fault?.retryAfterMs ?? 0
    expect(wait).toBeGreaterThan(50_000)
    expect(wait).toBeLessThanOrEqual(60_000)
  })
  test.each([401, 403])('that is answered %d says which variable to check and never the key', async (status) => {
    await answer(status, 'AccessDeniedException', `Incorrect API key provided: ${SECRET.slice(0, 8)}****cdef, not ${SECRET}`)
    const { fault, error } = await failureOf(id)
    expect(fault).toMatchObject({ retry: false, status })
    expect(error.message).toMatch(/refused the key or its rights.*check (ANTHROPIC|OPENAI|COMPATIBLE|AWS)_/)
    for (const part of [SECRET, 'cdef', SECRET.slice(3)]) expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(part)
    expect(error.cause).toBeUndefined()
  })
  test('that quotes a key in another error has it taken out', async () => {
    await answer(400, 'ValidationException', `bad header ${SECRET}`)
    expect((await failureOf(id)).message).toMatch(/400.*bad header \[key\]$/)
  })
  test('that is too long for the context says so in the vendor’s words', async () => {
    await answer(400, 'ValidationException', 'prompt is too long: 210000 tokens > 200000 maximum')
    expect((await failureOf(id)).message).toContain('prompt is too long: 210000 tokens')
  })
  test.each([
    ['an HTML page', 200, '<!DOCTYPE html><html><body>Welcome</body></html>', 'text/html', /requires a reply|broken JSON/],
    ['an empty body', 200, '', 'application/json', /requires a reply/],
    ['an empty object', 200, '{}', 'application/json', /requires a reply/],
    ['another form', 200, '{"hello":"world"}', 'application/json', /requires a reply/],
    ['JSON that is cut off', 200, '{"id":"x","content":[{"ty', 'application/json', /requires a reply/],
    ['a bare text', 200, '"hello"', 'application/json', /requires a reply/],
  ])('that is answered with success and %s is a fault that may be tried again', async (_, status, body, type, message) => {
    await server.forPost().thenReply(status, body, { 'content-type': type })
    const failure = await failureOf(id)
    expect(failure.fault).toMatchObject({ retry: true })
    expect(failure.message).toMatch(message)
    expect(failure.message).not.toContain('Welcome')
  })
  test('that is answered with success and an HTML page is tried twice at most, since an address may be wrong', async () => {
    await server.forPost().thenReply(200, '<!doctype html><p>Sign in</p>', { 'content-type': 'text/html' })
    expect((await failureOf(id)).fault).toMatchObject({ retry: true, maxTries: 2 })
  })
  test('that is answered 502 with an HTML page does not repeat the page', async () => {
    await server.forPost().thenReply(502, '<html><h1>Bad gateway of someone</h1></html>', { 'content-type': 'text/html' })
    const { fault, message } = await failureOf(id)
    expect(fault).toMatchObject({ retry: true, status: 502 })
    expect(message).not.toContain('someone')
  })
  test('that is reset or closed is a fault that may be tried again', async () => {
    await server.forPost().once().thenResetConnection()
    await server.forPost().thenCloseConnection()
    for (const failure of [await failureOf(id), await failureOf(id)]) {
      expect(failure.fault).toMatchObject({ retry: true })
      expect(failure.message).toMatch(/could not be reached or broke off/)
    }
    expect(requests).toBe(2)
  })
  test('that is never answered ends after timeoutSeconds as a fault that may be tried again', async () => {
    await server.forPost().thenTimeout()
    expect((await failureOf(id, { timeoutSeconds: 0.5 })).fault).toMatchObject({ retry: true })
  })
  test('that nobody listens to is a fault that may be tried again', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as AddressInfo
    closed.close()
    await once(closed, 'close')
    const { message, fault } = await failureOf(id, { baseUrl: `http://127.0.0.1:${port}` })
    expect(message).toMatch(/could not be reached.*ECONNREFUSED/)
    expect(fault).toMatchObject({ retry: true })
  })
  test('to a host that does not exist is a fault that is not tried again', async () => {
    const { message, fault } = await failureOf(id, { baseUrl: 'http://nobody.invalid' })
    expect(message).toMatch(/could not be reached/)
    expect(fault?.retry).toBe(/EAI_AGAIN/.test(message))
  })
  test('that is called off rejects with the signal’s own reason', async () => {
    await server.forPost().thenTimeout()
    const stop = new AbortController()
    const reason = new Error('stopped by hand')
    setTimeout(() => stop.abort(reason), 150)
    expect((await failureOf(id, {}, stop.signal)).error).toBe(reason)
    expect((await failureOf(id, {}, AbortSignal.abort(reason))).error).toBe(reason)
  })
})

describe.each(MODELS)('a body of %s that stalls after its head', (id) => {
  let stalling: Server
  let baseUrl: string
  beforeAll(async () => {
    stalling = createServer((request, response) => {
      request.resume()
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' })
      response.write('{"id":')
    })
    await once(stalling.listen(0, '127.0.0.1'), 'listening')
    baseUrl = `http://127.0.0.1:${(stalling.address() as AddressInfo).port}`
  })
  afterAll(() => {
    stalling.closeAllConnections()
    stalling.close()
  })
  test('ends after timeoutSeconds as a fault that may be tried again', async () => {
    expect((await failureOf(id, { baseUrl, timeoutSeconds: 0.7 })).fault).toMatchObject({ retry: true })
  })
  test('ends at once when it is called off', async () => {
    const reason = new Error('stopped by hand')
    const stop = new AbortController()
    setTimeout(() => stop.abort(reason), 200)
    expect((await failureOf(id, { baseUrl }, stop.signal)).error).toBe(reason)
  })
})

describe.each(MODELS)('a success of %s whose connection breaks in the body', (id) => {
  test('is a fault that may be tried again', async () => {
    const breaking = createServer((request, response) => {
      request.resume()
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' })
      response.write('{"id":', () => response.destroy())
    })
    await once(breaking.listen(0, '127.0.0.1'), 'listening')
    const baseUrl = `http://127.0.0.1:${(breaking.address() as AddressInfo).port}`
    expect((await failureOf(id, { baseUrl })).fault).toMatchObject({ retry: true })
    breaking.close()
  })
})

test.each([
  ['anthropic:claude-opus-4-6', 'ANTHROPIC_API_KEY'],
  ['openai:gpt-5.2', 'OPENAI_API_KEY'],
])('a call of %s without a key names the variable and sends nothing', async (id, variable) => {
  vi.stubEnv(variable, '')
  const { message, fault } = await failureOf(id)
  expect(message).toContain(`requires a key in the environment variable ${variable}`)
  expect(fault).toEqual({ retry: false })
  expect(requests).toBe(0)
})

test('an account without quota is a fault that is not tried again', async () => {
  await server.forPost().thenReply(429, bodyOf('openai', 'insufficient_quota', 'You exceeded your quota'), JSON_TYPE)
  const { message, fault } = await failureOf('openai:gpt-5.2')
  expect(fault).toMatchObject({ retry: false, status: 429 })
  expect(message).toContain('quota is used up')
})

describe('a call of Bedrock', () => {
  const bare = () => {
    const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_BEARER_TOKEN_BEDROCK', 'AWS_REGION']
    for (const name of names) vi.stubEnv(name, undefined)
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, join(tmpdir(), 'no-such-file'))
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  }
  const failure = async (settings: Settings) => {
    const model = modelOf('bedrock:us.amazon.nova-pro-v1:0', { baseUrl: server.url, ...settings })
    const error = await model.reply(TEXT, AbortSignal.timeout(30_000)).catch((thrown: Error) => thrown)
    return { message: (error as Error).message, fault: faultOf(error) }
  }
  test('without credentials says how to give them', async () => {
    bare()
    const { message, fault } = await failure({ region: 'eu-west-1' })
    expect(message).toMatch(/^bedrock requires credentials: set AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY/)
    expect(fault).toEqual({ retry: false })
    expect(requests).toBe(0)
  })
  test('without a region says where to set it', async () => {
    bare()
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'no-region')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET)
    const { message, fault } = await failure({})
    expect(message).toBe('bedrock requires a region: set region in the settings, or AWS_REGION')
    expect(fault).toEqual({ retry: false })
  })
})
