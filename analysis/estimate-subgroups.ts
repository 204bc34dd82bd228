import { z } from 'zod'
import { Measure } from './measure.ts'

/** A mean or a difference by the closed form, clustered by image; null parts where the data allow none. */
const Part = z.strictObject({
  value: z.number().nullable(),
  standardError: z.number().min(0).nullable(),
  df: z.number().positive().nullable(),
  interval: z.strictObject({ method: z.literal('cr2-t'), low: z.number(), high: z.number(), level: z.number() }).nullable(),
  reason: z.string().nullable().describe('why there is no value or no interval, else null'),
})

/**
 * The scores of one group of patients or images, averaged over models, in the arm `full`; always exploratory.
 *
 * `difference` is the group minus the rest: the other cases whose group is known, for skin tone on the same scale by the
 * same kind of rater. Negative means that the group scores worse. `pBh` is adjusted by Benjamini and Hochberg over all the
 * differences of the same measure.
 */
export const SubgroupRow = z.strictObject({
  measure: Measure,
  attribute: z.enum(['age band', 'sex', 'skin tone', 'modality']),
  scale: z.string().nullable().describe('scale and rater of a skin tone, else null'),
  group: z.string(),
  mean: Part,
  difference: Part.extend({
    p: z.number().min(0).max(1).nullable().describe('two-sided'),
    pBh: z.number().min(0).max(1).nullable(),
    family: z.int().min(0).describe('how many differences were adjusted together'),
  }),
  nCases: z.int().min(0),
  nImages: z.int().min(0),
  nRestCases: z.int().min(0),
  nRestImages: z.int().min(0),
  exploratory: z.literal(true),
})
export type SubgroupRow = z.infer<typeof SubgroupRow>
