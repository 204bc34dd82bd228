import type Anthropic from '@anthropic-ai/sdk'
import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema'
import type { ContentBlockParam, MessageCreateParamsNonStreaming, Tool } from '@anthropic-ai/sdk/resources/messages'
import { z } from 'zod'
import type { Part, Reply } from '../model.ts'
import { lastMarked } from './cache-marks.ts'
import { REASONING_BUDGET } from './capabilities.ts'
import type { Adapter, Answered, Call } from './hosted.ts'
import type { Settings } from './settings.ts'
import { addressOf, clientFor, fetchOptions, keyOf } from './vendor-client.ts'
import { jsonOf, shaped, stopFault } from './vendor-fault.ts'

const EPHEMERAL = { cache_control: { type: 'ephemeral' } } as const
// Four marks are allowed: one for the system prompt, the others for the last marked parts.
const MARKS = 3

/** Anthropic’s Messages API through its SDK. */
export const anthropic: Adapter = {
  vendor: 'anthropic',
  version: 1,
  ask: async (call, settings, signal) => {
    const client = await clientOf(settings)
    const response = await client.messages.create(anthropicRequest(call), { signal }).asResponse()
    return anthropicReply(await jsonOf('anthropic', response))
  },
}

/** The request as Anthropic takes it. */
export function anthropicRequest({ name, capabilities, taken, request }: Call) {
  const marked = lastMarked(request, MARKS)
  const { schema } = request
  const thinking = thinkingOf(taken.effort, capabilities.reasoning)
  const native = schema !== undefined && capabilities.schema === 'native'
  return {
    model: name,
    max_tokens: (taken.maxOutputTokens ?? 16_000) + (thinking?.type === 'enabled' ? thinking.budget_tokens : 0),
    ...(request.system === '' ? {} : { system: [{ type: 'text', text: request.system, ...EPHEMERAL }] }),
    messages: request.messages.map(({ role, content }) => ({
      role,
      content: content.map((part) => ({ ...block(part), ...(marked.has(part) ? EPHEMERAL : {}) })),
    })),
    ...(thinking === undefined ? {} : { thinking }),
    ...outputConfig(thinking?.type === 'adaptive' ? taken.effort : undefined, native ? schema.json : undefined),
    ...(schema === undefined || native
      ? {}
      : {
          tools: [{ name: schema.name, input_schema: schema.json as Tool.InputSchema }],
          tool_choice: { type: 'tool', name: schema.name },
        }),
  } satisfies MessageCreateParamsNonStreaming
}

function block(part: Part): ContentBlockParam {
  if (part.type === 'text') return { type: 'text', text: part.text }
  const data = Buffer.from(part.bytes).toString('base64')
  return { type: 'image', source: { type: 'base64', media_type: part.mime, data } }
}

function thinkingOf(effort: Call['taken']['effort'], form: Call['capabilities']['reasoning']) {
  if (effort === undefined) return undefined
  if (effort === 'none') return { type: 'disabled' as const }
  if (form === 'adaptive') return { type: 'adaptive' as const }
  return { type: 'enabled' as const, budget_tokens: REASONING_BUDGET[effort] ?? 1024 }
}

function outputConfig(effort: Call['taken']['effort'], schema: Readonly<Record<string, unknown>> | undefined) {
  if (effort === undefined && schema === undefined) return {}
  const level = effort === 'low' || effort === 'medium' || effort === 'high' ? { effort } : {}
  // The SDK’s own helper moves what the vendor’s grammar cannot hold, such as lengths, into descriptions.
  const format = schema && { format: { type: 'json_schema' as const, schema: transformJSONSchema(schema) } }
  return { output_config: { ...level, ...format } }
}

const Message = z.looseObject({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional(), input: z.unknown().optional() })),
  stop_reason: z.string(),
  usage: z.looseObject({
    input_tokens: z.int().min(0),
    output_tokens: z.int().min(0),
    cache_read_input_tokens: z.int().min(0).nullish(),
    cache_creation_input_tokens: z.int().min(0).nullish(),
    output_tokens_details: z.looseObject({ thinking_tokens: z.int().min(0).nullish() }).nullish(),
  }),
})

const STOPS: Readonly<Record<string, Reply['stop']>> = {
  end_turn: 'end',
  stop_sequence: 'end',
  tool_use: 'end',
  max_tokens: 'length',
  refusal: 'refusal',
}

/**
 * What an Anthropic message says. Thinking is left out of the text. A tool’s input is the text when a tool was called.
 *
 * @throws a model fault for another form than the documented one, and for a stop that leaves nothing to use
 */
export function anthropicReply(body: unknown): Answered {
  const { content, stop_reason, usage } = shaped('anthropic', Message, body)
  const stop = STOPS[stop_reason]
  if (stop === undefined) throw stopFault('anthropic', stop_reason)
  const tool = content.find(({ type }) => type === 'tool_use')
  const texts = content.flatMap(({ type, text }) => (type === 'text' ? (text ?? []) : []))
  return {
    text: tool === undefined ? texts.join('') : JSON.stringify(tool.input ?? null),
    stop,
    usage: {
      inputTokens: usage.input_tokens,
      cacheReadTokens: usage.cache_read_input_tokens ?? null,
      cacheWriteTokens: usage.cache_creation_input_tokens ?? null,
      outputTokens: usage.output_tokens,
      reasoningTokens: usage.output_tokens_details?.thinking_tokens ?? null,
    },
    flex: false,
  }
}

function clientOf(settings: Settings): Promise<Anthropic> {
  const apiKey = keyOf('anthropic')
  return clientFor([...addressOf('anthropic', settings), apiKey], async () => {
    const { default: Client } = await import('@anthropic-ai/sdk')
    const { baseUrl } = settings
    return new Client({
      apiKey,
      ...fetchOptions(settings),
      openTelemetry: false,
      ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    })
  })
}
