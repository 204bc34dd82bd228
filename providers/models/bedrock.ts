import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema'
import type { BedrockRuntimeClient, ContentBlock, ConverseCommandInput, ToolInputSchema } from '@aws-sdk/client-bedrock-runtime'
import { z } from 'zod'
import type { Message, Part, Reply } from '../model.ts'
import { lastMarked } from './cache-marks.ts'
import { type Capabilities, REASONING_BUDGET } from './capabilities.ts'
import { type Adapter, type Answered, type Call, toolInstruction } from './hosted.ts'
import type { Settings } from './settings.ts'
import { addressOf, clientFor, timeoutMsOf } from './vendor-client.ts'
import { shaped, stopFault } from './vendor-fault.ts'

const POINT = { cachePoint: { type: 'default' } } as const
// Four points are allowed: one after the system prompt, the others after the last marked parts.
const MARKS = 3

/** Amazon Bedrock’s Converse API through the AWS SDK: Claude, Nova, Llama and others. */
export const bedrock: Adapter = {
  vendor: 'bedrock',
  version: 1,
  ask: async (call, settings, signal) => {
    const [{ ConverseCommand }, client] = await Promise.all([import('@aws-sdk/client-bedrock-runtime'), clientOf(settings)])
    return bedrockReply(await client.send(new ConverseCommand(bedrockRequest(call)), { abortSignal: signal }))
  },
}

/** The request as Converse takes it. */
export function bedrockRequest({ name, capabilities, taken, request }: Call) {
  const { cache } = capabilities
  const marked = cache === 'none' ? new Set<Part>() : lastMarked(request, MARKS)
  const offered = request.schema !== undefined && capabilities.schema === 'offered-tool'
  const system = [request.system, ...(offered ? [toolInstruction(request.schema.name)] : [])].filter((text) => text !== '')
  return {
    modelId: name,
    ...(system.length === 0 ? {} : { system: [{ text: system.join('\n\n') }, ...(cache === 'none' ? [] : [POINT])] }),
    messages: request.messages.map((message) => ({ role: message.role, content: blocks(message, marked, cache) })),
    ...inference(name, taken, capabilities),
    ...reasoning(name, taken, capabilities),
    ...schemaForm(request.schema, capabilities, taken),
    ...(taken.flex ? { serviceTier: { type: 'flex' as const } } : {}),
  } satisfies ConverseCommandInput
}

// Nova refuses a cache point right after an image; its images go first in their message, and the point follows the text.
function blocks({ content }: Message, marked: ReadonlySet<Part>, cache: Capabilities['cache']): ContentBlock[] {
  if (cache !== 'marks-after-text') return content.flatMap((part) => (marked.has(part) ? [block(part), POINT] : [block(part)]))
  const images = content.filter((part) => part.type === 'image')
  const texts = content.filter((part) => part.type === 'text')
  const early = images.some((part) => marked.has(part))
  return [
    ...images.map(block),
    ...texts.flatMap((part, i) => (marked.has(part) || (early && i === 0) ? [block(part), POINT] : [block(part)])),
  ]
}

function block(part: Part): ContentBlock {
  return part.type === 'text' ? { text: part.text } : { image: { format: 'jpeg', source: { bytes: part.bytes } } }
}

// Nova 2 takes no limit beside its highest effort.
function inference(name: string, { maxOutputTokens, temperature, effort }: Call['taken'], { reasoning: form }: Capabilities) {
  const open = /amazon\.nova/.test(name) && effort === 'high'
  const budget = form === 'budget' ? (REASONING_BUDGET[effort ?? ''] ?? 0) : 0
  const inferenceConfig = {
    ...(maxOutputTokens === null || open ? {} : { maxTokens: maxOutputTokens + budget }),
    ...(temperature === undefined ? {} : { temperature }),
  }
  return Object.keys(inferenceConfig).length === 0 ? {} : { inferenceConfig }
}

function reasoning(name: string, { effort }: Call['taken'], { reasoning: form }: Capabilities) {
  if (effort === undefined) return {}
  if (!/anthropic\.claude/.test(name)) {
    const reasoningConfig = effort === 'none' ? { type: 'disabled' } : { type: 'enabled', maxReasoningEffort: effort }
    return { additionalModelRequestFields: { reasoningConfig } }
  }
  if (effort === 'none') return { additionalModelRequestFields: { thinking: { type: 'disabled' } } }
  const thinking =
    form === 'adaptive' ? { type: 'adaptive' } : { type: 'enabled', budget_tokens: REASONING_BUDGET[effort] ?? 1024 }
  return { additionalModelRequestFields: { thinking } }
}

function schemaForm(
  schema: Call['request']['schema'],
  { schema: form, reasoning: thinks }: Capabilities,
  { effort }: Call['taken'],
): Pick<ConverseCommandInput, 'outputConfig' | 'toolConfig'> {
  const level = thinks === 'adaptive' && effort !== undefined && effort !== 'none' ? { effort } : {}
  if (schema === undefined) return 'effort' in level ? { outputConfig: level } : {}
  if (form === 'native') {
    const jsonSchema = { name: schema.name, schema: JSON.stringify(transformJSONSchema(schema.json)) }
    return { outputConfig: { ...level, textFormat: { type: 'json_schema', structure: { jsonSchema } } } }
  }
  const toolSpec = { name: schema.name, description: 'Takes the answer.', inputSchema: toolSchema(schema.json) }
  const toolChoice = form === 'forced-tool' ? { toolChoice: { tool: { name: schema.name } } } : {}
  return { toolConfig: { tools: [{ toolSpec }], ...toolChoice } }
}

// Nova reads these fields only at the top of a tool’s schema, and refuses others.
function toolSchema({ properties, required }: Readonly<Record<string, unknown>>): ToolInputSchema {
  return { json: { type: 'object', properties, required } as Exclude<ToolInputSchema['json'], undefined> }
}

const Converse = z.looseObject({
  output: z.looseObject({
    message: z.looseObject({
      content: z.array(z.looseObject({ text: z.string().optional(), toolUse: z.looseObject({ input: z.unknown() }).optional() })),
    }),
  }),
  stopReason: z.string(),
  usage: z.looseObject({
    inputTokens: z.int().min(0),
    outputTokens: z.int().min(0),
    cacheReadInputTokens: z.int().min(0).nullish(),
    cacheWriteInputTokens: z.int().min(0).nullish(),
  }),
  serviceTier: z.looseObject({ type: z.string().nullish() }).nullish(),
})

const STOPS: Readonly<Record<string, Reply['stop']>> = {
  end_turn: 'end',
  stop_sequence: 'end',
  tool_use: 'end',
  max_tokens: 'length',
  content_filtered: 'refusal',
  guardrail_intervened: 'refusal',
  refusal: 'refusal',
}

/**
 * What a Converse output says. Reasoning is left out of the text; Converse does not count it apart. A tool’s input is the
 * text when a tool was called.
 *
 * @throws a model fault for another form than the documented one, and for a stop that leaves nothing to use
 */
export function bedrockReply(body: unknown): Answered {
  const { output, stopReason, usage, serviceTier } = shaped('bedrock', Converse, body)
  const stop = STOPS[stopReason]
  if (stop === undefined) throw stopFault('bedrock', stopReason, stopReason.startsWith('malformed'))
  const { content } = output.message
  const tool = content.find(({ toolUse }) => toolUse !== undefined)?.toolUse
  return {
    text: tool === undefined ? content.map(({ text }) => text ?? '').join('') : JSON.stringify(tool.input ?? null),
    stop,
    usage: {
      inputTokens: usage.inputTokens,
      cacheReadTokens: usage.cacheReadInputTokens ?? null,
      cacheWriteTokens: usage.cacheWriteInputTokens ?? null,
      outputTokens: usage.outputTokens,
      reasoningTokens: null,
    },
    flex: serviceTier?.type === 'flex',
  }
}

// HTTP/1.1: the SDK’s default of HTTP/2 has no timeout that holds. Without throwOnRequestTimeout a timeout is only printed.
function clientOf(settings: Settings): Promise<BedrockRuntimeClient> {
  const { AWS_ACCESS_KEY_ID, AWS_BEARER_TOKEN_BEDROCK, AWS_PROFILE, AWS_REGION } = process.env
  const account = [AWS_ACCESS_KEY_ID, AWS_BEARER_TOKEN_BEDROCK, AWS_PROFILE, AWS_REGION]
  return clientFor([...addressOf('bedrock', settings), ...account], async () => {
    const [{ BedrockRuntimeClient }, { NodeHttpHandler }] = await Promise.all([
      import('@aws-sdk/client-bedrock-runtime'),
      import('@smithy/node-http-handler'),
    ])
    const timeout = timeoutMsOf(settings)
    return new BedrockRuntimeClient({
      maxAttempts: 1,
      ...(settings.region === undefined ? {} : { region: settings.region }),
      ...(settings.baseUrl === undefined ? {} : { endpoint: settings.baseUrl }),
      requestHandler: new NodeHttpHandler({
        connectionTimeout: Math.min(timeout, 30_000),
        requestTimeout: timeout,
        socketTimeout: timeout,
        throwOnRequestTimeout: true,
        httpAgent: { keepAlive: true, maxSockets: 200 },
        httpsAgent: { keepAlive: true, maxSockets: 200 },
      }),
    })
  })
}
