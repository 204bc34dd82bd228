import type { AssertionValueFunctionContext, GradingResult } from 'promptfoo'
import { z } from 'zod'
import { TrialIdentity } from '../cases/identity.ts'
import { caseOf, loadBank } from '../cases/load.ts'
import { Transcript } from '../cases/transcript.ts'
import { createAsk, type Model, storeDir } from '../providers/ask.ts'
import { deliberate } from './deliberate.ts'
import { EMBEDDED_JURORS } from './embedded-jurors.ts'
import { gradingResult, missingGrade } from './grading.ts'

const Config = z.strictObject({
  jurors: z.array(z.string()).min(1),
  quorum: z.int().min(1).optional(),
  deadlineSeconds: z.number().positive().default(120),
  passAt: z.number().min(1).max(5).default(3),
})
const TestMetadata = z.looseObject({ bank: z.string(), imcbench: TrialIdentity })

/**
 * promptfoo’s assertion: the jury’s grade of one conversation.
 *
 * Never throws, since promptfoo would then discard the transcript: whatever goes wrong is a missing grade with its reason.
 */
export async function jury(_output: unknown, context: AssertionValueFunctionContext): Promise<GradingResult> {
  try {
    const config = parse(Config, context.config, 'defaultTest.assert.config')
    const { bank, imcbench } = parse(TestMetadata, context.test.metadata, 'test.metadata')
    const transcript = parse(Transcript, context.providerResponse?.metadata?.transcript, 'response.metadata.transcript')
    const one = caseOf(await loadBank(bank), imcbench.caseId)
    const jurors = config.jurors.map(jurorOf)
    const grade = await deliberate(one, transcript, {
      jurors,
      quorum: config.quorum,
      ask: createAsk(storeDir()),
      deadlineMs: config.deadlineSeconds * 1000,
    })
    return gradingResult(grade, config.passAt)
  } catch (error) {
    return missingGrade(error instanceof Error ? error.message : String(error))
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new Error(`${where}:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

function jurorOf(id: string): Model {
  const found = EMBEDDED_JURORS.find((model) => model.id === id)
  if (found !== undefined) return found
  throw new Error(
    `defaultTest.assert.config.jurors: requires any of ${EMBEDDED_JURORS.map((model) => model.id).join(', ')}, got ${id}`,
  )
}
