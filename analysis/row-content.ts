import { z } from 'zod'
import { TrialIdentity } from '../cases/identity.ts'
import { Arm } from '../cases/schema.ts'
import { Transcript } from '../cases/transcript.ts'
import { Grade } from '../cases/verdict.ts'
import type { ResultRow } from './results.ts'

/** What a promptfoo row holds of ours. */
export type RowContent = {
  identity: TrialIdentity
  arm: Arm
  model: string
  transcript: Transcript | null
  grade: Grade | null
  /** The provider's reason for having no transcript. */
  notHeld: string | null
  /** The jury's reason for having no grade. */
  juryMissing: string | null
}

/**
 * Our objects inside one promptfoo row. The transcript is null when the cell threw, the grade when the jury failed or never
 * ran. A row without a trial identity, with a prompt that is not an arm, or with an object of ours that does not fit its
 * schema is an Error naming `place` and the field: such a file was not made by this plugin's version.
 */
export function rowContent(row: ResultRow, place: string): RowContent {
  const identity = row.metadata?.imcbench ?? row.testCase?.metadata?.imcbench
  const transcript = row.response?.metadata?.transcript ?? row.metadata?.transcript
  const components = (row.gradingResult?.componentResults ?? []).map((component) => component?.metadata ?? {})
  const grade = components.find((metadata) => metadata.grade != null)?.grade
  const notHeld = row.response?.metadata?.missing ?? row.metadata?.missing
  const juryMissing = components.find((metadata) => typeof metadata.missing === 'string')?.missing
  return {
    identity: parse(TrialIdentity, identity, `${place} field metadata.imcbench`),
    arm: parse(Arm, row.prompt.label, `${place} field prompt.label`),
    model: row.provider.label || row.provider.id,
    transcript: transcript == null ? null : parse(Transcript, transcript, `${place} field response.metadata.transcript`),
    grade: grade == null ? null : parse(Grade, grade, `${place} field gradingResult.componentResults metadata.grade`),
    notHeld: typeof notHeld === 'string' ? notHeld : null,
    juryMissing: typeof juryMissing === 'string' ? juryMissing : null,
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, field: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const got = value === undefined ? 'none' : `\n${z.prettifyError(parsed.error)}`
  throw new Error(`${field} requires a value that fits its schema, got ${got}`)
}
