import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { type Calibration, juryDifferences, readCalibration } from '../cases/calibration.ts'
import { JurorSight } from '../cases/verdict.ts'
import { AskConfig } from '../providers/ask.ts'
import { modelOf } from '../providers/models/registry.ts'
import { Settings } from '../providers/models/settings.ts'
import { isThirdParty } from '../providers/models/third-party.ts'
import { EMBEDDED_JURORS } from './embedded-jurors.ts'
import type { Juror } from './juror.ts'
import { juryMark } from './jury-mark.ts'

const KNOWN = new Map(EMBEDDED_JURORS.map((model) => [model.id, model]))
const EmbeddedJuror = z.string().transform((id, issues): Juror => {
  const model = KNOWN.get(id)
  if (model !== undefined) return { id, model, sees: 'none', thirdParty: false }
  issues.addIssue(`requires one of ${[...KNOWN.keys()].join(', ')}, or an object with a model, got ${id}`)
  return z.NEVER
})
const ModelJuror = z
  .strictObject({
    id: z.string().min(1).optional().describe('the juror’s name in results; the model’s when not given'),
    model: z.string().min(1),
    settings: Settings.optional(),
    sees: JurorSight.exclude(['none']).default('image').describe('findings for models that take no image'),
  })
  .transform(({ id, model, settings, sees }, issues): Juror => {
    try {
      return { id: id ?? model, model: modelOf(model, settings), sees, thirdParty: isThirdParty(model, settings) }
    } catch (error) {
      issues.addIssue((error as Error).message)
      return z.NEVER
    }
  })

/** An embedded juror by its name, or a model with its settings. */
const JurorConfig = z.unknown().transform((value, issues): Juror => {
  const parsed = (typeof value === 'string' ? EmbeddedJuror : ModelJuror).safeParse(value)
  if (parsed.success) return parsed.data
  issues.issues.push(...parsed.error.issues.map((issue) => ({ ...issue, code: 'custom' as const, input: value })))
  return z.NEVER
})

/** How the jury is set up in a promptfoo configuration: who sits in it, how many verdicts a score needs, and how long to wait. */
export const JuryConfig = z
  .strictObject({
    jurors: z
      .array(JurorConfig)
      .min(1)
      .refine((jurors) => new Set(jurors.map(({ id }) => id)).size === jurors.length, 'requires each juror once'),
    repeats: z.int().min(1).max(10).default(1).describe('times that each juror is asked about a dimension'),
    quorum: z.int().min(1).optional(),
    deadlineSeconds: z.number().positive().max(86_400).default(120),
    ...AskConfig.shape,
    calibration: z
      .string()
      .min(1)
      .optional()
      .describe(
        'a calibration.json of this very jury, from the folder where promptfoo is started; scores shown are mapped by it',
      ),
    passAt: z.number().min(1).max(5).default(3),
  })
  .refine(({ jurors, quorum }) => (quorum ?? 1) <= jurors.length, { path: ['quorum'], error: 'requires at most one a juror' })
export type JuryConfig = z.infer<typeof JuryConfig>

/**
 * The calibration that a configuration names, or null when it names none. A file that cannot be read or does not fit its
 * schema, or that was fitted on another jury, is an Error; it says in what the juries differ.
 */
export async function calibrationOf(
  config: Pick<JuryConfig, 'calibration' | 'jurors' | 'repeats' | 'quorum'>,
): Promise<Calibration | null> {
  if (config.calibration === undefined) return null
  const calibration = readCalibration(await readFile(resolve(config.calibration), 'utf8'), config.calibration)
  const differences = juryDifferences(calibration.jury, juryMark(config))
  if (differences.length === 0) return calibration
  throw new Error(`${config.calibration} requires the jury that it was fitted on, got another:\n  ${differences.join('\n  ')}`)
}
