import { resolve } from 'node:path'
import sharp from 'sharp'
import type { Image } from './schema.ts'
import { sha256Of } from './sha256.ts'
import { imagesDir, type SourcePixels, withSourcePixels } from './source-image.ts'

const LONGEST_SIDE = 1024
const THUMBNAIL_SIDE = 256
const JPEG = { quality: 90, chromaSubsampling: '4:4:4' } as const
const FIT = { fit: 'inside', withoutEnlargement: true } as const

/** How to turn a stored picture upright, per EXIF orientation: mirrored left to right first, then turned clockwise. */
const UPRIGHT: Readonly<Record<number, { readonly flop: boolean; readonly degrees: number }>> = {
  1: { flop: false, degrees: 0 },
  2: { flop: true, degrees: 0 },
  3: { flop: false, degrees: 180 },
  4: { flop: true, degrees: 180 },
  5: { flop: true, degrees: 270 },
  6: { flop: false, degrees: 90 },
  7: { flop: true, degrees: 90 },
  8: { flop: false, degrees: 270 },
}

/** An image as it may be shown to a model: cropped, masked, upright, sRGB, without metadata. */
export interface PreparedImage {
  readonly bytes: Uint8Array
  readonly mime: 'image/jpeg'
  /** Of `bytes`. The same source, boxes and sharp version give the same bytes. */
  readonly sha256: string
  readonly width: number
  readonly height: number
}

const prepared = new Map<string, Promise<PreparedImage>>()
const thumbnails = new Map<string, Promise<string>>()

/**
 * Makes of an image’s source what a model may be shown.
 *
 * Order: mask boxes turned black, crop, EXIF orientation applied, longest side brought down to 1024 pixels (never
 * enlarged), JPEG of quality 90 without any metadata. Transparent parts lie on white; the colours are sRGB.
 * Width, height, crop and mask count pixels as they are stored in the file, before EXIF orientation, from the top left.
 *
 * Each image is prepared once per process. A failure is not kept, so a later call tries again.
 *
 * @param bankDir folder of the case file, below which drawn images lie
 * @throws as `withSourcePixels` does
 */
export function prepareImage(image: Image, bankDir: string): Promise<PreparedImage> {
  return once(prepared, keyOf(image, bankDir), () => withSourcePixels(image, bankDir, (pixels) => render(pixels, image)))
}

/**
 * A small copy of the prepared image for a table or a viewer.
 *
 * @returns data URI of a JPEG whose longest side is at most 256 pixels
 * @throws as `prepareImage` does
 */
export function thumbnail(image: Image, bankDir: string): Promise<string> {
  return once(thumbnails, keyOf(image, bankDir), async () => {
    const { bytes } = await prepareImage(image, bankDir)
    const small = await sharp(bytes).resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, FIT).jpeg({ quality: 80 }).toBuffer()
    return `data:image/jpeg;base64,${small.toString('base64')}`
  })
}

async function render({ rgb, width, height, orientation }: SourcePixels, image: Image): Promise<PreparedImage> {
  for (const [left, top, right, bottom] of image.mask)
    for (let y = top; y < bottom; y++) rgb.fill(0, (y * width + left) * 3, (y * width + right) * 3)
  const [left, top, right, bottom] = image.crop ?? [0, 0, width, height]
  const { flop, degrees } = UPRIGHT[orientation] ?? { flop: false, degrees: 0 }
  const { data, info } = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .extract({ left, top, width: right - left, height: bottom - top })
    .resize(LONGEST_SIDE, LONGEST_SIDE, FIT)
    .flop(flop)
    .rotate(degrees)
    .jpeg(JPEG)
    .toBuffer({ resolveWithObject: true })
  return { bytes: data, mime: 'image/jpeg', sha256: sha256Of(data), width: info.width, height: info.height }
}

function once<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = kept.get(key)
  if (known !== undefined) return known
  const making = make()
  kept.set(key, making)
  making.catch(() => kept.delete(key))
  return making
}

function keyOf(image: Image, bankDir: string): string {
  const { source, sha256, bytes, format, width, height, crop, mask } = image
  const place = source.kind === 'fetched' ? [imagesDir()] : [resolve(bankDir), source.file]
  return JSON.stringify([place, sha256, bytes, format, width, height, crop, mask])
}
