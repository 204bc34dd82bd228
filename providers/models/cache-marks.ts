import { sha256Of } from '../../cases/sha256.ts'
import type { Part, Request } from '../model.ts'

/** The last `count` parts of a request that are marked as the end of a shared beginning. */
export function lastMarked(request: Request, count: number): ReadonlySet<Part> {
  const marked = request.messages.flatMap(({ content }) => content).filter((part) => part.cache === true)
  return new Set(marked.slice(-count))
}

/**
 * 32 hexadecimal digits that stand for the beginning that requests share: the system prompt and all parts up to the first
 * marked one. Equal for all turns of a conversation; the system prompt alone when nothing is marked.
 */
export function sharedBeginning(request: Request): string {
  const parts = request.messages.flatMap(({ content }) => content)
  const end = parts.findIndex((part) => part.cache === true)
  const hashes = parts.slice(0, end + 1).map((part) => sha256Of(part.type === 'text' ? part.text : part.bytes))
  return sha256Of(JSON.stringify([request.system, ...hashes])).slice(0, 32)
}
