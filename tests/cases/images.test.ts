import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { prepareImage, thumbnail } from '../../cases/images.ts'
import type { Image } from '../../cases/schema.ts'
import { sha256Of } from '../../cases/sha256.ts'
import { fetchedName, imagesDir } from '../../cases/source-image.ts'
import { anImage, FETCHED, quadrants } from './an-image.ts'

const SHARED = join(import.meta.dirname, '../../../shared/images')

let root: string
let bank: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'images-'))
  bank = join(root, 'bank')
  await mkdir(bank)
  vi.stubEnv('IMCBENCH_IMAGES', join(root, 'fetched'))
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(root, { recursive: true })
})

function described(bytes: Uint8Array, fields: Partial<Image> = {}): Image {
  return anImage(bytes, { source: { kind: 'drawn', file: 'picture.img' }, width: 60, height: 40, ...fields })
}

async function drawn(bytes: Uint8Array, fields: Partial<Image> = {}): Promise<Image> {
  await writeFile(join(bank, 'picture.img'), bytes)
  return described(bytes, fields)
}

async function pixelsOf(bytes: Uint8Array): Promise<(x: number, y: number) => number[]> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  return (x, y) => [...data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3)]
}

function isNear(colour: number[], expected: number[]): boolean {
  return colour.length === 3 && colour.every((value, channel) => Math.abs(value - (expected[channel] ?? Number.NaN)) <= 12)
}

describe('what a model is shown', () => {
  test('a masked box is black and its surroundings are as they were', async () => {
    const image = await drawn(await quadrants().png().toBuffer(), { mask: [[40, 24, 56, 40]] })
    const at = await pixelsOf((await prepareImage(image, bank)).bytes)
    for (const [x, y] of [
      [42, 26],
      [54, 38],
      [48, 32],
    ] as const)
      expect(isNear(at(x, y), [0, 0, 0])).toBe(true)
    expect(isNear(at(34, 34), [255, 255, 255])).toBe(true)
    expect(isNear(at(48, 10), [0, 255, 0])).toBe(true)
  })

  test('a crop keeps exactly the box, and a mask is counted in pixels before the crop', async () => {
    const bytes = await quadrants().png().toBuffer()
    const image = await drawn(bytes, { crop: [24, 16, 60, 40], mask: [[48, 16, 60, 40]] })
    const black = { create: { width: 12, height: 24, channels: 3 as const, background: 'black' } }
    const masked = await sharp(bytes)
      .composite([{ input: black, left: 48, top: 16 }])
      .png()
      .toBuffer()
    const witness = sharp(masked).extract({ left: 24, top: 16, width: 36, height: 24 })
    const expected = await witness.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer()
    expect((await prepareImage(image, bank)).sha256).toBe(sha256Of(expected))
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'EXIF orientation %i ends upright, as sharp itself turns the same file',
    async (orientation) => {
      const bytes = await quadrants().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).withMetadata({ orientation }).toBuffer()
      const prepared = await prepareImage(await drawn(bytes, { format: 'jpeg' }), bank)
      const witness = await sharp(bytes).autoOrient().png().toBuffer({ resolveWithObject: true })
      expect(prepared).toMatchObject({ width: witness.info.width, height: witness.info.height })
      const [at, expected] = await Promise.all([pixelsOf(prepared.bytes), pixelsOf(witness.data)])
      for (const x of [5, prepared.width - 6])
        for (const y of [5, prepared.height - 6]) expect(isNear(at(x, y), expected(x, y))).toBe(true)
    },
  )

  test('boxes count stored pixels: a crop of the stored top left stays that area in a picture that EXIF turns', async () => {
    const bytes = await quadrants().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).withMetadata({ orientation: 6 }).toBuffer()
    const prepared = await prepareImage(await drawn(bytes, { format: 'jpeg', crop: [0, 0, 28, 18] }), bank)
    expect(prepared).toMatchObject({ width: 18, height: 28 })
    const at = await pixelsOf(prepared.bytes)
    for (const y of [2, 25]) expect(isNear(at(9, y), [255, 0, 0])).toBe(true)
  })

  test('no metadata survives, GPS least of all', async () => {
    const bytes = await quadrants()
      .jpeg()
      .withExif({ IFD0: { Artist: 'Someone' }, IFD3: { GPSLatitude: '51/1 30/1 0/1', GPSLatitudeRef: 'N' } })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
      .withIccProfile('p3')
      .toBuffer()
    expect(bytes.includes('Someone')).toBe(true)
    const prepared = await prepareImage(await drawn(bytes, { format: 'jpeg' }), bank)
    const { exif, icc, xmp, iptc, comments, orientation } = await sharp(prepared.bytes).metadata()
    expect({ exif, icc, xmp, iptc, comments, orientation }).toEqual({})
    expect(Buffer.from(prepared.bytes).includes('Exif')).toBe(false)
  })

  test('transparent parts lie on white and 16-bit grey becomes 8-bit sRGB', async () => {
    const clear = await sharp({ create: { width: 60, height: 40, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer()
    const onWhite = await pixelsOf((await prepareImage(await drawn(clear), bank)).bytes)
    expect(isNear(onWhite(30, 20), [255, 255, 255])).toBe(true)
    const deep = await sharp(Buffer.from(new Uint16Array(2400).fill(0x8080).buffer), {
      raw: { width: 60, height: 40, channels: 1 },
    })
      .toColourspace('grey16')
      .png()
      .toBuffer()
    const grey = await prepareImage(await drawn(deep), bank)
    expect(await sharp(grey.bytes).metadata()).toMatchObject({ space: 'srgb', channels: 3, depth: 'uchar', hasAlpha: false })
  })

  test('the longest side is 1024 at most, the shape is kept, and nothing is enlarged', async () => {
    const large = await sharp({ create: { width: 1000, height: 3000, channels: 3, background: 'grey' } })
      .png()
      .toBuffer()
    expect(await prepareImage(await drawn(large, { width: 1000, height: 3000 }), bank)).toMatchObject({
      width: 341,
      height: 1024,
    })
    expect(await prepareImage(await drawn(await quadrants().png().toBuffer()), bank)).toMatchObject({ width: 60, height: 40 })
  })

  test('another process with another number of threads makes the same bytes', async () => {
    const noise = Buffer.from(Uint32Array.from({ length: 1300 * 900 }, (_, i) => Math.imul(i, 2654435761) >>> 0).buffer)
    const bytes = await sharp(noise, { raw: { width: 1300, height: 900, channels: 4 } })
      .removeAlpha()
      .blur(2)
      .png()
      .toBuffer()
    const image = await drawn(bytes, { width: 1300, height: 900, crop: [10, 10, 1290, 890] })
    const { sha256, bytes: made, mime } = await prepareImage(image, bank)
    expect({ sha256, mime }).toEqual({ sha256: sha256Of(made), mime: 'image/jpeg' })
    const script = `
      const { prepareImage } = await import(${JSON.stringify(join(import.meta.dirname, '../../cases/images.ts'))})
      console.log((await prepareImage(${JSON.stringify(image)}, ${JSON.stringify(bank)})).sha256)`
    const options = { encoding: 'utf8' as const, env: { ...process.env, VIPS_CONCURRENCY: '1' } }
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], options).trim()).toBe(sha256)
  })

  test('an image is prepared once per process, and a different crop is a different image', async () => {
    const image = await drawn(await quadrants().png().toBuffer())
    const first = await prepareImage(image, bank)
    await rm(join(bank, 'picture.img'))
    expect(await prepareImage({ ...image }, bank)).toBe(first)
    await expect(prepareImage({ ...image, crop: [0, 0, 9, 9] }, bank)).rejects.toThrow('a file that exists')
  })

  test('a thumbnail is a JPEG data URI with a longest side of 256', async () => {
    const large = await sharp({ create: { width: 900, height: 300, channels: 3, background: 'grey' } })
      .png()
      .toBuffer()
    const uri = await thumbnail(await drawn(large, { width: 900, height: 300 }), bank)
    const [head, body = ''] = uri.split(',')
    expect(head).toBe('data:image/jpeg;base64')
    expect(await sharp(Buffer.from(body, 'base64')).metadata()).toMatchObject({ format: 'jpeg', width: 256, height: 85 })
  })
})

test.skipIf(!existsSync(SHARED))(
  'every real clinical image of ../shared/images is prepared in its cropped shape (skipped where that folder is absent)',
  async () => {
    const manifest: { images: (Omit<Image, 'mask'> & { mask: Image['mask'][number] | null })[] } = JSON.parse(
      await readFile(join(SHARED, 'manifest.json'), 'utf8'),
    )
    const sources = await readdir(join(SHARED, 'sources'))
    await mkdir(imagesDir())
    expect(manifest.images.length).toBeGreaterThan(0)
    for (const { sha256, bytes, format, width, height, crop, mask } of manifest.images) {
      const name = sources.find((one) => one.startsWith(sha256)) ?? 'absent'
      const stored = { sha256, bytes, format, width, height, crop, mask: mask === null ? [] : [mask] }
      const image = described(Buffer.alloc(1), { source: FETCHED, ...stored })
      await symlink(join(SHARED, 'sources', name), join(imagesDir(), fetchedName(image)))
      const prepared = await prepareImage(image, bank)
      const [wide, high] = crop ? [crop[2] - crop[0], crop[3] - crop[1]] : [width, height]
      const scale = Math.min(1, 1024 / Math.max(wide, high))
      expect(Math.abs(prepared.width - wide * scale)).toBeLessThanOrEqual(1)
      expect(Math.abs(prepared.height - high * scale)).toBeLessThanOrEqual(1)
      const { exif, icc, space } = await sharp(prepared.bytes).metadata()
      expect({ exif, icc, space }).toEqual({ space: 'srgb' })
    }
  },
  60_000,
)
