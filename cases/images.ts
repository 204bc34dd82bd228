import { readFile, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import pLimit from 'p-limit'
import sharp from 'sharp'
import { z } from 'zod'
import type { Image } from './schema.ts'
import { sha256Of } from './sha256.ts'

/** An image file above this size in bytes is neither read nor downloaded. */
export const MAX_IMAGE_BYTES = 20_000_000
const MAX_PIXELS = 50_000_000
const LONGEST_SIDE = 1024
const THUMBNAIL_SIDE = 256
const JPEG = { quality: 90, chromaSubsampling: '4:4:4' } as const
const FIT = { fit: 'inside', withoutEnlargement: true } as const
const EXTENSION = { jpeg: 'jpg', png: 'png', webp: 'webp' } as const

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

const LicenceEntry = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  dataset: z.string(),
  recordId: z.string(),
  licence: z.string(),
  licenceUrl: z.string().nullable(),
  url: z.string().describe('where the image’s bytes come from'),
  attribution: z.string(),
  status: z.enum(['here', 'left_out_non_commercial', 'failed']),
  reason: z.string().optional().describe('why it failed'),
})

/** What `npm run fetch` writes to `licences.json` in the images folder: one entry for each distinct fetched image. */
export const Licences = z.array(LicenceEntry)
export type Licences = z.infer<typeof Licences>

/** An image as it may be shown to a model: cropped, masked, upright, sRGB, without metadata. */
export interface PreparedImage {
  readonly bytes: Uint8Array
  readonly mime: 'image/jpeg'
  /** Of `bytes`. The same source, boxes and sharp version give the same bytes. */
  readonly sha256: string
  readonly width: number
  readonly height: number
}

/** What is wrong with the bytes of an image: the field of the case's image that they contradict. */
export interface ImageFault {
  readonly field: string
  readonly requires: string
  readonly got: string
}

interface Pixels {
  readonly rgb: Buffer
  readonly width: number
  readonly height: number
  readonly orientation: number
}

const prepared = new Map<string, Promise<PreparedImage>>()
const thumbnails = new Map<string, Promise<string>>()
/** Decoded pixels take up to 150 MB a picture, so only two pictures are decoded at once. */
const decoding = pLimit(2)

/** The folder of fetched images: the variable `IMCBENCH_IMAGES` when it is set, otherwise `images/` beside this file. */
export function imagesDir(): string {
  return resolve(process.env.IMCBENCH_IMAGES || join(import.meta.dirname, 'images'))
}

/** The name below the images folder under which the bytes of a fetched image lie: `<sha256>.<jpg|png|webp>`. */
export function fetchedName(image: Pick<Image, 'sha256' | 'format'>): string {
  return `${image.sha256}.${EXTENSION[image.format]}`
}

/**
 * Reads `licences.json` of an images folder.
 *
 * @returns an empty list when there is no such file
 * @throws Error naming the file when it is malformed
 */
export async function readLicences(dir: string): Promise<Licences> {
  const path = join(dir, 'licences.json')
  const text = await readFile(path, 'utf8').catch(undefinedWhenMissing)
  if (text === undefined) return []
  try {
    const parsed = Licences.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
    throw new Error(z.prettifyError(parsed.error))
  } catch (cause) {
    throw new Error(`${path}: requires the list that \`npm run fetch\` writes, got ${(cause as Error).message}`, { cause })
  }
}

/**
 * Holds the source bytes of an image against everything its case says of them.
 *
 * Checked in this order: length, sha256, format, pixel count (at most 50 million), width and height, boxes inside the
 * picture, and that every pixel decodes.
 *
 * @returns the first fault, or undefined when there is none
 */
export async function sourceFault(bytes: Uint8Array, image: Image): Promise<ImageFault | undefined> {
  const decoded = await decoding(() => decode(bytes, image))
  return 'field' in decoded ? decoded : undefined
}

/**
 * Finds the source bytes of an image, proves them and makes of them what a model may be shown.
 *
 * Order: mask boxes turned black, crop, EXIF orientation applied, longest side brought down to 1024 pixels (never
 * enlarged), JPEG of quality 90 without any metadata. Transparent parts lie on white; the colours are sRGB.
 * Width, height, crop and mask count pixels as they are stored in the file, before EXIF orientation, from the top left.
 *
 * Each image is prepared once per process. A failure is not kept, so a later call tries again.
 *
 * @param bankDir folder of the case file, below which drawn images lie
 * @throws Error with `code: 'IMAGE_MISSING'` when a fetched image is not in the images folder
 * @throws Error with `code: 'IMAGE_LEFT_OUT'` when `npm run fetch -- --commercial-use` left it out for its licence, even if it lies there
 * @throws Error naming image, field and value for a path outside the bank, or bytes that contradict the case
 */
export function prepareImage(image: Image, bankDir: string): Promise<PreparedImage> {
  return once(prepared, keyOf(image, bankDir), () => prepare(image, bankDir))
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

async function prepare(image: Image, bankDir: string): Promise<PreparedImage> {
  const path = image.source.kind === 'drawn' ? await drawnPath(image, image.source.file, bankDir) : await fetchedPath(image)
  const { size } = await stat(path)
  if (size > MAX_IMAGE_BYTES) throw faulty(image, path, overSize(size))
  const bytes = await readFile(path)
  return decoding(async () => {
    const decoded = await decode(bytes, image)
    if ('field' in decoded) throw faulty(image, path, decoded)
    return render(decoded, image)
  })
}

async function fetchedPath(image: Image): Promise<string> {
  const dir = imagesDir()
  if ((await readLicences(dir)).some((entry) => isLeftOut(entry, image)))
    throw coded(
      'IMAGE_LEFT_OUT',
      `image ${image.id}: licence: requires commercial use, got ${image.licence.id}; it was left out by --commercial-use (to use it: npm run fetch)`,
    )
  const path = join(dir, fetchedName(image))
  if ((await stat(path).catch(undefinedWhenMissing)) === undefined)
    throw coded('IMAGE_MISSING', `image ${image.id}: requires ${path}, got no such file; run: npm run fetch`)
  return path
}

function isLeftOut(entry: Licences[number], image: Image): boolean {
  return entry.sha256 === image.sha256 && entry.status === 'left_out_non_commercial'
}

async function drawnPath(image: Image, file: string, bankDir: string): Promise<string> {
  const root = await realpath(bankDir)
  const path = resolve(root, file)
  const real = isBelow(root, path) ? await realpath(path).catch(undefinedWhenMissing) : path
  const field = { field: 'source.file', got: file }
  if (real === undefined) throw faulty(image, path, { ...field, requires: 'a file that exists' })
  if (!isBelow(root, real)) throw faulty(image, root, { ...field, requires: 'a path that stays below the bank folder' })
  if (!(await stat(real)).isFile()) throw faulty(image, path, { ...field, requires: 'a plain file' })
  return real
}

function isBelow(root: string, path: string): boolean {
  const step = relative(root, path)
  return step !== '' && step !== '..' && !step.startsWith(`..${sep}`) && !isAbsolute(step)
}

async function decode(bytes: Uint8Array, image: Image): Promise<Pixels | ImageFault> {
  const fault = (field: keyof Image, requires: unknown, got: unknown): ImageFault => ({
    field,
    requires: String(requires),
    got: String(got),
  })
  if (bytes.length > MAX_IMAGE_BYTES) return overSize(bytes.length)
  if (bytes.length !== image.bytes) return fault('bytes', image.bytes, bytes.length)
  const sha256 = sha256Of(bytes)
  if (sha256 !== image.sha256) return fault('sha256', image.sha256, sha256)
  try {
    const source = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'warning' })
    const { format, width, height, orientation = 1 } = await source.metadata()
    if (format !== image.format) return fault('format', image.format, format)
    if (width !== image.width) return fault('width', image.width, width)
    if (height !== image.height) return fault('height', image.height, height)
    const boxes = [...image.mask.map((box) => ['mask', box] as const), ...(image.crop ? [['crop', image.crop] as const] : [])]
    for (const [field, box] of boxes)
      if (box[2] > width || box[3] > height)
        return fault(field, `boxes inside [0, 0, ${width}, ${height}]`, `[${box.join(', ')}]`)
    const rgb = await source.flatten({ background: '#ffffff' }).toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer()
    return { rgb, width, height, orientation }
  } catch (error) {
    return fault('format', `a ${image.format} of at most ${MAX_PIXELS} pixels that decodes`, (error as Error).message)
  }
}

async function render({ rgb, width, height, orientation }: Pixels, image: Image): Promise<PreparedImage> {
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
  const place = source.kind === 'drawn' ? [resolve(bankDir), source.file] : [imagesDir()]
  return JSON.stringify([place, sha256, bytes, format, width, height, crop, mask])
}

function overSize(size: number): ImageFault {
  return { field: 'bytes', requires: `at most ${MAX_IMAGE_BYTES}`, got: String(size) }
}

function faulty(image: Image, path: string, { field, requires, got }: ImageFault): Error {
  return new Error(`image ${image.id}: ${field}: requires ${requires}, got ${got} (${path})`)
}

function coded(code: 'IMAGE_MISSING' | 'IMAGE_LEFT_OUT', message: string): Error {
  return Object.assign(new Error(message), { code })
}

function undefinedWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
