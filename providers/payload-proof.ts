import { sha256Of } from '../cases/sha256.ts'
import type { PayloadProof } from '../cases/transcript.ts'
import { imageSha256 } from './image-sha256.ts'
import type { Request } from './model.ts'

/**
 * What a request really carries, read off the request itself.
 *
 * @param turn the id of the clinician turn that it asks for
 * @param ehr the case's rendered record, which is looked for in the system prompt and in every message
 */
export function proveRequest(request: Request, turn: string, ehr: string, key: string): PayloadProof {
  const parts = request.messages.flatMap((message) => message.content)
  const texts = [request.system, ...parts.flatMap((part) => (part.type === 'text' ? part.text : []))]
  return {
    turn,
    images: parts.flatMap((part) => (part.type === 'image' ? imageSha256(part.bytes) : [])),
    ehr: texts.some((text) => text.includes(ehr)) ? sha256Of(ehr) : null,
    instructions: sha256Of(request.system.replaceAll(ehr, '').trim()),
    key,
  }
}
