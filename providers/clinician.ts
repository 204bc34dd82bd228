import type { ApiProvider, CallApiContextParams, CallApiOptionsParams, ProviderResponse } from 'promptfoo'
import { z } from 'zod'
import { present } from '../cases/arms.ts'
import { renderEhr } from '../cases/ehr.ts'
import { TrialIdentity } from '../cases/identity.ts'
import { prepareImage } from '../cases/images.ts'
import { caseOf, loadBank } from '../cases/load.ts'
import { plainError } from '../cases/plain-error.ts'
import { Arm } from '../cases/schema.ts'
import { brokeOff, type Transcript } from '../cases/transcript.ts'
import { createAsk, storeDir } from './ask.ts'
import { converse } from './conversation.ts'
import { modelOf } from './models/registry.ts'

const Config = z.strictObject({
  model: z.string().min(1),
  maxTurns: z.int().min(1).max(30).default(8),
  deadlineSeconds: z.number().positive().max(86_400).default(600),
  basePath: z.string().optional(),
})
const TestMetadata = z.looseObject({ bank: z.string(), imcbench: TrialIdentity })

/**
 * promptfoo’s provider: one call is one whole conversation of the model under test with the case’s patient.
 *
 * The transcript is always in `metadata.transcript`; a conversation that failed midway carries an `error` beside it, so
 * that promptfoo counts the cell as an error and asks no juror.
 */
export default class Clinician implements ApiProvider {
  readonly config: z.infer<typeof Config>
  readonly #id: string
  label?: string

  constructor(options: { id?: string; config?: unknown }) {
    const parsed = Config.safeParse(options.config ?? {})
    if (!parsed.success)
      throw plainError(new Error(`providers: ${options.id ?? 'clinician'}: config:\n${z.prettifyError(parsed.error)}`))
    this.config = parsed.data
    this.#id = options.id ?? `imcbench:${parsed.data.model}`
    try {
      modelOf(parsed.data.model)
    } catch (error) {
      throw plainError(error)
    }
  }

  id(): string {
    return this.#id
  }

  async callApi(prompt: string, context?: CallApiContextParams, options?: CallApiOptionsParams): Promise<ProviderResponse> {
    try {
      const held = await this.#converse(prompt, context, options?.abortSignal)
      return respond(held.transcript, held.system)
    } catch (error) {
      options?.abortSignal?.throwIfAborted()
      return { error: error instanceof Error ? error.message : String(error) }
    }
  }

  async #converse(prompt: string, context: CallApiContextParams | undefined, signal: AbortSignal | undefined) {
    const metadata = TestMetadata.safeParse(context?.test?.metadata)
    if (!metadata.success)
      throw new Error(`tests: requires tests made by cases/tests.ts:generateTests, got ${z.prettifyError(metadata.error)}`)
    const arm = Arm.safeParse(context?.prompt.label)
    if (!arm.success) throw new Error(`prompts: label: requires one of ${Arm.options.join(', ')}, got ${context?.prompt.label}`)
    const bank = await loadBank(metadata.data.bank)
    const one = caseOf(bank, metadata.data.imcbench.caseId)
    const presentation = present(one, arm.data)
    const system = presentation.ehr === null ? prompt : `${prompt}\n\n${presentation.ehr}`
    const transcript = await converse({
      one,
      arm: arm.data,
      repeat: metadata.data.imcbench.repeat,
      presentation,
      images: await Promise.all(presentation.images.map((image) => prepareImage(image, bank.dir))),
      ehr: renderEhr(one.ehr),
      system,
      model: modelOf(this.config.model),
      ask: createAsk(storeDir()),
      maxTurns: this.config.maxTurns,
      deadlineMs: this.config.deadlineSeconds * 1000,
      signal,
    })
    return { transcript, system }
  }
}

/** `prompt` is what the viewer shows: the instructions with the record, as they were sent. */
function respond(transcript: Transcript, prompt: string): ProviderResponse {
  const { stop, turns, usage, costUsd } = transcript
  const messages = turns.map((turn) => ({ role: turn.role === 'patient' ? 'user' : 'assistant', content: turn.text }))
  const { inputTokens, outputTokens } = usage
  return {
    output: readable(transcript),
    prompt,
    metadata: { transcript, messages: JSON.stringify(messages) },
    ...(costUsd === null ? {} : { cost: costUsd }),
    ...(inputTokens === null || outputTokens === null
      ? {}
      : { tokenUsage: { prompt: inputTokens, completion: outputTokens, total: inputTokens + outputTokens } }),
    ...(brokeOff(stop.reason) ? { error: `conversation ended by ${stop.reason}: ${stop.detail}` } : {}),
  }
}

/** The conversation as a person reads it, one paragraph a turn, and why it ended. */
function readable({ turns, stop }: Transcript): string {
  const lines = turns.map((turn) => `${turn.role === 'patient' ? 'Patient' : 'Clinician'}: ${turn.text}`)
  return [...lines, `(ended: ${stop.reason.replaceAll('_', ' ')}, ${stop.detail})`].join('\n\n')
}
