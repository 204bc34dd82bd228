import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import pLimit from 'p-limit'
import { deliberate } from '../../assertions/deliberate.ts'
import { prepareImage } from '../../cases/images.ts'
import { loadBank } from '../../cases/load.ts'
import type { Arm, Image } from '../../cases/schema.ts'
import { Dimension } from '../../cases/verdict.ts'
import { createAsk } from '../../providers/ask.ts'
import type { Request } from '../../providers/model.ts'
import { atPeer, held, REPLIES, seats } from './held-trials.ts'

const [DELAY_MS, CONCURRENCY, REPEATS, GOAL] = [500, 16, 2, 1.15]
const WARM_UP: Request = { system: '', messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }], repeat: 0 }
const ARMS: readonly Arm[] = ['full', 'no-image', 'no-ehr']

const LINE_UPS: readonly { readonly name: string; readonly clinician: string; readonly jurors: readonly string[] }[] = [
  {
    name: 'local servers, without a cache',
    clinician: 'compatible:clinician',
    jurors: ['compatible:juror-a', 'compatible:juror-b', 'compatible:juror-c'],
  },
  {
    name: 'three vendors, whose jurors send one request first',
    clinician: 'anthropic:claude-opus-4-6',
    jurors: ['anthropic:claude-sonnet-4-6', 'openai:gpt-5-mini', 'bedrock:us.amazon.nova-pro-v1:0'],
  },
]

/**
 * Wall time of 48 conversations of six replies with three jurors on three dimensions, 16 at a time, beside the critical path,
 * which is computed: no reply of a conversation can be asked for before the one before it, and verdicts only at its end. As
 * lines to print.
 */
export async function* criticalPathLines(): AsyncGenerator<string> {
  const bank = await loadBank('demo')
  const trials = Array.from({ length: REPEATS }, (_, repeat) => repeat).flatMap((repeat) =>
    bank.cases.flatMap((one) => ARMS.map((arm) => ({ one, arm, repeat, bank }))),
  )
  await Promise.all(bank.cases.flatMap(({ images }) => images.map((image) => prepareImage(image, bank.dir))))
  const rounds = Math.ceil(trials.length / CONCURRENCY)
  const path = (rounds * (REPLIES + 1 + 1) * DELAY_MS) / 1000
  yield `Critical path: ${trials.length} conversations × ${REPLIES + 1} replies × 3 jurors × ${Dimension.options.length} dimensions, ${CONCURRENCY} at a time, every reply after ${DELAY_MS} ms`
  yield `computed: ${rounds} rounds × (${REPLIES + 1} replies + 1 round of verdicts) × ${DELAY_MS} ms = ${path.toFixed(1)} s`
  for (const { name, clinician, jurors } of LINE_UPS) {
    const peer = new Worker(join(import.meta.dirname, 'critical-peer.ts'), { workerData: DELAY_MS })
    const [url] = await once(peer, 'message')
    const model = atPeer(clinician, url)
    const jury = jurors.map((id) => atPeer(id, url))
    const ask = createAsk(mkdtempSync(join(tmpdir(), 'imcbench-bench-')))
    // The vendors’ SDKs are loaded by a first call, which is not measured.
    for (const each of [model, ...jury]) await each.reply(WARM_UP, AbortSignal.timeout(60_000))
    const limit = pLimit(CONCURRENCY)
    const started = performance.now()
    const grades = await limit.map(trials, async (trial) =>
      deliberate(trial.one, await held({ ...trial, model, ask }), {
        jurors: seats(jury),
        ask,
        deadlineMs: 60_000,
        picture: async () => (await prepareImage(trial.one.images[0] as Image, bank.dir)).bytes,
      }),
    )
    const seconds = (performance.now() - started) / 1000
    const ratio = seconds / path
    const verdicts = grades.flatMap(({ votes }) => votes.filter(({ kind }) => kind === 'verdict')).length
    peer.postMessage('stop')
    const [all] = await once(peer, 'message')
    const calls = all - 1 - jury.length
    yield `${name}: ${seconds.toFixed(2)} s, ${ratio.toFixed(3)} × the critical path, ${calls} calls, ${verdicts} verdicts; goal ${GOAL}: ${ratio <= GOAL ? 'met' : 'NOT met'}`
  }
}
