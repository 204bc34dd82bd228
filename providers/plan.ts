import { present, showsWrongImage } from '../cases/arms.ts'
import type { Arm, Case, Image } from '../cases/schema.ts'
import type { Usage } from '../cases/transcript.ts'
import { wrongImages } from '../cases/wrong-image.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { heldBack } from './licence-guard.ts'
import { capabilitiesOf, type Vendor } from './models/capabilities.ts'
import { costOf } from './models/prices.ts'
import type { Effort } from './models/settings.ts'
import { imageTokens, smallestCache } from './models/vendor-tokens.ts'

/** One model under test, as far as it shapes what a run costs. */
export interface PlannedModel {
  readonly label: string
  readonly id: string
  /** Undefined for embedded rules, which cost nothing. */
  readonly vendor: Vendor | undefined
  /** The model’s name at its vendor. */
  readonly name: string
  readonly effort: Effort | undefined
  readonly flex: boolean
  readonly baseUrl: string | undefined
  /** Replies before the closing question, at most. */
  readonly maxTurns: number
}

/** What a run holds. */
export interface PlannedRun {
  readonly models: readonly PlannedModel[]
  readonly arms: readonly Arm[]
  readonly cases: readonly Case[]
  readonly repeats: number
  readonly instructions: string
}

/** What cannot be known before a run. Tokens are of one reply or one answer. */
export interface Assumptions {
  /** Replies of the clinician in one conversation, the last one included; never more than `maxTurns` and that one. */
  readonly replies: number
  readonly replyTokens: number
  /** Added to each reply of a model that reasons: one with an effort that is not none, and one that cannot do without. */
  readonly reasoningTokens: number
  readonly patientTokens: number
}

/** What one model is expected to take. */
export interface PlanRow {
  readonly model: PlannedModel
  readonly conversations: number
  /** Conversations that will not be held: the image may not go to a third party, or arm wrong-image has none that fits. */
  readonly refused: number
  readonly calls: number
  /** Tokens read from the cache are not in `inputTokens`, nor are those written to it. */
  readonly usage: Usage
  /** US dollars; null when the price is not known, 0 for embedded rules. */
  readonly costUsd: number | null
  /** US dollars when every conversation has as many replies as it may and the cache never helps. */
  readonly longestUsd: number | null
}

/**
 * What a run is expected to take, one row a model: the texts and the images’ sizes are those of the cases, the rest is assumed.
 * Every call is counted as if nothing were in the store yet and no call were made twice.
 */
export function planOf(run: PlannedRun, assumed: Assumptions): PlanRow[] {
  return run.models.map((model) => {
    const openings = run.cases.flatMap((one) => run.arms.flatMap((arm) => openingOf(model, one, arm, run) ?? []))
    const conversations = openings.length * run.repeats
    const most = model.maxTurns + 1
    const replies = Math.min(assumed.replies, most)
    const usage = usageOf(model, openings, run.repeats, { ...assumed, replies })
    const worst = withoutCache(usageOf(model, openings, run.repeats, { ...assumed, replies: most }))
    return {
      model,
      conversations,
      refused: run.cases.length * run.arms.length * run.repeats - conversations,
      calls: conversations * replies,
      usage,
      costUsd: cost(model, usage),
      longestUsd: cost(model, worst),
    }
  })
}

/** Tokens of the first request, or undefined when the conversation will not be held. */
function openingOf(model: PlannedModel, one: Case, arm: Arm, { cases, instructions }: PlannedRun): number | undefined {
  const wrong = showsWrongImage(arm) ? wrongImages(one, cases) : []
  if (wrong === undefined) return undefined
  const presentation = present(
    one,
    arm,
    wrong.map(({ image }) => image),
  )
  const { opening, images, ehr } = presentation
  if (heldBack(model.id, { baseUrl: model.baseUrl }, images) !== undefined) return undefined
  const system = ehr === null ? instructions : `${instructions}\n\n${ehr}`
  const text = estimateTokens({ system, messages: [{ role: 'user', content: [{ type: 'text', text: opening }] }], repeat: 0 })
  return images.reduce((sum, image) => sum + tokensOfImage(model, image), text)
}

function tokensOfImage({ vendor, name }: PlannedModel, image: Image): number {
  if (vendor === undefined) return 0
  const { width, height } = preparedSize(image)
  return imageTokens(vendor, name, width, height)
}

/** Pixels of an image as it is sent: cropped, and its longer side at most 1,024. */
export function preparedSize({ crop, width, height }: Image): { readonly width: number; readonly height: number } {
  const [left, top, right, bottom] = crop ?? [0, 0, width, height]
  const scale = Math.min(1, 1024 / Math.max(right - left, bottom - top))
  return { width: Math.round((right - left) * scale), height: Math.round((bottom - top) * scale) }
}

function usageOf(model: PlannedModel, openings: readonly number[], repeats: number, assumed: Assumptions): Usage {
  const perReply = assumed.replyTokens + (reasons(model) ? assumed.reasoningTokens : 0)
  let [inputTokens, cacheReadTokens, cacheWriteTokens] = [0, 0, 0]
  for (const opening of openings)
    for (let turn = 0; turn < assumed.replies; turn++) {
      const grown = assumed.replyTokens + assumed.patientTokens
      const { read, written, plain } = cached(model, opening + turn * grown, turn === 0 ? 0 : opening + (turn - 1) * grown)
      inputTokens += plain * repeats
      cacheReadTokens += read * repeats
      cacheWriteTokens += written * repeats
    }
  const replies = openings.length * repeats * assumed.replies
  const reasoningTokens = reasons(model) ? replies * assumed.reasoningTokens : 0
  return { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens: replies * perReply, reasoningTokens }
}

/** One request’s tokens by how they are billed, when `before` of them were sent a turn ago. */
function cached({ vendor, name }: PlannedModel, tokens: number, before: number) {
  const form = vendor === undefined ? 'none' : capabilitiesOf(vendor, name).cache
  const least = vendor === undefined ? Number.POSITIVE_INFINITY : smallestCache(vendor, name)
  const read = form !== 'none' && before >= least ? before : 0
  // OpenAI bills nothing for writing.
  const written = form !== 'none' && form !== 'key' && tokens >= least ? tokens - read : 0
  return { read, written, plain: tokens - read - written }
}

function withoutCache(usage: Usage): Usage {
  const inputTokens = (usage.inputTokens ?? 0) + (usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0)
  return { ...usage, inputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 }
}

/** Whether a model reasons before it answers. */
export function reasons({ vendor, name, effort }: PlannedModel): boolean {
  if (vendor === undefined) return false
  const { efforts } = capabilitiesOf(vendor, name)
  if (effort !== undefined && efforts.includes(effort)) return effort !== 'none'
  return efforts.length > 0 && !efforts.includes('none')
}

function cost({ vendor, name, flex }: PlannedModel, usage: Usage): number | null {
  if (vendor === undefined) return 0
  return costOf(vendor, name, usage, flex && capabilitiesOf(vendor, name).flex)
}
