import type Anthropic from '@anthropic-ai/sdk'
import type OpenAI from 'openai'
import { z } from 'zod'
import { keyOf } from '../providers/models/vendor-client.ts'
import type { BatchCall, BatchVendor } from './batch-call.ts'

/** A reply out of a batch: the vendor’s body, or why there is none. */
export type BatchReply = { readonly key: string; readonly body: unknown } | { readonly key: string; readonly failed: string }

/** What one vendor’s batches need: to hand one in, and to look for its replies. */
export interface BatchDoor {
  /** The id under which the vendor knows the batch. */
  readonly submit: (calls: readonly BatchCall[]) => Promise<string>
  /** The replies, in any order, or undefined while the batch is not finished. */
  readonly collect: (id: string) => Promise<readonly BatchReply[] | undefined>
}

/** The doors to the vendors’ batches. Keys and addresses come from the environment, as for single calls. */
export const BATCH_DOORS: Readonly<Record<BatchVendor, BatchDoor>> = {
  anthropic: {
    submit: async (calls) => {
      const requests = calls.map(({ key, body }) => ({
        custom_id: key,
        params: body as unknown as Anthropic.MessageCreateParamsNonStreaming,
      }))
      return (await (await anthropicClient()).messages.batches.create({ requests })).id
    },
    collect: async (id) => {
      const client = await anthropicClient()
      if ((await client.messages.batches.retrieve(id)).processing_status !== 'ended') return undefined
      const replies: BatchReply[] = []
      for await (const { custom_id: key, result } of await client.messages.batches.results(id))
        replies.push(result.type === 'succeeded' ? { key, body: result.message } : { key, failed: anthropicFault(result) })
      return replies
    },
  },
  openai: {
    submit: async (calls) => {
      const { toFile } = await import('openai')
      const lines = calls.map(({ key, body }) => JSON.stringify({ custom_id: key, method: 'POST', url: '/v1/responses', body }))
      const client = await openaiClient()
      const file = await client.files.create({
        purpose: 'batch',
        file: await toFile(Buffer.from(`${lines.join('\n')}\n`), 'requests.jsonl'),
      })
      return (await client.batches.create({ input_file_id: file.id, endpoint: '/v1/responses', completion_window: '24h' })).id
    },
    collect: async (id) => {
      const client = await openaiClient()
      const { status, output_file_id, error_file_id, errors } = await client.batches.retrieve(id)
      if (status === 'failed')
        throw new Error(`openai refused the batch ${id}: ${errors?.data?.[0]?.message ?? 'no reason given'}`)
      if (!['completed', 'expired', 'cancelled'].includes(status)) return undefined
      const files = [output_file_id, error_file_id].filter((file) => typeof file === 'string')
      const texts = await Promise.all(files.map(async (file) => (await client.files.content(file)).text()))
      return texts.flatMap(openaiLines)
    },
  },
}

function anthropicFault(result: { readonly type: string; readonly error?: unknown }): string {
  const type = (result.error as { error?: { type?: unknown } } | undefined)?.error?.type
  return typeof type === 'string' ? `${result.type}: ${type}` : result.type
}

const Line = z.looseObject({
  custom_id: z.string(),
  response: z.looseObject({ status_code: z.int(), body: z.unknown() }).nullish(),
  error: z.looseObject({ code: z.string().nullish() }).nullish(),
})

function openaiLines(text: string): BatchReply[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { custom_id: key, response, error } = Line.parse(JSON.parse(line))
      if (response?.status_code === 200) return { key, body: response.body }
      return { key, failed: error?.code ?? `status ${response?.status_code ?? 'unknown'}` }
    })
}

async function anthropicClient(): Promise<Anthropic> {
  const { default: Client } = await import('@anthropic-ai/sdk')
  return new Client({ apiKey: keyOf('anthropic'), maxRetries: 4, logLevel: 'off', openTelemetry: false })
}

async function openaiClient(): Promise<OpenAI> {
  const { default: Client } = await import('openai')
  return new Client({ apiKey: keyOf('openai'), maxRetries: 4, logLevel: 'off' })
}
