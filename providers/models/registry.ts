import type { Model } from '../ask.ts'
import { EMBEDDED_CLINICIANS } from './embedded-clinicians.ts'

/**
 * The model of that id.
 *
 * @throws Error that names the known ids
 */
export function modelOf(id: string): Model {
  const found = EMBEDDED_CLINICIANS.find((model) => model.id === id)
  if (found !== undefined) return found
  throw new Error(
    `providers: config.model: requires one of ${EMBEDDED_CLINICIANS.map((model) => model.id).join(', ')}, got ${id}`,
  )
}
