import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createAsk } from '../../providers/ask.ts'
import { modelOf } from '../../providers/models/registry.ts'
import type { Settings } from '../../providers/models/settings.ts'
import { ROOT } from '../pipeline/run-promptfoo.ts'
import { type Peer, startPeer } from '../providers/models/peer.ts'
import { storeFolder } from '../providers/models.ts'
import { freePort } from './free-port.ts'

const NGINX = process.env.NGINX || join(ROOT, '.engines', 'nginx', 'nginx')
const HOW = 'run: sh tests/engines/install.sh, or set NGINX'
const CALLS = 200
const CALLERS = 40

describe.skipIf(!existsSync(NGINX))(`40 callers in front of nginx, which lets 20 requests a second through (${HOW})`, () => {
  let peer: Peer
  let nginx: ChildProcess
  let url: string

  beforeAll(async () => {
    peer = await startPeer()
    peer.mock.on({ model: /./ }, { content: 'Please see a doctor.', usage: { input_tokens: 10, output_tokens: 5 } })
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    nginx = spawn(NGINX, ['-e', 'stderr', '-c', configFile(port, peer.url)], { stdio: 'ignore' })
    while (nginx.exitCode === null && !(await answers(url))) await sleep(50)
    expect(nginx.exitCode).toBeNull()
    vi.stubEnv('ANTHROPIC_API_KEY', 'none')
    vi.stubEnv('OPENAI_API_KEY', 'none')
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'none')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none')
  }, 30_000)
  afterAll(async () => {
    vi.unstubAllEnvs()
    nginx.kill()
    await once(nginx, 'exit')
    await peer.stop()
  })

  /** Makes the calls and gives how many were answered, how many were made, and how many nginx let through. */
  async function storm(id: string, settings: Settings) {
    const ask = createAsk(storeFolder())
    const model = modelOf(id, { ...settings, baseUrl: id.startsWith('openai') ? `${url}/v1` : url, region: 'us-east-1' })
    const before = peer.wire.length
    const callers = pLimit(CALLERS)
    const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'What is this?' }] }]
    const all = await Promise.all(
      Array.from({ length: CALLS }, (_, repeat) =>
        callers(() => ask(model, { system: 'You are a clinician.', messages, repeat }, { deadlineMs: 120_000 })),
      ),
    )
    const answered = all.filter(({ kind }) => kind === 'reply').length
    return { answered, made: all.reduce((sum, { tries }) => sum + tries, 0), through: peer.wire.length - before }
  }

  test.each(['anthropic:claude-haiku-4-5', 'openai:gpt-5-mini', 'bedrock:us.amazon.nova-2-lite-v1:0'])(
    'retrying alone gets an answer for at least 198 of 200 calls of %s, each once',
    async (id) => {
      const { answered, made, through } = await storm(id, {})
      expect(made).toBeGreaterThan(CALLS)
      expect(answered).toBeGreaterThanOrEqual(0.99 * CALLS)
      expect(through).toBe(answered)
    },
    120_000,
  )

  test('with a limit of 1,080 requests a minute, none of 200 calls is made in vain', async () => {
    expect(await storm('openai:gpt-5.2', { limits: { requestsPerMinute: 1080 } })).toEqual({
      answered: CALLS,
      made: CALLS,
      through: CALLS,
    })
  }, 120_000)
})

function configFile(port: number, upstream: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'nginx-'))
  mkdirSync(join(dir, 'temp'))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (one) => `${one}_temp_path ${join(dir, 'temp', one)};`,
  )
  const file = join(dir, 'nginx.conf')
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${join(dir, 'pid')};
events { worker_connections 512; }
http {
  access_log off; ${temporary.join(' ')}
  limit_req_zone all zone=calls:1m rate=20r/s;
  limit_req_status 429;
  server {
    listen 127.0.0.1:${port};
    location = /up { return 204; }
    location / { limit_req zone=calls burst=5 nodelay; proxy_pass ${upstream}; proxy_http_version 1.1; proxy_set_header Host $host; }
  }
}
`,
  )
  return file
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/up`).then(
    ({ ok }) => ok,
    () => false,
  )
}
