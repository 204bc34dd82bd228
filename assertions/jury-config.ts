import { z } from 'zod'
import { AskConfig } from '../providers/ask.ts'
import { EMBEDDED_JURORS } from './embedded-jurors.ts'

const KNOWN = new Map(EMBEDDED_JURORS.map((juror) => [juror.id, juror]))
const JurorId = z.string().transform((id, issues) => {
  const juror = KNOWN.get(id)
  if (juror !== undefined) return juror
  issues.addIssue(`requires any of ${[...KNOWN.keys()].join(', ')}, got ${id}`)
  return z.NEVER
})
/** How the jury is set up in a promptfoo configuration: who sits in it, how many verdicts a score needs, and how long to wait. */
export const JuryConfig = z
  .strictObject({
    jurors: z
      .array(JurorId)
      .min(1)
      .refine((jurors) => new Set(jurors).size === jurors.length, 'requires each juror once'),
    quorum: z.int().min(1).optional(),
    deadlineSeconds: z.number().positive().max(86_400).default(120),
    ...AskConfig.shape,
    passAt: z.number().min(1).max(5).default(3),
  })
  .refine(({ jurors, quorum }) => (quorum ?? 1) <= jurors.length, { path: ['quorum'], error: 'requires at most one a juror' })
