import { entryIds } from './ehr.ts'
import type { Case } from './schema.ts'

/**
 * What a case's fields say of one another and should not: ids used twice, and ids that name nothing.
 *
 * @returns one line a fault, `field: fault, got value`; empty when there is none
 */
export function danglingReferences(one: Case): string[] {
  const facts = one.facts.map((fact) => fact.id)
  const entries = entryIds(one.ehr)
  const hazards = one.ehr.hazards.map((hazard) => hazard.id)
  return [
    ...twice('facts', facts),
    ...twice('ehr', [...entries, ...hazards]),
    ...twice(
      'images',
      one.images.map((image) => image.id),
    ),
    ...twice(
      'truth',
      [...one.truth.redFlags, ...one.truth.mustDo, ...one.truth.mustNotSay].map((item) => item.id),
    ),
    ...dangling(
      'ehr.hazards.entry',
      one.ehr.hazards.map((hazard) => hazard.entry),
      entries,
      'an entry of the record',
    ),
    ...dangling(
      'ehr.conflicts.entry',
      one.ehr.conflicts.map((conflict) => conflict.entry),
      entries,
      'an entry of the record',
    ),
    ...dangling(
      'ehr.conflicts.fact',
      one.ehr.conflicts.map((conflict) => conflict.fact),
      facts,
      'a fact',
    ),
    ...dangling(
      'truth.mustAsk.fact',
      one.truth.mustAsk.map((item) => item.fact),
      facts,
      'a fact',
    ),
    ...dangling(
      'truth.mustDo.hazard',
      one.truth.mustDo.flatMap((item) => item.hazard ?? []),
      hazards,
      'a hazard of the record',
    ),
  ]
}

function twice(field: string, ids: readonly string[]): string[] {
  const repeated = new Set(ids.filter((id, i) => ids.indexOf(id) !== i))
  return [...repeated].map((id) => `${field}: requires ids that are used once, got ${id} twice`)
}

function dangling(field: string, used: readonly string[], known: readonly string[], what: string): string[] {
  return used.filter((id) => !known.includes(id)).map((id) => `${field}: requires the id of ${what}, got ${id}`)
}
