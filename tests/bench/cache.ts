import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blindTurns } from '../../assertions/blind.ts'
import { hearingOf, jurorQuestion } from '../../assertions/juror-prompt.ts'
import { jurorView } from '../../assertions/reference.ts'
import { prepareImage } from '../../cases/images.ts'
import { loadBank } from '../../cases/load.ts'
import type { Arm, Image } from '../../cases/schema.ts'
import type { Usage } from '../../cases/transcript.ts'
import { Dimension } from '../../cases/verdict.ts'
import { createAsk } from '../../providers/ask.ts'
import type { FirstContact } from '../../providers/first-contact.ts'
import type { Vendor } from '../../providers/models/capabilities.ts'
import { costOf } from '../../providers/models/prices.ts'
import { smallestCache } from '../../providers/models/vendor-tokens.ts'
import { atPeer, clinicianReply, HOSTED, held, verdictReply } from './held-trials.ts'
import { startVendorPeer } from './vendor-peer.ts'

const GOAL = 0.35
const JUROR_GOAL = 0.45
const ARMS: readonly Arm[] = ['full', 'no-image', 'no-ehr']
const LONG_RECORD = 30
const MIRROR = process.env.IMCBENCH_IMAGES ?? join(import.meta.dirname, '../../../shared/images/sources')

/**
 * Input tokens that a conversation of six replies with image and record pays in full, beside the same conversation without a
 * prompt cache: counted by a peer from the requests that our adapters really send, priced by the price list. As lines to print.
 */
export async function* cacheLines(): AsyncGenerator<string> {
  yield 'Prompt cache: conversations of six replies with image and record, arm full. The peer simulates each vendor’s cache as documented; no vendor was asked.'
  yield 'In full: tokens that are written to the cache or not cached at all. Price: of all input, beside the same without a cache.'
  yield* clinicianLines('demo')
  if (existsSync(MIRROR)) {
    process.env.IMCBENCH_IMAGES = MIRROR
    yield* clinicianLines('bank')
  } else yield '\nbank bank: SKIPPED, its images are not here (set IMCBENCH_IMAGES)'
  yield* clinicianLines('demo', LONG_RECORD)
  yield* jurorLines('demo')
  if (existsSync(MIRROR)) yield* jurorLines('bank')
}

/** What the requests of one juror pay in full, three a conversation and three conversations a case: sent at once, and as `ask` sends them. */
async function* jurorLines(name: string): AsyncGenerator<string> {
  const bank = await loadBank(name)
  const peer = await startVendorPeer(5, clinicianReply)
  const ask = createAsk(mkdtempSync(join(tmpdir(), 'imcbench-bench-')))
  const model = atPeer('compatible:clinician', peer.url)
  const trials = bank.cases.flatMap((one) => ARMS.map((arm) => ({ one, arm })))
  const heard = await Promise.all(
    trials.map(async ({ one, arm }) => {
      const transcript = await held({ one, arm, repeat: 0, bank, model, ask })
      const { bytes } = await prepareImage(one.images[0] as Image, bank.dir)
      return { hearing: hearingOf(jurorView(one, transcript), blindTurns(transcript)), bytes }
    }),
  )
  await peer.stop()
  for (const first of [false, true]) {
    const vendors = await startVendorPeer(5, (request) => verdictReply(request) ?? clinicianReply(request))
    yield ''
    yield `juror, bank ${name}, ${heard.length} conversations × 3 dimensions: ${first ? 'the first request goes before its siblings, as ask() does it' : 'all three at once'}`
    yield row([...HEAD.slice(0, -1), `goal ${JUROR_GOAL * 100} %`])
    for (const id of HOSTED) {
      const juror = atPeer(id, vendors.url)
      const door = createAsk(mkdtempSync(join(tmpdir(), 'imcbench-bench-')), first ? {} : { firstContact: NEVER_FIRST })
      const asked = heard.flatMap(({ hearing, bytes }) =>
        Dimension.options.map((dimension) => jurorQuestion(hearing, dimension, 'image', bytes, 0).request),
      )
      const answers = await Promise.all(asked.map((request) => door(juror, request, { deadlineMs: 60_000 })))
      const usages = answers.map((answer) => {
        if (answer.kind === 'failure') throw new Error(`bench requires replies, got ${answer.detail}`)
        return answer.reply.usage
      })
      yield row(cells(id, tokensOf(usages), vendors.longest(id), JUROR_GOAL))
    }
    await vendors.stop()
  }
}

const HEAD = ['model', 'cached from', 'longest', 'input', 'in full', 'share', 'price', `goal ${GOAL * 100} %`]
const NEVER_FIRST: FirstContact = { enter: async () => () => undefined }

async function* clinicianLines(name: string, records = 1): AsyncGenerator<string> {
  const bank = await loadBank(name)
  const peer = await startVendorPeer(0, clinicianReply)
  yield ''
  const how = records === 1 ? '' : `, what a long record would do: each record sent ${records} times over`
  yield `bank ${name}, ${bank.cases.length} conversations a model${how}`
  yield row(HEAD)
  for (const id of HOSTED) {
    const model = atPeer(id, peer.url)
    const ask = createAsk(mkdtempSync(join(tmpdir(), 'imcbench-bench-')))
    const transcripts = await Promise.all(
      bank.cases.map((one) => held({ one, arm: 'full', repeat: 0, bank, model, ask, records })),
    )
    yield row(cells(id, tokensOf(transcripts.map(({ usage }) => usage)), peer.longest(id)))
  }
  await peer.stop()
}

function row(cells: readonly string[]): string {
  const [first = '', ...rest] = cells
  return [first.padEnd(50), ...rest.map((cell) => cell.padStart(13))].join('')
}

function cells(id: string, usage: Tokens, longest: number, goal = GOAL): string[] {
  const [vendor = '', name = ''] = id.split(/:(.*)/s)
  const { plain, read, written } = usage
  const all = plain + read + written
  const share = (plain + written) / all
  const price = inputCost(vendor as Vendor, name, usage) / inputCost(vendor as Vendor, name, { plain: all, read: 0, written: 0 })
  const least = smallestCache(vendor as Vendor, name)
  return [
    id,
    Number.isFinite(least) ? String(least) : 'never',
    ...[longest, all, plain + written].map(String),
    percent(share),
    percent(price),
    share <= goal ? 'met' : 'NOT met',
  ]
}

function inputCost(vendor: Vendor, name: string, { plain, read, written }: Tokens): number {
  const usage = { inputTokens: plain, cacheReadTokens: read, cacheWriteTokens: written, outputTokens: 0, reasoningTokens: 0 }
  return costOf(vendor, name, usage, false) ?? Number.NaN
}

interface Tokens {
  readonly plain: number
  readonly read: number
  readonly written: number
}

function tokensOf(usages: readonly Usage[]): Tokens {
  const sum = (of: (usage: Usage) => number | null) => usages.reduce((all, usage) => all + (of(usage) ?? 0), 0)
  return {
    plain: sum(({ inputTokens }) => inputTokens),
    read: sum(({ cacheReadTokens }) => cacheReadTokens),
    written: sum(({ cacheWriteTokens }) => cacheWriteTokens),
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
