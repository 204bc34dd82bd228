import type { Spending } from './budget.ts'
import type { RateLimiter } from './rate-limit.ts'
import type { ReplyStore } from './reply-store.ts'

/** What the processes of a run share, on one machine or many. */
export interface SharedParts {
  readonly store: ReplyStore
  readonly limiter: RateLimiter
  readonly spending: Spending
}

/** Where it is kept: the Redis of `IMCBENCH_REDIS` and the run of `IMCBENCH_RUN`. */
export interface SharedPlace {
  /** Such as `redis://:password@host:6379/0`. */
  readonly url: string
  /** Whose budget it is; replies are shared by all runs, rate limits by all runs that ask the same model. */
  readonly run: string
}

/**
 * The place that the environment names, or undefined when `IMCBENCH_REDIS` is not set.
 *
 * @param named the run, in place of `IMCBENCH_RUN`
 * @throws Error when `IMCBENCH_RUN` does not name the run in letters, digits, dots, dashes and underscores
 */
export function sharedPlace(named?: string): SharedPlace | undefined {
  const url = process.env.IMCBENCH_REDIS?.trim()
  if (url === undefined || url === '') return undefined
  const run = named ?? process.env.IMCBENCH_RUN?.trim() ?? ''
  if (!RUN_NAME.test(run))
    throw new Error(`IMCBENCH_REDIS requires IMCBENCH_RUN, a name of ${RUN_NAME_WORDS}, got ${JSON.stringify(run)}`)
  return { url, run }
}

/** What a run may be called: it is part of keys and of folder names. */
export const RUN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** The same in words. */
export const RUN_NAME_WORDS = '1 to 64 letters, digits, dots, dashes and underscores that begins with a letter or digit'

let opened: Promise<SharedParts> | undefined

/**
 * The shared parts of this process, connected once; undefined where no Redis is named, and then no Redis client is loaded.
 *
 * @throws Error that names the address without its password when the Redis cannot be reached or refuses
 */
export async function sharedParts(): Promise<SharedParts | undefined> {
  const place = sharedPlace()
  if (place === undefined) return undefined
  opened ??= openShared(place)
  try {
    return await opened
  } catch (error) {
    opened = undefined
    throw error
  }
}

async function openShared({ url, run }: SharedPlace): Promise<SharedParts> {
  const [{ connectRedis }, { redisReplyStore }, { redisRateLimiter }, { redisSpending }] = await Promise.all([
    import('./redis.ts'),
    import('./reply-store-redis.ts'),
    import('./rate-limit-redis.ts'),
    import('./budget-redis.ts'),
  ])
  const redis = await connectRedis(url)
  return {
    store: redisReplyStore(redis),
    limiter: redisRateLimiter(redis),
    spending: redisSpending(redis, run, (line) => process.stderr.write(`${line}\n`)),
  }
}
