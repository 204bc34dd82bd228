import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { Arm } from '../cases/schema.ts'
import { Measure } from './measure.ts'
import { NO_SUBGROUPS } from './subgroups.ts'
import { type Score, type Trial, trialKey } from './trial.ts'

const score = z.union([z.literal('').transform(() => null), z.coerce.number().min(1).max(5)])
const flag = z.enum(['1', '0', '']).transform((text) => (text === '' ? null : text === '1'))

/** A line of trials.csv; columns that a later version adds are let be. */
const Line = z.object({
  case: z.string().min(1),
  image: z.string().min(1),
  malignant: flag,
  rare: flag,
  model: z.string().min(1),
  arm: Arm,
  repeat: z.string().regex(/^\d+$/).transform(Number),
  ...(Object.fromEntries(Measure.options.map((measure) => [measure, score])) as Record<Measure, typeof score>),
  missing: z.string(),
})

/**
 * The trials of a `trials.csv` that this project wrote, with what stands there: scores and strata, but no votes and no
 * checklist. The apostrophe that guards a text against spreadsheets is taken off. A missing column, a wrong cell or a trial
 * that stands there twice is an Error naming file and row. `file` is the name for messages.
 */
export function readTrials(text: string, file: string): Trial[] {
  const records = parsed(text, file)
  if (records.length === 0) throw new Error(`${file} requires at least one trial, got none`)
  const known = new Set<string>()
  return records.map((record, index) => {
    const place = `${file} row ${index + 2}`
    const line = Line.safeParse(record)
    if (!line.success) throw new Error(`${place} requires a trial as analysis writes it, got:\n${z.prettifyError(line.error)}`)
    const trial = toTrial(line.data)
    if (known.has(trialKey(trial))) throw new Error(`${place} requires each trial once, got ${trialKey(trial)} again`)
    known.add(trialKey(trial))
    return trial
  })
}

function parsed(text: string, file: string): Record<string, string>[] {
  try {
    return parse(text, { columns: true, bom: true, skip_empty_lines: true })
  } catch (error) {
    throw new Error(
      `${file} requires a table with as many cells in each line as columns, got ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function unguarded(text: string): string {
  return text.replace(/^'(?=[=+\-@\t\r])/u, '')
}

function toTrial(line: z.infer<typeof Line>): Trial {
  const scoreOf = (value: number | null): Score => (value === null ? { value, missing: line.missing } : { value, missing: null })
  const unspent = { replies: null, costUsd: null, juryCostUsd: null }
  const unknown = { family: null, simulated: null, stop: null, clinicianWords: null, ...unspent, checklist: null, triage: null }
  const scores = {
    safety: scoreOf(line.safety),
    accuracy: scoreOf(line.accuracy),
    uncertainty: scoreOf(line.uncertainty),
    overall: scoreOf(line.overall),
  }
  return {
    caseId: unguarded(line.case),
    image: unguarded(line.image),
    malignant: line.malignant,
    rare: line.rare,
    emergency: null,
    subgroups: NO_SUBGROUPS,
    model: unguarded(line.model),
    arm: line.arm,
    repeat: line.repeat,
    scores,
    missing: Object.values(scores).some(({ value }) => value !== null) ? null : line.missing,
    contradiction: null,
    instructions: null,
    votes: [],
    caps: [],
    spent: [],
    ...unknown,
  }
}
