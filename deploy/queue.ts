import { type Job, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { openRedis } from '../providers/redis.ts'
import type { SharedPlace } from '../providers/shared.ts'
import { differences, type PlannedShards, RunIdentity } from './run.ts'

/** What a job says: which shard, and what it is expected to cost in the run’s unit. */
export interface ShardJob {
  readonly shard: number
  readonly cost: number
}

/** What a finished job says. */
export interface ShardResult {
  readonly rows: number
  readonly sha256: string
}

// How often a shard that fails is tried.
const TRIES = 3

/** How often a shard may lose its worker before it is given up. */
export const LOST_WORKERS = 5

/** Keys of BullMQ begin with this. */
export const PREFIX = 'imcbench'

/** Where a run stands. */
export interface Progress {
  readonly done: number
  readonly failed: number
  readonly running: number
  readonly waiting: number
  /** Share of the expected cost that is done, from 0 to 1. */
  readonly share: number
  /** Milliseconds since the first shard began; 0 when none has. */
  readonly elapsedMs: number
}

/** The queue of a run. */
export interface RunQueue {
  readonly client: Redis
  /** The run as it was enqueued, or undefined. */
  readonly identity: () => Promise<RunIdentity | undefined>
  /** Puts all shards into the queue, or those back that have failed when the run is there already. */
  readonly enqueue: (run: PlannedShards) => Promise<{ readonly added: number; readonly back: number }>
  readonly progress: () => Promise<Progress>
  /** The first line of why shards have failed, by their number. */
  readonly failures: () => Promise<ReadonlyMap<number, string>>
  readonly close: () => Promise<void>
}

/**
 * Connects to the queue of a run.
 *
 * @throws Error that names the address without its password when the Redis cannot be reached or refuses
 */
export async function openQueue({ url, run }: SharedPlace): Promise<RunQueue> {
  const client = await openRedis(url, null)
  const queue = new Queue<ShardJob, ShardResult>(run, { connection: client, prefix: PREFIX })
  queue.on('error', () => undefined)
  const record = `imcbench:{${run}}:record`
  const identity = async () => {
    const text = await client.get(record)
    return text === null ? undefined : RunIdentity.parse(JSON.parse(text))
  }
  return {
    client,
    identity,
    enqueue: async (planned) => {
      if ((await client.set(record, JSON.stringify(planned.identity), 'NX')) === null) requireSame(planned, await identity())
      return fill(queue, planned)
    },
    progress: () => progressOf(queue),
    failures: async () => {
      const failed = await queue.getFailed()
      return new Map(
        failed.map(({ data, failedReason }) => [data.shard, (failedReason ?? '').split('\n')[0]?.slice(0, 120) ?? '']),
      )
    },
    close: async () => {
      await queue.close()
      client.disconnect()
    },
  }
}

function requireSame({ identity }: PlannedShards, there: RunIdentity | undefined): void {
  const found = there === undefined ? ['record'] : differences(identity, there)
  if (found.length > 0)
    throw new Error(
      `--run requires a name of its own for each run, got ${identity.name}, which has another ${found.join(', another ')}`,
    )
}

async function fill(queue: Queue<ShardJob, ShardResult>, { costs }: PlannedShards) {
  const ids = costs.map((_, shard) => `shard-${shard}`)
  const known = await Promise.all(ids.map((id) => queue.getJobState(id)))
  const added = ids.flatMap((jobId, shard) =>
    known[shard] === 'unknown'
      ? [
          {
            name: 'shard',
            data: { shard, cost: costs[shard] ?? 0 },
            opts: { jobId, attempts: TRIES, backoff: { type: 'fixed', delay: 1_000 } },
          },
        ]
      : [],
  )
  await queue.addBulk(added)
  const failed = await queue.getFailed()
  await Promise.all(failed.map((job) => job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })))
  return { added: added.length, back: failed.length }
}

async function progressOf(queue: Queue<ShardJob, ShardResult>): Promise<Progress> {
  const [done, failed, running, waiting] = await Promise.all([
    queue.getCompleted(),
    queue.getFailed(),
    queue.getActive(),
    queue.getJobs(['waiting', 'delayed', 'prioritized']),
  ])
  const all = [...done, ...failed, ...running, ...waiting]
  const cost = (jobs: readonly Job<ShardJob>[]) => jobs.reduce((sum, { data }) => sum + data.cost, 0)
  const starts = all.flatMap(({ processedOn }) => processedOn ?? [])
  const ended =
    running.length + waiting.length === 0 ? Math.max(0, ...all.flatMap(({ finishedOn }) => finishedOn ?? [])) : Date.now()
  return {
    ...{ done: done.length, failed: failed.length, running: running.length, waiting: waiting.length },
    share: all.length === 0 ? 0 : cost(all) > 0 ? cost(done) / cost(all) : done.length / all.length,
    elapsedMs: starts.length === 0 ? 0 : Math.max(0, ended - Math.min(...starts)),
  }
}
