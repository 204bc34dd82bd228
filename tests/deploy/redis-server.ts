import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

/** A real Redis of this machine, with a folder of its own. */
export interface RedisServer {
  readonly url: string
  readonly client: Redis
  /** Kills it as a crash would, and starts it again on what it had written. */
  readonly crash: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Whether redis-server is here; tests that need it are skipped otherwise, by name. */
export const REDIS_IS_HERE = (() => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** Starts a Redis on a free loopback port that keeps everything on disk before it answers. */
export async function startRedis(password = 'secret'): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), 'imcbench-redis-'))
  const port = await freePort()
  let server = await serve(dir, port, password)
  const url = `redis://:${password}@127.0.0.1:${port}`
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 100 })
  client.on('error', () => undefined)
  const kill = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const exit = once(server, 'exit')
    server.kill(signal)
    await exit
  }
  return {
    url,
    client,
    crash: async () => {
      await kill('SIGKILL')
      server = await serve(dir, port, password)
    },
    stop: async () => {
      client.disconnect()
      await kill('SIGTERM')
    },
  }
}

async function serve(dir: string, port: number, password: string): Promise<ChildProcess> {
  const persistence = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--requirepass', password, ...persistence]
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept connections')) break
  return server
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error(`freePort requires a port, got ${address}`)
  return address.port
}
