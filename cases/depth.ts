import { type Fault, warning } from './finding.ts'
import type { Case } from './schema.ts'

/** Finds a case that is too thin, or too long, to tell clinicians apart: facts 12–25, to be asked 3–6, absent 3 or more. */
export function caseHasDepth(one: Case): Fault[] {
  const absent = one.facts.filter((fact) => fact.polarity === 'absent').length
  return [
    ...within('facts', 'facts', one.facts.length, 12, 25),
    ...within('truth.mustAsk', 'facts that must be asked for', one.truth.mustAsk.length, 3, 6),
    ...within('facts', 'facts of polarity absent', absent, 3, Number.POSITIVE_INFINITY),
  ]
}

function within(field: string, what: string, count: number, least: number, most: number): Fault[] {
  if (count >= least && count <= most) return []
  const range = most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`
  return [warning(field, `requires ${range} ${what}, got ${count}`)]
}
