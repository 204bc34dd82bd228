import { readFile, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import pLimit from 'p-limit'
import sharp from 'sharp'
import { readLicences } from './licences.ts'
import { undefinedWhenMissing } from './missing-file.ts'
import type { Image } from './schema.ts'
import { sha256Of } from './sha256.ts'

/** An image file above this size in bytes is neither read nor downloaded. */
export const MAX_IMAGE_BYTES = 20_000_000
const MAX_PIXELS = 50_000_000
const EXTENSION = { jpeg: 'jpg', png: 'png', webp: 'webp' } as const

/** What is wrong with the bytes of an image: the field of the case's image that they contradict. */
export interface ImageFault {
  readonly field: string
  readonly requires: string
  readonly got: string
}

/** The pixels of a source image, before crop, mask and EXIF orientation. */
export interface SourcePixels {
  /** Three bytes a pixel, sRGB, row by row from the top left. */
  readonly rgb: Buffer
  readonly width: number
  readonly height: number
  /** EXIF orientation, 1 to 8; 1 when the file says none. */
  readonly orientation: number
}

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
 * Finds the source bytes of an image, proves them and lends their pixels to `use`, which may change them.
 *
 * @param bankDir folder of the case file, below which drawn and local images lie
 * @throws Error with `code: 'IMAGE_MISSING'` when a fetched image is not in the images folder
 * @throws Error with `code: 'IMAGE_LEFT_OUT'` when `npm run fetch -- --commercial-use` left it out for its licence, even if it lies there
 * @throws Error naming image, field and value for a path outside the bank, or bytes that contradict the case
 */
export async function withSourcePixels<T>(image: Image, bankDir: string, use: (pixels: SourcePixels) => Promise<T>): Promise<T> {
  const path = image.source.kind === 'fetched' ? await fetchedPath(image) : await pathInBank(image, image.source.file, bankDir)
  const { size } = await stat(path)
  if (size > MAX_IMAGE_BYTES)
    throw faulty(image, path, { field: 'bytes', requires: `at most ${MAX_IMAGE_BYTES}`, got: String(size) })
  const bytes = await readFile(path)
  return decoding(async () => {
    const decoded = await decode(bytes, image)
    if ('field' in decoded) throw faulty(image, path, decoded)
    return use(decoded)
  })
}

async function fetchedPath(image: Image): Promise<string> {
  const dir = imagesDir()
  const licences = await readLicences(dir)
  if (licences.some(({ sha256, status }) => sha256 === image.sha256 && status === 'left_out_non_commercial'))
    throw coded(
      'IMAGE_LEFT_OUT',
      `image ${image.id}: licence: requires commercial use, got ${image.licence.id}; it was left out by --commercial-use (to use it: npm run fetch)`,
    )
  const path = join(dir, fetchedName(image))
  if ((await stat(path).catch(undefinedWhenMissing)) === undefined)
    throw coded('IMAGE_MISSING', `image ${image.id}: requires ${path}, got no such file; run: npm run fetch`)
  return path
}

async function pathInBank(image: Image, file: string, bankDir: string): Promise<string> {
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

async function decode(bytes: Uint8Array, image: Image): Promise<SourcePixels | ImageFault> {
  const fault = (field: keyof Image, requires: unknown, got: unknown): ImageFault => ({
    field,
    requires: String(requires),
    got: String(got),
  })
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

function faulty(image: Image, path: string, { field, requires, got }: ImageFault): Error {
  return new Error(`image ${image.id}: ${field}: requires ${requires}, got ${got} (${path})`)
}

function coded(code: 'IMAGE_MISSING' | 'IMAGE_LEFT_OUT', message: string): Error {
  return Object.assign(new Error(message), { code })
}
