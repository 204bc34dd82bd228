import { sha256Of } from '../cases/sha256.ts'
import type { SharedRedis } from './redis.ts'
import type { ReplyStore } from './reply-store.ts'

const HASH_LENGTH = 64

/**
 * Replies in a Redis, under `imcbench:reply:<key>`, each behind the hash of its text. They stay until they are deleted there.
 * What survives a crash of the Redis is for its own persistence to say (`appendonly yes`).
 *
 * @throws Error, from `get` and `put`, when the Redis does not answer
 */
export function redisReplyStore({ use }: SharedRedis): ReplyStore {
  return {
    get: async (key) => {
      const kept = await asked(use((client) => client.get(nameOf(key))))
      const text = kept?.slice(HASH_LENGTH)
      return kept === null || text === undefined || sha256Of(text) !== kept.slice(0, HASH_LENGTH) ? undefined : text
    },
    put: async (key, text) => {
      await asked(use((client) => client.set(nameOf(key), `${sha256Of(text)}${text}`)))
    },
  }
}

function nameOf(key: string): string {
  return `imcbench:reply:${key}`
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw new Error(`reply store requires a Redis that answers, got ${(cause as Error).message}`, { cause })
  }
}
