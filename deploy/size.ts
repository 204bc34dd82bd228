import type { PlanRow } from '../providers/planned.ts'

/** How a run is to be held. */
export interface Pace {
  readonly workers: number
  /** Conversations at once in one worker. */
  readonly concurrency: number
  /** Seconds that a model takes for one reply. */
  readonly replySeconds: number
  /** Replies one after the other in a conversation, its round of verdicts included. */
  readonly rounds: number
  /** Limits of every model, a minute; undefined for none. */
  readonly requestsPerMinute?: number | undefined
  readonly tokensPerMinute?: number | undefined
}

/** What a run of a given size takes. */
export interface Size {
  readonly conversations: number
  readonly calls: number
  /** US dollars; null when a price is not known. */
  readonly costUsd: number | null
  readonly seconds: number
  /** What the time follows from: the workers, or the limit of the model that is asked most. */
  readonly bound: string
}

// What a rate limit over several processes leaves free (rate-limit-redis.ts).
const USED = 0.95

/**
 * Cost and time of a run that is `scale` times a planned one. The time is the longest of what the workers need to hold all
 * conversations and what each model's limits allow, as if all models were asked all the time; it is without the start of
 * shards and without faults, and therefore the least that a run takes.
 *
 * @param rows of `planOf`; rows of one model under several roles share its limit
 * @param scale above 0, such as cases wanted over cases planned
 */
export function sizeOf(rows: readonly PlanRow[], scale: number, pace: Pace): Size {
  const held = rows.filter(({ role }) => role === 'clinician')
  const conversations = sum(held, ({ conversations: all }) => all) * scale
  const atOnce = pace.workers * pace.concurrency
  const byWorkers = { seconds: (conversations * pace.rounds * pace.replySeconds) / atOnce, bound: 'workers' }
  const byModel = [...Map.groupBy(rows, ({ model }) => model.id).values()].flatMap((of) => limitsOf(of, scale, pace))
  const longest = [byWorkers, ...byModel].reduce((most, one) => (one.seconds > most.seconds ? one : most))
  const unknown = rows.some(({ costUsd }) => costUsd === null)
  return {
    conversations,
    calls: sum(rows, ({ calls }) => calls) * scale,
    costUsd: unknown ? null : sum(rows, ({ costUsd }) => costUsd ?? 0) * scale,
    ...longest,
  }
}

function limitsOf(rows: readonly PlanRow[], scale: number, { requestsPerMinute, tokensPerMinute }: Pace) {
  const label = rows[0]?.model.label ?? ''
  const seconds = (amount: number, aMinute: number | undefined) =>
    aMinute === undefined ? 0 : (60 * amount * scale) / (USED * aMinute)
  const tokens = ({ usage }: PlanRow) => (usage.inputTokens ?? 0) + (usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0)
  return [
    {
      seconds: seconds(
        sum(rows, ({ calls }) => calls),
        requestsPerMinute,
      ),
      bound: `requests of ${label}`,
    },
    { seconds: seconds(sum(rows, tokens), tokensPerMinute), bound: `tokens of ${label}` },
  ]
}

function sum(rows: readonly PlanRow[], of: (row: PlanRow) => number): number {
  return rows.reduce((all, row) => all + of(row), 0)
}
