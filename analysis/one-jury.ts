import { juryDifferences } from '../cases/calibration.ts'
import type { JuryMark } from '../cases/verdict.ts'

/**
 * The one jury that judged all conversations of a source. No judged conversation, or two juries, is an Error; it says in what
 * the juries differ.
 */
export function oneJury(marks: readonly JuryMark[], source: string): JuryMark {
  const [first, ...others] = new Map(marks.map((mark) => [mark.sha256, mark])).values()
  if (first === undefined) throw new Error(`${source} requires at least one judged conversation, got none`)
  for (const other of others) {
    const differences = juryDifferences(first, other)
    if (differences.length > 0)
      throw new Error(`${source} requires verdicts of one jury, got two that differ in ${differences.join('; ')}`)
  }
  return first
}
