import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { writeWhole } from '../cases/write-whole.ts'
import { Reply } from '../providers/model.ts'
import type { ReplyStore } from '../providers/reply-store.ts'
import { BATCH_VENDORS, type BatchCall } from './batch-call.ts'
import { BATCH_DOORS, type BatchReply } from './batch-vendors.ts'

// Below the vendors’ limits: 100,000 requests and 256 MB at Anthropic, 50,000 and 200 MB at OpenAI.
const MOST_REQUESTS = 20_000
const MOST_BYTES = 150_000_000

const State = z.strictObject({
  version: z.literal(1),
  batches: z.array(
    z.strictObject({ vendor: z.enum(BATCH_VENDORS), id: z.string(), keys: z.array(z.string()), done: z.boolean() }),
  ),
})
type State = z.infer<typeof State>

/** What a run of batches shares: the file that remembers their ids, the store for replies, how to wait and where to tell. */
export interface BatchRun {
  readonly stateFile: string
  readonly store: ReplyStore
  readonly pollSeconds: number
  readonly tell: (line: string) => void
}

/**
 * Has requests answered in batches, and keeps the replies in the store under their keys. Ids are written to the state file
 * before anything is waited for, so that a run which was ended goes on where it was and hands nothing in twice. A request that
 * got no usable reply is told and is not handed in again.
 *
 * A process that dies between the vendor’s answer and the writing of its id leaves a batch that nobody collects.
 */
export async function runBatches(calls: ReadonlyMap<string, BatchCall>, run: BatchRun): Promise<void> {
  const state = await readState(run.stateFile)
  const known = new Set(state.batches.flatMap(({ keys }) => keys))
  const save = () => writeWhole(run.stateFile, `${JSON.stringify(state, null, 2)}\n`)
  for (const vendor of BATCH_VENDORS)
    for (const part of parts([...calls.values()].filter((call) => call.vendor === vendor && !known.has(call.key)))) {
      const id = await BATCH_DOORS[vendor].submit(part)
      state.batches.push({ vendor, id, keys: part.map(({ key }) => key), done: false })
      await save()
      run.tell(`${vendor}: batch ${id} with ${part.length} requests`)
    }
  for (const batch of state.batches) {
    if (batch.done) continue
    let replies: readonly BatchReply[] | undefined
    for (;;) {
      replies = await BATCH_DOORS[batch.vendor].collect(batch.id)
      if (replies !== undefined) break
      run.tell(`${batch.vendor}: batch ${batch.id} is not finished; the same command goes on from here`)
      await wait(run.pollSeconds * 1000)
    }
    run.tell(`${batch.vendor}: batch ${batch.id}: ${keep(batch.keys, replies, calls, run.store)}`)
    batch.done = true
    await save()
  }
}

function keep(
  keys: readonly string[],
  replies: readonly BatchReply[],
  calls: ReadonlyMap<string, BatchCall>,
  store: ReplyStore,
): string {
  const failed = new Map<string, number>()
  const fail = (why: string) => failed.set(why, (failed.get(why) ?? 0) + 1)
  const byKey = new Map(replies.map((reply) => [reply.key, reply]))
  for (const key of keys) {
    const reply = byKey.get(key)
    // A call that is not asked for any more: the jury was changed while the batch ran.
    const call = calls.get(key)
    if (call === undefined) continue
    if (reply === undefined) fail('no reply')
    else if ('failed' in reply) fail(reply.failed)
    else
      try {
        const read = Reply.parse(call.read(reply.body))
        if (read.text.trim() === '' && read.stop !== 'refusal') fail('empty reply')
        else store.put(key, JSON.stringify(read))
      } catch (error) {
        fail(error instanceof Error ? error.message : String(error))
      }
  }
  const lost = [...failed].map(([why, count]) => `, ${count} × ${why}`).join('')
  return `${replies.length} replies of ${keys.length}${lost}${lost === '' ? '' : '; these are asked for one by one'}`
}

function parts(calls: readonly BatchCall[]): BatchCall[][] {
  const all: BatchCall[][] = []
  let bytes = 0
  for (const call of calls) {
    const size = JSON.stringify(call.body).length
    const last = all.at(-1)
    if (last === undefined || last.length >= MOST_REQUESTS || bytes + size > MOST_BYTES) {
      all.push([call])
      bytes = size
    } else {
      last.push(call)
      bytes += size
    }
  }
  return all
}

async function readState(file: string): Promise<State> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, batches: [] }
    throw error
  }
  const parsed = State.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  throw new Error(`${file} requires the batches of an earlier run, got\n${z.prettifyError(parsed.error)}`)
}
