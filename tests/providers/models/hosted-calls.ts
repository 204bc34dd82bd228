import type { Message, Request } from '../../../providers/model.ts'
import { capabilitiesOf, takeSettings, type Vendor } from '../../../providers/models/capabilities.ts'
import type { Call } from '../../../providers/models/hosted.ts'
import type { Settings } from '../../../providers/models/settings.ts'

/** What an adapter is given for a model with those settings. */
export function callOf(vendor: Vendor, name: string, request: Request, settings: Settings = {}): Call {
  const capabilities = capabilitiesOf(vendor, name)
  return { name, capabilities, taken: takeSettings(settings, capabilities, `${vendor}:${name}`), request }
}

/** Bytes that stand for an image where only their way is looked at. */
export const BYTES = new Uint8Array([0xff, 0xd8, 1, 2, 3])

/** The opening of a patient with an image at its end, marked, and `turns` − 1 more exchanges, the newest marked. */
export function talkOf(turns: number, bytes: Uint8Array = BYTES): Message[] {
  const opening: Message = {
    role: 'user',
    content: [
      { type: 'text', text: 'What is this?' },
      { type: 'image', mime: 'image/jpeg', bytes, cache: true },
    ],
  }
  const more = Array.from({ length: turns - 1 }, (_, i): Message[] => [
    { role: 'assistant', content: [{ type: 'text', text: `question ${i + 1}` }] },
    { role: 'user', content: [{ type: 'text', text: `answer ${i + 1}`, ...(i === turns - 2 ? { cache: true as const } : {}) }] },
  ])
  return [opening, ...more.flat()]
}

/** A request of a conversation with an image. */
export function talkRequest(turns = 1, rest: Partial<Request> = {}): Request {
  return { system: 'You are a clinician.', messages: talkOf(turns), repeat: 0, ...rest }
}

/** A small form of JSON, closed and complete, with a length that not every vendor’s grammar can hold. */
export const VERDICT = {
  name: 'verdict',
  json: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { score: { type: 'integer', minimum: 1, maximum: 5 }, why: { type: 'string', maxLength: 40 } },
    required: ['score', 'why'],
    additionalProperties: false,
  },
} as const
