import { z } from 'zod'
import { Dimension } from '../cases/verdict.ts'

/** A score that can be estimated: one of the three dimensions, or their mean within a trial. */
export const Measure = z.enum([...Dimension.options, 'overall'])
export type Measure = z.infer<typeof Measure>
