import type { Conversation } from '../../analysis/conversations.ts'
import type { PageData } from './page-data.ts'

const inflated = new Map<string, Promise<unknown>>()

/** What the page’s script block with this id holds as JSON. */
export function readBlock(id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent ?? 'null')
}

// Base64 of gzip of JSON, inflated once.
function part(id: string): Promise<unknown> {
  const known = inflated.get(id)
  if (known !== undefined) return known
  const bytes = Uint8Array.from(atob(document.getElementById(id)?.textContent ?? ''), (letter) => letter.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  const read = new Response(stream).json()
  inflated.set(id, read)
  return read
}

/** The whole conversation of a trial by its place in the list. */
export async function conversationAt(data: PageData, place: number): Promise<Conversation> {
  const conversations = (await part(`part-${Math.floor(place / data.perPart)}`)) as Conversation[]
  return conversations[place % data.perPart] as Conversation
}

/** The small picture of an image as a data address, or null when the file holds none. */
export async function thumbnailOf(data: PageData, image: string): Promise<string | null> {
  const place = data.thumbnails[image]
  if (place === undefined) return null
  const pictures = (await part(`pictures-${place}`)) as Record<string, string>
  return pictures[image] ?? null
}
