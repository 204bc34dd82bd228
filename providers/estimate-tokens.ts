import type { Request } from './model.ts'

const CHARACTERS_A_TOKEN = 4
// The most that Anthropic counts for an image of its largest size, 1,568 px on the long edge (width × height / 750).
const TOKENS_AN_IMAGE = 1_600

/**
 * About how many tokens a request has, before it is sent: a token for 4 characters of text and 1,600 an image. The
 * reply is not in it. An estimate for limits and plans; what is billed comes from the reply.
 */
export function estimateTokens(request: Request): number {
  const parts = request.messages.flatMap((message) => message.content)
  const texts = [request.system, ...parts.flatMap((part) => (part.type === 'text' ? part.text : []))]
  if (request.schema !== undefined) texts.push(JSON.stringify(request.schema.json))
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  const images = parts.filter((part) => part.type === 'image').length
  return Math.ceil(characters / CHARACTERS_A_TOKEN) + images * TOKENS_AN_IMAGE
}
