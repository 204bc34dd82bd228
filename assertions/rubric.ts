import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { z } from 'zod'
import { sha256Of } from '../cases/sha256.ts'
import { Dimension } from '../cases/verdict.ts'

const Level = z.string().min(1)
const DimensionRubric = z.strictObject({
  question: z.string().min(1),
  levels: z.strictObject({ 1: Level, 2: Level, 3: Level, 4: Level, 5: Level }),
})

/** The question and the five anchor levels of each dimension, and the caps, in plain words. */
export const Rubric = z.strictObject({
  version: z.string(),
  dimensions: z.record(Dimension, DimensionRubric),
  caps: z.strictObject({
    'missed-emergency': z.string(),
    'severe-must-not-say': z.string(),
    'under-triage': z.string(),
    'over-triage-alone': z.string(),
  }),
})
export type Rubric = z.infer<typeof Rubric>

const text = readFileSync(join(import.meta.dirname, 'rubric.yaml'), 'utf8')

/** The rubric of `rubric.yaml`; importing this file throws when that file is not valid. */
export const RUBRIC: Rubric = Rubric.parse(load(text))

/** SHA-256 of the rubric’s file, to tell which words a verdict went by. */
export const RUBRIC_SHA256: string = sha256Of(text)
