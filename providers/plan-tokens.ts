import type { Image } from '../cases/schema.ts'
import type { Usage } from '../cases/transcript.ts'
import { capabilitiesOf, type Vendor } from './models/capabilities.ts'
import { costOf } from './models/prices.ts'
import type { Effort } from './models/settings.ts'
import { imageTokens, smallestCache } from './models/vendor-tokens.ts'

/** A model that a run asks, as far as it shapes what its calls cost. */
export interface AskedModel {
  readonly label: string
  readonly id: string
  /** Undefined for embedded rules, which cost nothing. */
  readonly vendor: Vendor | undefined
  /** The model’s name at its vendor. */
  readonly name: string
  readonly effort: Effort | undefined
  readonly flex: boolean
  readonly baseUrl: string | undefined
}

/** Tokens of these images as the model counts them; 0 for embedded rules. */
export function tokensOfImages({ vendor, name }: AskedModel, images: readonly Image[]): number {
  if (vendor === undefined) return 0
  return images.reduce((sum, image) => {
    const { width, height } = preparedSize(image)
    return sum + imageTokens(vendor, name, width, height)
  }, 0)
}

/** Pixels of an image as it is sent: cropped, and its longer side at most 1,024. */
export function preparedSize({ crop, width, height }: Image): { readonly width: number; readonly height: number } {
  const [left, top, right, bottom] = crop ?? [0, 0, width, height]
  const scale = Math.min(1, 1024 / Math.max(right - left, bottom - top))
  return { width: Math.round((right - left) * scale), height: Math.round((bottom - top) * scale) }
}

/** One request’s tokens by how they are billed, when `before` of them were sent earlier and all of them are marked. */
export function cachedTokens({ vendor, name }: AskedModel, tokens: number, before: number) {
  const form = vendor === undefined ? 'none' : capabilitiesOf(vendor, name).cache
  const least = vendor === undefined ? Number.POSITIVE_INFINITY : smallestCache(vendor, name)
  const read = form !== 'none' && before >= least ? before : 0
  // OpenAI bills nothing for writing.
  const written = form !== 'none' && form !== 'key' && tokens >= least ? tokens - read : 0
  return { read, written, plain: tokens - read - written }
}

/** The same tokens when no cache ever helps. */
export function withoutCache(usage: Usage): Usage {
  const inputTokens = (usage.inputTokens ?? 0) + (usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0)
  return { ...usage, inputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 }
}

/** Whether a model reasons before it answers. */
export function reasons({ vendor, name, effort }: AskedModel): boolean {
  if (vendor === undefined) return false
  const { efforts } = capabilitiesOf(vendor, name)
  if (effort !== undefined && efforts.includes(effort)) return effort !== 'none'
  return efforts.length > 0 && !efforts.includes('none')
}

/** US dollars; null when the price is not known, 0 for embedded rules. */
export function costOfUsage({ vendor, name, flex }: AskedModel, usage: Usage): number | null {
  if (vendor === undefined) return 0
  return costOf(vendor, name, usage, flex && capabilitiesOf(vendor, name).flex)
}
