import { hostname } from 'node:os'
import { join } from 'node:path'
import { UnrecoverableError, Worker } from 'bullmq'
import { openRedis } from '../providers/redis.ts'
import type { SharedPlace } from '../providers/shared.ts'
import { LOST_WORKERS, PREFIX, type RunQueue, type ShardJob, type ShardResult } from './queue.ts'
import { differences, type PlannedShards } from './run.ts'
import { runShard } from './run-shard.ts'

/** How a worker works. */
export interface WorkerSettings {
  /** Where runs are kept; best a folder that all workers share. */
  readonly out: string
  /** A shard whose worker has not been heard of for so long is given to another. */
  readonly lockMs: number
  readonly say: (line: string) => void
  /** Stops the work at once; its shard is taken over by another worker. */
  readonly signal: AbortSignal
}

/** Why a worker ended. */
export type WorkEnd = 'all shards ended' | 'budget used up' | 'stopped'

const LOOK_MS = 1_000

/**
 * Takes shards of a run one after the other until none is waiting or running anywhere, the budget is used up, or the signal is aborted.
 *
 * @throws Error when this machine’s code, bank or configuration is not the run’s
 */
export async function work(place: SharedPlace, queue: RunQueue, run: PlannedShards, settings: WorkerSettings): Promise<WorkEnd> {
  await requireSameHere(queue, run)
  const { lockMs, say, signal, out } = settings
  const runDir = join(out, run.identity.name)
  const connection = await openRedis(place.url, null)
  const { promise: ended, resolve: end } = Promise.withResolvers<WorkEnd>()
  const worker = new Worker<ShardJob, ShardResult>(
    run.identity.name,
    async (job, token, lost) => {
      say(`shard ${job.data.shard}: begins, try ${job.attemptsStarted}`)
      const mine = async () => {
        if ((await job.extendLock(token ?? '', lockMs)) !== 1) throw new Error('the shard went to another worker')
      }
      const { manifest } = await runShard(run, job.data.shard, { runDir, signal: eitherOf(lost, signal), mayFinish: mine })
      if (manifest.brokenByBudget > 0) {
        end('budget used up')
        throw new UnrecoverableError(`the budget was used up in ${manifest.brokenByBudget} of its conversations`)
      }
      return { rows: manifest.rows, sha256: manifest.sha256 }
    },
    {
      ...{
        connection,
        prefix: PREFIX,
        runRetryDelay: 1_000,
        drainDelay: 1,
        name: `${hostname()}-${process.pid}`,
        concurrency: 1,
      },
      ...{ lockDuration: lockMs, stalledInterval: Math.max(1_000, lockMs / 2), maxStalledCount: LOST_WORKERS },
    },
  )
  worker.on('completed', ({ data }, { rows }) => say(`shard ${data.shard}: done, ${rows} cells`))
  worker.on('failed', (job, error) => say(`shard ${job?.data.shard ?? 'unknown'}: failed: ${error.message}`))
  worker.on('error', (error) => say(`worker: ${error.message}`))
  // Another worker has it now, or will soon; two of them would ask the same.
  worker.on('lockRenewalFailed', (ids) => ids.map((id) => worker.cancelJob(id, 'the shard went to another worker')))
  const onStop = () => end('stopped')
  signal.addEventListener('abort', onStop, { once: true })
  const look = setInterval(
    () =>
      void lookFor(queue).then(
        (idle) => idle && end('all shards ended'),
        () => undefined,
      ),
    LOOK_MS,
  )
  try {
    const why = await ended
    await worker.close(why === 'stopped')
    return why
  } finally {
    clearInterval(look)
    signal.removeEventListener('abort', onStop)
    connection.disconnect()
  }
}

async function requireSameHere(queue: RunQueue, { identity }: PlannedShards): Promise<void> {
  const there = await queue.identity()
  if (there === undefined) throw new Error(`--run requires a run that was enqueued, got ${identity.name}`)
  const found = differences(identity, there)
  if (found.length > 0)
    throw new Error(`worker requires what run ${identity.name} was enqueued with, got another ${found.join(', another ')}`)
}

async function lookFor(queue: RunQueue): Promise<boolean> {
  const { running, waiting } = await queue.progress()
  return running + waiting === 0
}

function eitherOf(lost: AbortSignal | undefined, stop: AbortSignal): AbortSignal {
  return lost === undefined ? stop : AbortSignal.any([lost, stop])
}
