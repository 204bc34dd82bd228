import type { Conversation } from '../../analysis/conversations.ts'
import type { PageData } from './page-data.ts'

const inflated = new Map<string, Promise<unknown>>()

/** What the page’s script block with this id holds as JSON. */
export function readBlock(id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent ?? 'null')
}

// The parts stand behind the script in the file: the browser may still be reading them.
async function partText(id: string): Promise<string> {
  for (;;) {
    const block = document.getElementById(id)
    const read = document.readyState !== 'loading'
    if (block !== null && (read || block.nextElementSibling !== null)) return block.textContent ?? ''
    if (read) throw new Error(`the page requires a part ${id}, got none`)
    await new Promise((go) => setTimeout(go, 10))
  }
}

// Base64 of gzip of JSON.
async function inflatedPart(id: string): Promise<unknown> {
  const bytes = Uint8Array.from(atob(await partText(id)), (letter) => letter.charCodeAt(0))
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).json()
}

// Each part is inflated once.
function part(id: string): Promise<unknown> {
  const read = inflated.get(id) ?? inflatedPart(id)
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
