import type OpenAI from 'openai'
import type { ChatCompletionContentPart, ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import { z } from 'zod'
import { modelFault, type Part, type Reply } from '../model.ts'
import type { Adapter, Answered, Call } from './hosted.ts'
import { KEY_VARIABLE } from './keys.ts'
import { dataUrl, textOf } from './openai.ts'
import type { Settings } from './settings.ts'
import { fitsStrict } from './strict-schema.ts'
import { addressOf, clientFor, fetchOptions } from './vendor-client.ts'
import { jsonOf, shaped, stopFault } from './vendor-fault.ts'

/**
 * Any server that speaks OpenAI’s chat completions, such as Ollama, vLLM or llama-server, at `settings.baseUrl`. A key is
 * sent only when the variable COMPATIBLE_API_KEY has one; OpenAI’s own key never goes there.
 */
export const compatible: Adapter = {
  vendor: 'compatible',
  version: 1,
  ask: async (call, settings, signal) => {
    const client = await clientOf(settings)
    const response = await client.chat.completions.create(compatibleRequest(call), { signal }).asResponse()
    return compatibleReply(await jsonOf('compatible', response))
  },
}

/** The request as chat completions take it. Texts that stand alone are plain strings, which every server reads. */
export function compatibleRequest({ name, taken, request }: Call) {
  const { schema } = request
  return {
    model: name,
    messages: [
      ...(request.system === '' ? [] : [{ role: 'system' as const, content: request.system }]),
      ...request.messages.map(({ role, content }) =>
        role === 'assistant' || (content.length === 1 && content[0]?.type === 'text')
          ? { role, content: content.map(textOf).join('') }
          : { role, content: content.map(item) },
      ),
    ],
    ...(taken.maxOutputTokens === null ? {} : { max_tokens: taken.maxOutputTokens }),
    ...(taken.temperature === undefined ? {} : { temperature: taken.temperature }),
    ...(schema === undefined
      ? {}
      : {
          response_format: {
            type: 'json_schema' as const,
            json_schema: { name: schema.name, schema: { ...schema.json }, strict: fitsStrict(schema.json) },
          },
        }),
  } satisfies ChatCompletionCreateParamsNonStreaming
}

function item(part: Part): ChatCompletionContentPart {
  if (part.type === 'text') return { type: 'text', text: part.text }
  return { type: 'image_url', image_url: { url: dataUrl(part) } }
}

const Completion = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.string(),
        message: z.looseObject({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z
    .looseObject({
      prompt_tokens: z.int().min(0),
      completion_tokens: z.int().min(0),
      prompt_tokens_details: z
        .looseObject({ cached_tokens: z.int().min(0).nullish(), cache_write_tokens: z.int().min(0).nullish() })
        .nullish(),
      completion_tokens_details: z.looseObject({ reasoning_tokens: z.int().min(0).nullish() }).nullish(),
    })
    .nullish(),
})

const STOPS: Readonly<Record<string, Reply['stop']>> = { stop: 'end', length: 'length', content_filter: 'refusal' }

/**
 * What a chat completion says. Reasoning that a server puts in front of the answer between think tags is left out.
 *
 * @throws a model fault for another form than the documented one
 */
export function compatibleReply(body: unknown): Answered {
  const { choices, usage } = shaped('compatible', Completion, body)
  const [choice] = choices
  const { content, refusal } = choice?.message ?? {}
  const stop = refusal ? 'refusal' : STOPS[choice?.finish_reason ?? '']
  if (stop === undefined) throw stopFault('compatible', choice?.finish_reason ?? 'nothing')
  const cached = usage?.prompt_tokens_details?.cached_tokens
  const written = usage?.prompt_tokens_details?.cache_write_tokens
  return {
    text: refusal || withoutThoughts(content ?? ''),
    stop,
    usage: {
      inputTokens: usage ? Math.max(0, usage.prompt_tokens - (cached ?? 0) - (written ?? 0)) : null,
      cacheReadTokens: cached ?? null,
      cacheWriteTokens: written ?? null,
      outputTokens: usage?.completion_tokens ?? null,
      reasoningTokens: usage?.completion_tokens_details?.reasoning_tokens ?? null,
    },
    flex: false,
  }
}

function withoutThoughts(text: string): string {
  return text.replace(/^\s*<think>[\s\S]*?(<\/think>\s*|$)/, '')
}

async function clientOf(settings: Settings): Promise<OpenAI> {
  const { baseUrl } = settings
  if (baseUrl === undefined)
    throw modelFault('compatible requires settings.baseUrl, such as http://127.0.0.1:8080/v1, got none', { retry: false })
  // The SDK insists on a key; servers without one ignore it.
  const apiKey = process.env[KEY_VARIABLE.compatible] || 'none'
  return clientFor([...addressOf('compatible', settings), apiKey], async () => {
    const { default: Client } = await import('openai')
    return new Client({ apiKey, organization: null, project: null, ...fetchOptions(settings), baseURL: baseUrl })
  })
}
