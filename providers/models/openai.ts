import type OpenAI from 'openai'
import type { ResponseCreateParamsNonStreaming, ResponseInputContent } from 'openai/resources/responses/responses'
import { z } from 'zod'
import { modelFault, type Part } from '../model.ts'
import { sharedBeginning } from './cache-marks.ts'
import type { Adapter, Answered, Call } from './hosted.ts'
import type { Settings } from './settings.ts'
import { fitsStrict } from './strict-schema.ts'
import { addressOf, clientFor, fetchOptions, keyOf } from './vendor-client.ts'
import { jsonOf, shaped, stopFault } from './vendor-fault.ts'

/** OpenAI’s Responses API through its SDK. Nothing is stored at the vendor. */
export const openai: Adapter = {
  vendor: 'openai',
  version: 1,
  ask: async (call, settings, signal) => {
    const client = await clientOf(settings)
    const response = await client.responses.create(openaiRequest(call), { signal }).asResponse()
    return openaiReply(await jsonOf('openai', response))
  },
}

/** The request as OpenAI’s Responses API takes it. */
export function openaiRequest({ name, taken, request }: Call) {
  const { schema } = request
  return {
    model: name,
    instructions: request.system,
    input: request.messages.map(({ role, content }) =>
      role === 'assistant' ? { role, content: content.map(textOf).join('') } : { role, content: content.map(item) },
    ),
    store: false,
    prompt_cache_key: sharedBeginning(request),
    ...(taken.maxOutputTokens === null ? {} : { max_output_tokens: taken.maxOutputTokens }),
    ...(taken.temperature === undefined ? {} : { temperature: taken.temperature }),
    ...(taken.effort === undefined ? {} : { reasoning: { effort: taken.effort } }),
    ...(taken.flex ? { service_tier: 'flex' as const } : {}),
    ...(schema === undefined
      ? {}
      : {
          text: {
            format: {
              type: 'json_schema' as const,
              name: schema.name,
              schema: { ...schema.json },
              strict: fitsStrict(schema.json),
            },
          },
        }),
  } satisfies ResponseCreateParamsNonStreaming
}

function item(part: Part): ResponseInputContent {
  if (part.type === 'text') return { type: 'input_text', text: part.text }
  return { type: 'input_image', image_url: dataUrl(part), detail: 'high' }
}

/** The text of a part; nothing for an image. */
export function textOf(part: Part): string {
  return part.type === 'text' ? part.text : ''
}

/** An image as a data URL. */
export function dataUrl({ mime, bytes }: Extract<Part, { type: 'image' }>): string {
  return `data:${mime};base64,${Buffer.from(bytes).toString('base64')}`
}

const Response = z.looseObject({
  status: z.string(),
  error: z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
  incomplete_details: z.looseObject({ reason: z.string().nullish() }).nullish(),
  output: z.array(
    z.looseObject({
      type: z.string(),
      content: z
        .array(z.looseObject({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() }))
        .nullish(),
    }),
  ),
  service_tier: z.string().nullish(),
  usage: z
    .looseObject({
      input_tokens: z.int().min(0),
      output_tokens: z.int().min(0),
      input_tokens_details: z
        .looseObject({ cached_tokens: z.int().min(0).nullish(), cache_write_tokens: z.int().min(0).nullish() })
        .nullish(),
      output_tokens_details: z.looseObject({ reasoning_tokens: z.int().min(0).nullish() }).nullish(),
    })
    .nullish(),
})

/**
 * What a response of OpenAI says. Reasoning items are left out of the text; a refusal’s words are the text.
 *
 * @throws a model fault for another form than the documented one, and for a response that failed
 */
export function openaiReply(body: unknown): Answered {
  const { status, error, incomplete_details, output, usage, service_tier } = shaped('openai', Response, body)
  if (status !== 'completed' && status !== 'incomplete') throw failed(status, error?.code ?? '')
  const parts = output.flatMap(({ type, content }) => (type === 'message' ? (content ?? []) : []))
  const refused = parts.some(({ type }) => type === 'refusal') || incomplete_details?.reason === 'content_filter'
  const reason = incomplete_details?.reason ?? 'incomplete'
  if (status === 'incomplete' && !refused && reason !== 'max_output_tokens') throw stopFault('openai', reason)
  const cached = usage?.input_tokens_details?.cached_tokens
  const written = usage?.input_tokens_details?.cache_write_tokens
  return {
    text: parts.map((part) => part.text ?? part.refusal ?? '').join(''),
    stop: refused ? 'refusal' : status === 'incomplete' ? 'length' : 'end',
    usage: {
      inputTokens: usage ? Math.max(0, usage.input_tokens - (cached ?? 0) - (written ?? 0)) : null,
      cacheReadTokens: cached ?? null,
      cacheWriteTokens: written ?? null,
      outputTokens: usage?.output_tokens ?? null,
      reasoningTokens: usage?.output_tokens_details?.reasoning_tokens ?? null,
    },
    flex: service_tier === 'flex',
  }
}

function failed(status: string, code: string): Error {
  const retry = code === 'server_error' || code === 'rate_limit_exceeded'
  const why = code === 'rate_limit_exceeded' ? 'too many requests' : code || 'no reason given'
  return modelFault(`openai ended the response as ${status}: ${why}`, { retry })
}

function clientOf(settings: Settings): Promise<OpenAI> {
  const apiKey = keyOf('openai')
  return clientFor([...addressOf('openai', settings), apiKey], async () => {
    const { default: Client } = await import('openai')
    const { baseUrl } = settings
    return new Client({ apiKey, ...fetchOptions(settings), ...(baseUrl === undefined ? {} : { baseURL: baseUrl }) })
  })
}
