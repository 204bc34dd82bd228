import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Licences } from '../../cases/licences.ts'
import type { Image } from '../../cases/schema.ts'
import { fetchedName, imagesDir, sourceFault, withSourcePixels } from '../../cases/source-image.ts'
import { anImage, FETCHED, quadrants } from './an-image.ts'

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

/** What is found for an image: the size of its picture. */
function found(image: Image, dir = bank): Promise<{ width: number; height: number }> {
  return withSourcePixels(image, dir, async ({ width, height }) => ({ width, height }))
}

describe('bytes that are refused', () => {
  test('each contradiction between file and case is named with its field and both values', async () => {
    const bytes = await quadrants().png().toBuffer()
    const image = await drawn(bytes)
    const other = 'a'.repeat(64)
    const cases: [Partial<Image>, string][] = [
      [{ bytes: bytes.length + 1 }, `image bump: bytes: requires ${bytes.length + 1}, got ${bytes.length}`],
      [{ sha256: other }, `image bump: sha256: requires ${other}, got ${image.sha256}`],
      [{ format: 'webp' }, 'image bump: format: requires webp, got png'],
      [{ width: 61 }, 'image bump: width: requires 61, got 60'],
      [{ height: 41 }, 'image bump: height: requires 41, got 40'],
      [{ crop: [0, 0, 61, 40] }, 'image bump: crop: requires boxes inside [0, 0, 60, 40], got [0, 0, 61, 40]'],
      [
        {
          mask: [
            [0, 0, 1, 1],
            [0, 0, 60, 41],
          ],
        },
        'image bump: mask: requires boxes inside [0, 0, 60, 40], got [0, 0, 60, 41]',
      ],
    ]
    for (const [fields, message] of cases) await expect(found({ ...image, ...fields })).rejects.toThrow(message)
    expect(await sourceFault(bytes, image)).toBeUndefined()
  })

  test('a small PNG that claims 30,000 × 30,000 pixels is refused by its head', async () => {
    const chunk = (type: string, data: Buffer) => {
      const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
      const frame = Buffer.alloc(8)
      frame.writeUInt32BE(data.length, 0)
      frame.writeUInt32BE(crc32(body), 4)
      return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
    }
    const head = Buffer.from('00007530000075300800000000', 'hex')
    const signature = Buffer.from('89504e470d0a1a0a', 'hex')
    const data = deflateSync(Buffer.alloc(30_001 * 100))
    const bomb = Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
    expect(bomb.length).toBeLessThan(10_000)
    const image = await drawn(bomb, { width: 30_000, height: 30_000 })
    await expect(found(image)).rejects.toThrow(/at most 50000000 pixels.*exceeds pixel limit/)
  })

  test.each(['jpeg', 'png', 'webp'] as const)('a truncated %s is refused although its head is right', async (format) => {
    const noise = Buffer.from(Uint32Array.from({ length: 1800 }, (_, i) => Math.imul(i, 2654435761) >>> 0).buffer)
    const whole = await sharp(noise, { raw: { width: 60, height: 40, channels: 3 } })
      .toFormat(format)
      .toBuffer()
    expect(await sourceFault(whole, described(whole, { format }))).toBeUndefined()
    const half = whole.subarray(0, Math.floor(whole.length / 2))
    await expect(found(await drawn(half, { format }))).rejects.toThrow('that decodes, got')
  })

  test('a file of more than 20 MB is refused', async () => {
    const image = await drawn(Buffer.alloc(20_000_001), { bytes: 20_000_000 })
    await expect(found(image)).rejects.toThrow('bytes: requires at most 20000000, got 20000001')
  })

  test.each(['../outside.png', 'a/../../outside.png', 'link.png', 'linked/outside.png', '..', '.', ''])(
    'a drawn image at "%s" leaves the bank folder and is refused',
    async (file) => {
      const bytes = await quadrants().png().toBuffer()
      await writeFile(join(root, 'outside.png'), bytes)
      await symlink(join(root, 'outside.png'), join(bank, 'link.png'))
      await symlink(root, join(bank, 'linked'))
      const image = { ...described(bytes, {}), source: { kind: 'drawn' as const, file } }
      await expect(found(image)).rejects.toThrow(`source.file: requires a path that stays below the bank folder, got ${file}`)
    },
  )

  test('an absolute path is refused, a link inside the bank and a bank reached through a link are not', async () => {
    const image = await drawn(await quadrants().png().toBuffer())
    const at = (file: string): Image => ({ ...image, source: { kind: 'drawn', file } })
    await writeFile(join(root, 'outside.png'), 'x')
    await expect(found(at(join(root, 'outside.png')))).rejects.toThrow('stays below the bank folder')
    await symlink('picture.img', join(bank, 'inner.png'))
    await symlink(bank, join(root, 'alias'))
    expect(await found(at('inner.png'), join(root, 'alias'))).toMatchObject({ width: 60 })
  })
})

describe('fetched images', () => {
  const list = (sha256: string, status: Licences[number]['status']) =>
    JSON.stringify([
      {
        sha256,
        dataset: 'set',
        recordId: '1',
        licence: 'CC-BY-NC-4.0',
        licenceUrl: null,
        url: 'https://images.example/1',
        attribution: 'a',
        status,
      },
    ])

  test('the folder is images/ beside the module unless the variable names another', () => {
    expect(imagesDir()).toBe(join(root, 'fetched'))
    vi.stubEnv('IMCBENCH_IMAGES', '')
    expect(imagesDir()).toBe(join(dirname(dirname(import.meta.dirname)), 'cases/images'))
  })

  test('a missing one says how to get it, and is found by the next call once it is there', async () => {
    const bytes = await quadrants().png().toBuffer()
    const image = described(bytes, { source: FETCHED })
    await expect(found(image)).rejects.toMatchObject({
      code: 'IMAGE_MISSING',
      message: expect.stringContaining('run: npm run fetch'),
    })
    await mkdir(imagesDir())
    await writeFile(join(imagesDir(), `${image.sha256}.png`), bytes)
    expect(await found(image)).toMatchObject({ width: 60, height: 40 })
  })

  test('one that --commercial-use left out is refused although it lies there, and used once the mark is gone', async () => {
    const bytes = await quadrants().png().toBuffer()
    const image = described(bytes, { source: FETCHED })
    await mkdir(imagesDir())
    await writeFile(join(imagesDir(), fetchedName(image)), bytes)
    await writeFile(join(imagesDir(), 'licences.json'), list(image.sha256, 'left_out_non_commercial'))
    await expect(found(image)).rejects.toMatchObject({ code: 'IMAGE_LEFT_OUT' })
    await writeFile(join(imagesDir(), 'licences.json'), list(image.sha256, 'here'))
    expect(await found(image)).toMatchObject({ width: 60 })
  })

  test('a malformed licences.json is an error that names it, never read as nothing left out', async () => {
    const bytes = await quadrants().png().toBuffer()
    const image = described(bytes, { source: FETCHED })
    await mkdir(imagesDir())
    await writeFile(join(imagesDir(), fetchedName(image)), bytes)
    for (const text of ['{', '{}', list(image.sha256, 'lost' as never)]) {
      await writeFile(join(imagesDir(), 'licences.json'), text)
      await expect(found(image)).rejects.toThrow(/licences\.json: requires the list/)
    }
  })
})
