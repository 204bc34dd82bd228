import { Redis } from 'ioredis'

/** A connection that keeps the process alive only while something is asked of it. */
export interface SharedRedis {
  readonly client: Redis
  /** Runs commands; rejects when the Redis has not answered for about a minute. */
  readonly use: <T>(commands: (client: Redis) => Promise<T>) => Promise<T>
}

// A Redis that is restarted loads its file first; commands wait this long for it and are then sent again.
const [TRIES, LONGEST_PAUSE_MS, CONNECT_MS] = [60, 1_000, 10_000]

/**
 * Connects to the Redis at that address.
 *
 * @throws Error that names the address without its password when it cannot be reached or refuses
 */
export async function connectRedis(url: string): Promise<SharedRedis> {
  const client = await openRedis(url, TRIES)
  let pending = 0
  // ioredis makes a new socket for every connection.
  client.on('connect', () => hold(client, pending > 0))
  hold(client, false)
  return {
    client,
    use: async (commands) => {
      pending += 1
      hold(client, true)
      try {
        return await commands(client)
      } finally {
        pending -= 1
        hold(client, pending > 0)
      }
    },
  }
}

/**
 * A connected client.
 *
 * @param tries connections that a command waits for after a connection is lost; null for ever
 * @throws Error that names the address without its password when it cannot be reached or refuses
 */
export async function openRedis(url: string, tries: number | null): Promise<Redis> {
  if (!/^rediss?:\/\//.test(url)) throw new Error(`IMCBENCH_REDIS requires redis://… or rediss://…, got ${shown(url)}`)
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: tries,
    retryStrategy: (times) => Math.min(LONGEST_PAUSE_MS, 50 * times),
  })
  const failed = new Promise<never>((_, reject) => client.on('error', reject))
  failed.catch(() => undefined)
  try {
    await Promise.race([client.connect().then(() => client.ping()), failed])
    return client
  } catch (cause) {
    client.disconnect()
    const { message, code } = cause as Error & { code?: string }
    throw new Error(`${shown(url)} requires a Redis that answers, got ${message || code}`, { cause })
  }
}

/** The address without user and password. */
function shown(url: string): string {
  return url.replace(/\/\/.*@/, '//…@')
}

function hold({ stream }: Redis, alive: boolean): void {
  if (alive) stream?.ref?.()
  else stream?.unref?.()
}
