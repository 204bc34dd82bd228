import sharp from 'sharp'
import { sha256Of } from '../../cases/sha256.ts'
import { capabilitiesOf, type Vendor } from '../../providers/models/capabilities.ts'
import { imageTokens, smallestCache } from '../../providers/models/vendor-tokens.ts'

/** One piece of a request in the order in which the vendor reads it. */
export interface Block {
  readonly sha256: string
  readonly tokens: number
  /** Whether a cache mark follows it. */
  readonly marked: boolean
}

/** Tokens of one request by how they are billed. */
export interface Billed {
  readonly plain: number
  readonly read: number
  readonly written: number
}

/** A vendor’s prompt cache as it is documented; entries never expire, as a bench is shorter than their five minutes. */
export interface PrefixCache {
  /** How a request is billed that comes now. */
  readonly bill: (blocks: readonly Block[]) => Billed
  /** Makes what the request wrote readable; a vendor does so when its response begins. */
  readonly keep: (blocks: readonly Block[]) => void
}

// Anthropic looks for an earlier entry in at most 20 blocks before a mark. OpenAI reads whole steps of 128 tokens.
const [LOOK_BACK, STEP] = [20, 128]

/** The cache of one model, empty. Models without a cache bill everything in full. */
export function prefixCache(vendor: Vendor, name: string): PrefixCache {
  const form = capabilitiesOf(vendor, name).cache
  const least = smallestCache(vendor, name)
  const kept = new Set<string>()
  const known = (ends: readonly End[], among: ReadonlySet<number>) =>
    ends.reduce((most, { at, tokens, key }) => (among.has(at) && kept.has(key) ? Math.max(most, tokens) : most), 0)
  return {
    bill: (blocks) => {
      const ends = endsOf(blocks)
      const all = ends.at(-1)?.tokens ?? 0
      if (form === 'none') return { plain: all, read: 0, written: 0 }
      if (form === 'key') {
        const same = known(ends, new Set(blocks.keys()))
        const read = same < least ? 0 : Math.floor(same / STEP) * STEP
        return { plain: all - read, read, written: 0 }
      }
      const marks = ends.filter(({ marked }) => marked)
      const near = new Set(marks.flatMap(({ at }) => Array.from({ length: LOOK_BACK + 1 }, (_, back) => at - back)))
      const read = known(ends, near)
      const last = marks.at(-1)?.tokens ?? 0
      const written = last < least ? 0 : Math.max(0, last - read)
      return { plain: all - read - written, read, written }
    },
    keep: (blocks) => {
      if (form === 'none') return
      for (const { key, tokens, marked } of endsOf(blocks)) if (tokens >= least && (marked || form === 'key')) kept.add(key)
    },
  }
}

interface End {
  readonly at: number
  readonly key: string
  /** Of all blocks up to this one. */
  readonly tokens: number
  readonly marked: boolean
}

function endsOf(blocks: readonly Block[]): End[] {
  let [key, tokens] = ['', 0]
  return blocks.map((block, at) => {
    key = sha256Of(key + block.sha256)
    tokens += block.tokens
    return { at, key, tokens, marked: block.marked }
  })
}

/** A text as a block: four characters a token. */
export function textBlock(text: string, marked: boolean): Block {
  return { sha256: sha256Of(text), tokens: Math.ceil(text.length / 4), marked }
}

/** An image as a block, with the tokens that the vendor documents for its size. */
export async function imageBlock(vendor: Vendor, name: string, base64: string, marked: boolean): Promise<Block> {
  const sha256 = sha256Of(base64)
  const size = sizes.get(sha256) ?? sharp(Buffer.from(base64, 'base64')).metadata()
  sizes.set(sha256, size)
  const { width, height } = await size
  return { sha256, tokens: imageTokens(vendor, name, width, height), marked }
}

const sizes = new Map<string, Promise<{ readonly width: number; readonly height: number }>>()
