import type { ApiProvider, CallApiContextParams, CallApiOptionsParams, ProviderResponse } from 'promptfoo'
import { z } from 'zod'
import { present, showsWrongImage } from '../cases/arms.ts'
import { renderEhr } from '../cases/ehr.ts'
import { TrialIdentity } from '../cases/identity.ts'
import { prepareImage } from '../cases/images.ts'
import { type Bank, caseOf, loadBank } from '../cases/load.ts'
import { plainError } from '../cases/plain-error.ts'
import { Arm, type Case, type Image } from '../cases/schema.ts'
import { brokeOff, type Transcript } from '../cases/transcript.ts'
import { wrongImages } from '../cases/wrong-image.ts'
import { AskConfig, createAsk, storeDir } from './ask.ts'
import { budgetUsd } from './budget.ts'
import { converse } from './conversation.ts'
import { heldBack } from './licence-guard.ts'
import { modelOf } from './models/registry.ts'
import { Settings } from './models/settings.ts'
import { PatientConfig, patientOf } from './patient/choose.ts'
import { total } from './spent.ts'

const Config = z.strictObject({
  model: z.string().min(1),
  settings: Settings.optional(),
  maxTurns: z.int().min(1).max(30).default(8),
  deadlineSeconds: z.number().positive().max(86_400).default(600),
  patient: PatientConfig.default({ mode: 'scripted' }),
  ...AskConfig.shape,
  basePath: z.string().optional(),
})
const TestMetadata = z.looseObject({ bank: z.string(), imcbench: TrialIdentity })

/**
 * promptfoo’s provider: one call is one whole conversation of the model under test with the case’s patient.
 *
 * The transcript is always in `metadata.transcript`; a conversation that failed midway, or whose simulated patient is set
 * aside, carries an `error` beside it, so that promptfoo counts the cell as an error and asks no juror. A conversation that could not be held at all has none; why, in
 * words without the case, is in `metadata.missing`, for a licence and for arm wrong-image.
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
      modelOf(parsed.data.model, parsed.data.settings)
      budgetUsd(parsed.data.maxCostUsd)
      if (parsed.data.patient.mode === 'simulated') modelOf(parsed.data.patient.model, parsed.data.patient.settings)
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
      const missing = notHeldReason(error)
      const metadata = missing === undefined ? {} : { metadata: { missing } }
      return { error: error instanceof Error ? error.message : String(error), ...metadata }
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
    const { repeat } = metadata.data.imcbench
    const presentation = present(one, arm.data, showsWrongImage(arm.data) ? wrongImagesIn(bank, one) : [])
    this.#requireMayLeave(presentation.images, bank, one)
    const ask = createAsk(storeDir(), { maxTries: this.config.maxTries, maxCostUsd: this.config.maxCostUsd })
    const system = presentation.ehr === null ? prompt : `${prompt}\n\n${presentation.ehr}`
    const transcript = await converse({
      one,
      arm: arm.data,
      repeat,
      presentation,
      images: await Promise.all(presentation.images.map((image) => prepareImage(image, bank.dir))),
      ehr: renderEhr(one.ehr),
      system,
      model: modelOf(this.config.model, this.config.settings),
      patient: patientOf(this.config.patient, { one, repeat, ask }),
      ask,
      maxTurns: this.config.maxTurns,
      deadlineMs: this.config.deadlineSeconds * 1000,
      signal,
    })
    return { transcript, system }
  }

  #requireMayLeave(images: readonly Image[], bank: Bank, one: Case): void {
    const kept = heldBack(this.config.model, this.config.settings ?? {}, images)
    if (kept !== undefined)
      throw notHeld(
        'the image may not go to a third party',
        `${bank.name}/${one.id}.yaml: image ${kept.id}: licence.thirdPartyApiAllowed: requires true for a hosted model, got false`,
      )
  }
}

const NOT_HELD = Symbol('conversation not held')

/** An error whose reason names no case, so that the analysis can count it. */
function notHeld(reason: string, message: string): Error {
  return Object.assign(new Error(message), { [NOT_HELD]: reason })
}

function notHeldReason(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, [NOT_HELD]: reason } = error as Error & { code?: unknown; [NOT_HELD]?: string }
  return code === 'IMAGE_LEFT_OUT' ? 'the image was left out for its licence' : reason
}

function wrongImagesIn(bank: Bank, one: Case) {
  const wrong = wrongImages(one, bank.cases)
  if (wrong !== undefined) return wrong.map(({ image }) => image)
  throw notHeld(
    'the bank has no image of another case that fits',
    `${bank.name}/${one.id}.yaml: arm wrong-image requires another case of the bank with an image of the same modality and another diagnosis, got none`,
  )
}

/**
 * `prompt` is what the viewer shows: the instructions with the record, as they were sent. Tokens are those of the model
 * under test; cost is that of all replies, the simulated patient’s included; `incurredCost` is of those that were not in the
 * store, and `cached` says that all were.
 */
function respond(transcript: Transcript, prompt: string): ProviderResponse {
  const { turns, patient } = transcript
  const problem = notJudged(transcript)
  const spent = [transcript, ...(patient.mode === 'simulated' ? [patient.spent] : [])]
  const costUsd = total(spent.map((part) => part.costUsd))
  const incurredUsd = total(spent.map((part) => part.incurredUsd))
  const messages = turns.map((turn) => ({ role: turn.role === 'patient' ? 'user' : 'assistant', content: turn.text }))
  return {
    output: readable(transcript),
    prompt,
    metadata: { transcript, messages: JSON.stringify(messages) },
    cached: spent.every(({ calls }) => calls.made === 0) && transcript.calls.stored > 0,
    ...(costUsd === null ? {} : { cost: costUsd }),
    ...(incurredUsd === null ? {} : { incurredCost: incurredUsd }),
    ...tokenUsage(transcript),
    ...(problem === undefined ? {} : { error: problem }),
  }
}

/** Why a conversation is not to be judged, or undefined. promptfoo asks no juror about a response with an error. */
function notJudged({ stop, patient }: Transcript): string | undefined {
  if (brokeOff(stop.reason)) return `conversation ended by ${stop.reason}: ${stop.detail}`
  if (patient.mode === 'scripted' || patient.quarantined === null) return undefined
  return `conversation set aside, since its simulated patient is not to be trusted: ${patient.quarantined}`
}

/** Tokens in promptfoo’s words; nothing when a reply did not count them. A cache that is not reported is inside the input. */
function tokenUsage({ usage, calls }: Transcript): Pick<ProviderResponse, 'tokenUsage'> {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens } = usage
  if (inputTokens === null || outputTokens === null) return {}
  const prompt = inputTokens + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0)
  const completionDetails = {
    ...(cacheReadTokens === null ? {} : { cacheReadInputTokens: cacheReadTokens }),
    ...(cacheWriteTokens === null ? {} : { cacheCreationInputTokens: cacheWriteTokens }),
    ...(reasoningTokens === null ? {} : { reasoning: reasoningTokens }),
  }
  return {
    tokenUsage: {
      prompt,
      completion: outputTokens,
      total: prompt + outputTokens,
      numRequests: calls.made + calls.stored,
      completionDetails,
    },
  }
}

/** The conversation as a person reads it, one paragraph a turn, and why it ended. */
function readable({ turns, stop }: Transcript): string {
  const lines = turns.map((turn) => `${turn.role === 'patient' ? 'Patient' : 'Clinician'}: ${turn.text}`)
  return [...lines, `(ended: ${stop.reason.replaceAll('_', ' ')}, ${stop.detail})`].join('\n\n')
}
