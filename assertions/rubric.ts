import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { z } from 'zod'
import { sha256Of } from '../cases/sha256.ts'
import { Dimension } from '../cases/verdict.ts'

const Words = z.string().min(1)
const DimensionRubric = z.strictObject({
  question: Words,
  levels: z.strictObject({ 1: Words, 2: Words, 3: Words, 4: Words, 5: Words }),
})

/** The question and the five anchor levels of each dimension, and the caps, in plain words. */
export const Rubric = z.strictObject({
  version: Words,
  dimensions: z.record(Dimension, DimensionRubric),
  caps: z.strictObject({
    'missed-emergency': Words,
    'severe-must-not-say': Words,
    'under-triage': Words,
    'over-triage-alone': Words,
  }),
})
export type Rubric = z.infer<typeof Rubric>

/**
 * Reads a rubric out of YAML.
 *
 * @throws Error that names every field which is missing, empty or unknown; also when the YAML is malformed or empty
 */
export function parseRubric(yaml: string): Rubric {
  const parsed = Rubric.safeParse(loadYaml(yaml))
  if (parsed.success) return parsed.data
  throw new Error(`assertions/rubric.yaml requires a whole rubric, got\n${z.prettifyError(parsed.error)}`)
}

function loadYaml(yaml: string): unknown {
  try {
    return load(yaml)
  } catch (cause) {
    throw new Error(`assertions/rubric.yaml requires well-formed YAML, got ${(cause as Error).message}`, { cause })
  }
}

const text = readFileSync(join(import.meta.dirname, 'rubric.yaml'), 'utf8')

/** The rubric of `rubric.yaml`; importing this file throws when that file is not valid. */
export const RUBRIC: Rubric = parseRubric(text)

/** SHA-256 of the rubric’s file, to tell which words a verdict went by. */
export const RUBRIC_SHA256: string = sha256Of(text)
