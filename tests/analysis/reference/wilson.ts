import { z } from 'zod'
import { wilsonInterval } from '../../../analysis/wilson.ts'
import { type ReferenceFile, requireInterval } from './reference-file.ts'

const Expected = z.array(z.strictObject({ x: z.number(), n: z.number(), ci95: z.tuple([z.number(), z.number()]) })).min(1)

/** Every 95 % Wilson interval of the file. */
export function check(file: ReferenceFile): void {
  for (const { x, n, ci95 } of Expected.parse(file.expected))
    requireInterval(wilsonInterval(x, n, 0.95), ci95, file, `interval of ${x} of ${n}`)
}
