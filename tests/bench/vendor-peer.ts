import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Vendor } from '../../providers/models/capabilities.ts'
import { type Billed, type Block, imageBlock, type PrefixCache, prefixCache, textBlock } from './prefix-cache.ts'

/** What a request says to the one who makes up its reply. */
export interface Asked {
  readonly vendor: Vendor
  readonly name: string
  /** Texts of the messages, system prompt left out, in order. */
  readonly texts: readonly string[]
  /** Replies of the model that the request already holds. */
  readonly replies: number
  /** The tool that is to carry the reply, if the request offers one. */
  readonly tool?: string | undefined
}

/** A process of this machine that answers as the vendors do. It is no model: its texts come from `reply`. */
export interface VendorPeer {
  readonly url: string
  /** Requests that came so far. */
  readonly calls: () => number
  /** Tokens of the longest request of a model, by `<vendor>:<name>`; 0 when none came. */
  readonly longest: (id: string) => number
  readonly stop: () => Promise<void>
}

interface Read extends Asked {
  readonly blocks: readonly Block[]
}

/**
 * Starts a peer on loopback that answers every call after `delayMs`, and counts tokens with a prompt cache as each vendor
 * documents it (`prefixCache`), by the marks that it really finds in the request.
 *
 * @param tap gets address, headers and body of each request as they came over the socket
 */
export async function startVendorPeer(
  delayMs: number,
  reply: (asked: Asked) => string,
  tap: (raw: string) => void = () => undefined,
): Promise<VendorPeer> {
  const caches = new Map<string, PrefixCache>()
  const longest = new Map<string, number>()
  let calls = 0
  const server = createServer(async (request, response) => {
    calls += 1
    const raw = await text(request)
    tap(`${request.url} ${JSON.stringify(request.headers)} ${raw}`)
    const body = JSON.parse(raw) as Json
    const read = await readRequest(request, body)
    const { vendor, name, blocks } = read
    const id = `${vendor}:${name}`
    const cache = caches.get(id) ?? prefixCache(vendor, name)
    caches.set(id, cache)
    const billed = cache.bill(blocks)
    longest.set(id, Math.max(longest.get(id) ?? 0, billed.plain + billed.read + billed.written))
    if (delayMs > 0) await sleep(delayMs)
    cache.keep(blocks)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(ANSWER[vendor](reply(read), billed, read.tool)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    longest: (id) => longest.get(id) ?? 0,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the bodies are other vendors’ JSON, as their SDKs sent it
type Json = any

async function readRequest({ url = '' }: IncomingMessage, body: Json): Promise<Read> {
  if (url.endsWith('/v1/messages')) return readAnthropic(body)
  if (url.endsWith('/responses')) return readOpenai(body)
  if (url.endsWith('/chat/completions')) return readChat(body)
  const [, name] = /\/model\/(.+)\/converse$/.exec(decodeURIComponent(url)) ?? []
  if (name === undefined) throw new Error(`vendor peer requires a path that a vendor has, got ${url}`)
  return readConverse(name, body)
}

function readWith(vendor: Vendor, name: string, messages: Json[], blocks: readonly Block[]): Read {
  const texts = messages.flatMap(({ content }) =>
    typeof content === 'string' ? [content] : content.flatMap((part: Json) => part.text ?? []),
  )
  return { vendor, name, texts, replies: messages.filter(({ role }) => role === 'assistant').length, blocks }
}

async function readAnthropic({ model, system = [], messages }: Json): Promise<Read> {
  const parts: Json[] = [...system, ...messages.flatMap(({ content }: Json) => content)]
  const blocks = parts.map((part) => {
    const marked = part.cache_control !== undefined
    return part.type === 'text' ? textBlock(part.text, marked) : imageBlock('anthropic', model, part.source.data, marked)
  })
  return readWith('anthropic', model, messages, await Promise.all(blocks))
}

async function readOpenai({ model, instructions, input }: Json): Promise<Read> {
  const parts: Json[] = input.flatMap(({ content }: Json) => (typeof content === 'string' ? [{ text: content }] : content))
  const blocks = parts.map((part) =>
    part.text === undefined ? imageBlock('openai', model, dataOf(part.image_url), false) : textBlock(part.text, false),
  )
  return readWith('openai', model, input, [textBlock(instructions, false), ...(await Promise.all(blocks))])
}

async function readChat({ model, messages }: Json): Promise<Read> {
  const parts: Json[] = messages.flatMap(({ content }: Json) => (typeof content === 'string' ? [{ text: content }] : content))
  const blocks = parts.map((part) =>
    part.text === undefined ? imageBlock('compatible', model, dataOf(part.image_url.url), false) : textBlock(part.text, false),
  )
  const talk = messages.filter(({ role }: Json) => role !== 'system')
  return readWith('compatible', model, talk, await Promise.all(blocks))
}

async function readConverse(name: string, { system = [], messages, toolConfig }: Json): Promise<Read> {
  const parts: Json[] = [...system, ...messages.flatMap(({ content }: Json) => content)]
  const blocks = parts.flatMap((part, i) => {
    if (part.cachePoint !== undefined) return []
    const marked = parts[i + 1]?.cachePoint !== undefined
    return [part.text === undefined ? imageBlock('bedrock', name, part.image.source.bytes, marked) : textBlock(part.text, marked)]
  })
  return { ...readWith('bedrock', name, messages, await Promise.all(blocks)), tool: toolConfig?.tools[0]?.toolSpec.name }
}

function dataOf(url: string): string {
  return url.slice(url.indexOf(',') + 1)
}

const ANSWER: Readonly<Record<Vendor, (text: string, billed: Billed, tool?: string) => Json>> = {
  anthropic: (text, { plain, read, written }) => ({
    ...{ id: 'x', type: 'message', role: 'assistant', stop_reason: 'end_turn', content: [{ type: 'text', text }] },
    usage: {
      ...{ input_tokens: plain, cache_read_input_tokens: read, cache_creation_input_tokens: written },
      output_tokens: tokensOf(text),
    },
  }),
  openai: (text, { plain, read }) => ({
    ...{ id: 'x', object: 'response', status: 'completed' },
    output: [{ type: 'message', content: [{ type: 'output_text', text }] }],
    usage: { input_tokens: plain + read, output_tokens: tokensOf(text), input_tokens_details: { cached_tokens: read } },
  }),
  bedrock: (text, { plain, read, written }, tool) => ({
    output: {
      message: {
        role: 'assistant',
        content: [tool === undefined ? { text } : { toolUse: { toolUseId: 'x', name: tool, input: JSON.parse(text) } }],
      },
    },
    ...{ stopReason: tool === undefined ? 'end_turn' : 'tool_use', metrics: { latencyMs: 1 } },
    usage: {
      ...{ inputTokens: plain, cacheReadInputTokens: read, cacheWriteInputTokens: written },
      ...{ outputTokens: tokensOf(text), totalTokens: plain + read + written + tokensOf(text) },
    },
  }),
  compatible: (text, { plain }) => ({
    ...{ id: 'x', object: 'chat.completion' },
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }],
    usage: { prompt_tokens: plain, completion_tokens: tokensOf(text), total_tokens: plain + tokensOf(text) },
  }),
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / 4)
}
