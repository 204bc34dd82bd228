import { z } from 'zod'
import { Arm } from '../cases/schema.ts'
import { Estimate } from './estimate.ts'
import { Measure } from './measure.ts'

const Side = z.strictObject({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  nCases: z.int().min(0),
})

/** What a comparison says of one of the two runs. */
const RunCard = z.strictObject({
  bank: z.string(),
  cases: z.int(),
  images: z.int(),
  models: z.array(z.string()),
  simulated: z.boolean().describe('whether anything in it is known to be simulated'),
})

/** Why two numbers may not be set against each other: what differs between the runs, in words. */
const Difference = z.strictObject({
  what: z.string(),
  first: z.string(),
  second: z.string(),
  refuses: z.boolean().describe('true: no difference is computed; false: it is, and must be read with this in mind'),
})

/**
 * One number of both runs. `difference` is second minus first on the cases that both scored, trials matched by case, model and
 * arm, repeats averaged first; null values with a `reason` where there is none.
 */
export const ComparedNumber = z.strictObject({
  estimand: Estimate.shape.estimand,
  measure: Measure,
  model: z.string().nullable().describe('null for the average over models'),
  arm: Arm,
  first: Side.nullable().describe('null: not in this run'),
  second: Side.nullable(),
  difference: z.strictObject({
    value: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    standardError: z.number().min(0).nullable().describe('CR2 by image'),
    df: z.number().positive().nullable(),
    p: z.number().min(0).max(1).nullable().describe('two-sided'),
    pHolm: z.number().min(0).max(1).nullable().describe('after Holm within the models of an estimand, measure and arm'),
    nCases: z.int().min(0),
    nImages: z.int().min(0),
    exploratory: z.boolean(),
    reason: z.string().nullable(),
  }),
})
export type ComparedNumber = z.infer<typeof ComparedNumber>

/** Two runs side by side. Equal runs give equal bytes. */
export const Comparison = z.strictObject({
  version: z.literal(1),
  level: z.number().gt(0).lt(1),
  first: RunCard,
  second: RunCard,
  differences: z.array(Difference),
  casesOnOtherImage: z.int().min(0).describe('cases of both runs whose image differs; they are left out of every difference'),
  rows: z.array(ComparedNumber),
})
export type Comparison = z.infer<typeof Comparison>
