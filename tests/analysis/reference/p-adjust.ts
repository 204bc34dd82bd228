import { z } from 'zod'
import { adjustP, type Correction } from '../../../analysis/multiplicity.ts'
import { type ReferenceFile, requireClose } from './reference-file.ts'

const PValues = z.array(z.number().nullable())
const Input = z.strictObject({ p: PValues })
const Expected = z.partialRecord(z.enum(['holm', 'hochberg', 'bonferroni', 'bh', 'by'] satisfies Correction[]), PValues)

/** Corrections for multiplicity against R's p.adjust; missing p values stay missing and do not count. */
export function check(file: ReferenceFile): void {
  const { p } = Input.parse(file.input)
  for (const [correction, wanted] of Object.entries(Expected.parse(file.expected)) as [Correction, (number | null)[]][]) {
    const adjusted = adjustP(p, correction)
    if (adjusted.length !== wanted.length)
      throw new Error(`${file.id} requires ${wanted.length} p values, got ${adjusted.length}`)
    for (const [i, expected] of wanted.entries()) {
      const actual = adjusted[i] ?? null
      if (expected !== null) requireClose(actual, expected, file, `${correction}[${i}]`)
      else if (actual !== null) throw new Error(`${file.id} requires ${correction}[${i}] = null, got ${actual}`)
    }
  }
}
