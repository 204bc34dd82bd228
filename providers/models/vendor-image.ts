import sharp from 'sharp'
import { modelFault, type Part, type Request } from '../model.ts'
import type { ImageLimits } from './capabilities.ts'

/** A request whose images are within a vendor’s limits, and a line for each image that had to be made smaller. */
export interface FittedRequest {
  readonly request: Request
  readonly notes: readonly string[]
}

type Picture = Extract<Part, { type: 'image' }>
interface Fitted {
  readonly part: Picture
  readonly note?: string
}

// An image is sent again with every turn; it is measured and made smaller once.
const known = new WeakMap<Uint8Array, Map<ImageLimits, Promise<Fitted>>>()

/**
 * Makes images smaller that are over a vendor’s limits and says so; others stay as they are, to the byte.
 *
 * @throws a model fault for more images than the vendor takes, and for bytes that are no image
 */
export async function fitImages(request: Request, limits: ImageLimits): Promise<FittedRequest> {
  const pictures = request.messages.flatMap(({ content }) => content).filter((part) => part.type === 'image')
  if (pictures.length > limits.maxCount)
    throw modelFault(`the model takes at most ${limits.maxCount} images, got ${pictures.length}`, { retry: false })
  const fitted = new Map(await Promise.all(pictures.map(async (part) => [part, await fitOnce(part, limits)] as const)))
  const notes = pictures.flatMap((part, i) => {
    const note = fitted.get(part)?.note
    return note === undefined ? [] : [`image ${i + 1} as given: ${note}`]
  })
  if (notes.length === 0) return { request, notes }
  const swap = (part: Part): Part =>
    part.type === 'text' ? part : { ...part, bytes: fitted.get(part)?.part.bytes ?? part.bytes }
  return {
    request: { ...request, messages: request.messages.map((one) => ({ ...one, content: one.content.map(swap) })) },
    notes,
  }
}

function fitOnce(part: Picture, limits: ImageLimits): Promise<Fitted> {
  const byLimits = known.get(part.bytes) ?? new Map<ImageLimits, Promise<Fitted>>()
  known.set(part.bytes, byLimits)
  const fitted = byLimits.get(limits) ?? shrink(part, limits)
  byLimits.set(limits, fitted)
  return fitted
}

async function shrink(part: Picture, { maxBytes, maxSide }: ImageLimits): Promise<Fitted> {
  try {
    const { width, height } = await sharp(part.bytes, { limitInputPixels: false }).metadata()
    if (Math.max(width, height) <= maxSide && part.bytes.length <= maxBytes) return { part }
    for (let side = Math.min(maxSide, Math.max(width, height)); side >= 64; side = Math.floor(side * 0.75)) {
      const { data, info } = await sharp(part.bytes, { limitInputPixels: false })
        .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
        .jpeg({ quality: 90 })
        .toBuffer({ resolveWithObject: true })
      const from = `${width} × ${height} px, ${part.bytes.length} bytes`
      const note = `downsized from ${from} to ${info.width} × ${info.height} px, ${info.size} bytes`
      if (info.size <= maxBytes) return { part: { ...part, bytes: data }, note }
    }
  } catch (error) {
    throw modelFault(`the request requires JPEG images that can be read, got ${(error as Error).message}`, { retry: false })
  }
  throw modelFault(`the model takes images of at most ${maxBytes} bytes, which this one is not at any size`, { retry: false })
}
