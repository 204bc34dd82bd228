import type { Vendor } from './capabilities.ts'

/**
 * About how many tokens an image of so many pixels counts for, for plans; what is billed comes from the reply. For a model
 * that is not known, 1,600, which is the most that Claude counts.
 *
 * Sources, read in October 2026 and not tried with a key: Anthropic (width × height / 750 after scaling to 1,568 px),
 * OpenAI (GPT-5.2: 70, and 140 for each tile of 512 px after scaling the shorter side to 768 px; GPT-5 mini and nano: patches
 * of 32 px, at most 1,536, times 1.62 and 2.46), Meta (144 for each tile of 336 px, at most 16, and for the whole when there are several).
 * Nova 2: billed as 230, whatever its size. Nova 1: a line through the five sizes in AWS’s table, at most 12 % off there.
 */
export function imageTokens(vendor: Vendor, name: string, width: number, height: number): number {
  if (/claude/.test(name)) return claudeTokens(width, height)
  if (vendor === 'openai') return openaiTokens(name, width, height)
  if (/amazon\.nova-2/.test(name)) return 230
  if (/amazon\.nova/.test(name)) return Math.ceil(250 + (width * height) / 720)
  if (/llama4/.test(name)) return llamaTokens(width, height)
  return 1600
}

/**
 * Tokens below which a vendor does not cache the beginning of a request; infinite for a model without a cache that we use.
 *
 * Sources as above. For Sonnet 4.6 Anthropic’s pages say 1,024 and users saw 2,048, which counts here.
 */
export function smallestCache(vendor: Vendor, name: string): number {
  if (/claude-(opus-4-[56]|haiku-4-5)/.test(name)) return 4096
  if (/claude-sonnet-4-6/.test(name)) return 2048
  if (/claude/.test(name) || vendor === 'openai') return 1024
  return /amazon\.nova/.test(name) ? 1000 : Number.POSITIVE_INFINITY
}

function claudeTokens(width: number, height: number): number {
  const scale = Math.min(1, 1568 / Math.max(width, height))
  return Math.ceil((width * scale * (height * scale)) / 750)
}

function llamaTokens(width: number, height: number): number {
  const parts = Math.min(16, tiles(width, height, 336))
  return 144 * (parts === 1 ? 1 : parts + 1)
}

function openaiTokens(name: string, width: number, height: number): number {
  const perPatch = /^gpt-5-mini\b/.test(name) ? 1.62 : /^gpt-5-nano\b/.test(name) ? 2.46 : undefined
  if (perPatch !== undefined) return Math.ceil(Math.min(1536, tiles(width, height, 32)) * perPatch)
  const inside = Math.min(1, 2048 / Math.max(width, height))
  const scale = inside * Math.min(1, 768 / (inside * Math.min(width, height)))
  return 70 + 140 * tiles(width * scale, height * scale, 512)
}

function tiles(width: number, height: number, side: number): number {
  // Scaling 1,536 px to 768 may end a hair above it.
  return Math.ceil(width / side - 1e-9) * Math.ceil(height / side - 1e-9)
}
