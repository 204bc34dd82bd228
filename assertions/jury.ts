import type { AssertionValueFunctionContext, GradingResult } from 'promptfoo'
import { z } from 'zod'
import { TrialIdentity } from '../cases/identity.ts'
import { caseOf, loadBank } from '../cases/load.ts'
import { Transcript } from '../cases/transcript.ts'
import { createAsk, storeDir } from '../providers/ask.ts'
import { deliberate } from './deliberate.ts'
import { gradingResult, missingGrade } from './grading.ts'
import { jurorPicture } from './juror-picture.ts'
import { calibrationOf, JuryConfig } from './jury-config.ts'

const TestMetadata = z.looseObject({ bank: z.string(), imcbench: TrialIdentity })

/**
 * promptfoo’s assertion: the jury’s grade of one conversation.
 *
 * Never throws, since promptfoo would then discard the transcript: whatever goes wrong is a missing grade with its
 * reason, which names the field. That includes a transcript of another trial and one that broke off.
 */
export async function jury(_output: unknown, context: AssertionValueFunctionContext | undefined): Promise<GradingResult> {
  try {
    const config = parse(JuryConfig, context?.config, 'defaultTest.assert.config')
    const { bank: bankName, imcbench } = parse(TestMetadata, context?.test?.metadata, 'test.metadata')
    const calibration = await calibrationOf(config)
    const transcript = parse(Transcript, context?.providerResponse?.metadata?.transcript, 'response.metadata.transcript')
    const bank = await loadBank(bankName)
    requireSame('test.metadata.imcbench.bank.sha256', bank.sha256, imcbench.bank.sha256)
    requireSame('response.metadata.transcript.repeat', imcbench.repeat, transcript.repeat)
    const one = caseOf(bank, imcbench.caseId)
    const grade = await deliberate(one, transcript, {
      jurors: config.jurors,
      repeats: config.repeats,
      quorum: config.quorum,
      picture: (juror) => jurorPicture(juror, one, bank),
      ask: createAsk(storeDir(), { maxTries: config.maxTries, maxCostUsd: config.maxCostUsd }),
      deadlineMs: config.deadlineSeconds * 1000,
    })
    return gradingResult(grade, config.passAt, calibration)
  } catch (error) {
    return missingGrade(error instanceof Error ? error.message : String(error))
  }
}

function parse<T extends z.ZodType>(schema: T, value: unknown, field: string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new Error(`${field}:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

function requireSame(field: string, required: string | number, got: string | number): void {
  if (got !== required) throw new Error(`${field}: requires ${required}, got ${got}`)
}
