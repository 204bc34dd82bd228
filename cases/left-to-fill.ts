import { error, type Fault } from './finding.ts'
import type { Case } from './schema.ts'

/** Finds every text that still holds the mark `TODO` of a new case file: one error for each field. */
export function nothingIsLeftToFill(one: Case): Fault[] {
  return texts(one, []).flatMap(({ path, text }) =>
    /\bTODO\b/.test(text) ? [error(path.join('.'), `requires words in place of the mark, got “${text}”`)] : [],
  )
}

function texts(value: unknown, path: readonly string[]): { path: readonly string[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const { id } = (inner ?? {}) as { id?: unknown }
    return texts(inner, [...path, Array.isArray(value) && typeof id === 'string' ? id : key])
  })
}
