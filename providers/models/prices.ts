import { calcPrice } from '@pydantic/genai-prices'
import type { Usage } from '../../cases/transcript.ts'
import type { Vendor } from './capabilities.ts'

const PRICE_LISTS: Readonly<Record<Vendor, string | null>> = {
  anthropic: 'anthropic',
  openai: 'openai',
  bedrock: 'aws',
  compatible: null,
}

// OpenAI bills flex at Batch rates, half of the standard ones; Bedrock lists flex at half too. The price list has no tiers.
const FLEX = 0.5

/**
 * Cost of a call in US dollars by the bundled price list of `@pydantic/genai-prices`, with reads from and writes to the
 * prompt cache at their own prices. Null when the price or the tokens are unknown, which is not the same as free. Tokens of
 * the cache that a vendor does not report count as none.
 *
 * @param flex whether the vendor said that it served the call in its flex tier
 */
export function costOf(vendor: Vendor, name: string, usage: Usage, flex: boolean): number | null {
  const providerId = PRICE_LISTS[vendor]
  const { inputTokens, outputTokens } = usage
  if (providerId === null || inputTokens === null || outputTokens === null) return null
  const [read, written] = [usage.cacheReadTokens ?? 0, usage.cacheWriteTokens ?? 0]
  const tokens = {
    input_tokens: inputTokens + read + written,
    cache_read_tokens: read,
    cache_write_tokens: written,
    output_tokens: outputTokens,
  }
  const price = calcPrice(tokens, name, { providerId })
  return price === null ? null : price.total_price * (flex ? FLEX : 1)
}
