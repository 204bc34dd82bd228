import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { download } from '../../cases/download.ts'
import { type FetchOptions, fetchImages, type ImagesOfBank } from '../../cases/fetch.ts'
import { prepareImage } from '../../cases/images.ts'
import { attributionTable, readLicences } from '../../cases/licences.ts'
import { mirror } from '../../cases/mirror.ts'
import type { Image } from '../../cases/schema.ts'
import { sha256Of } from '../../cases/sha256.ts'
import { aCase } from './a-case.ts'
import { anImage, FETCHED } from './an-image.ts'
import { closeServers, LOOPBACK, serve } from './tls-server.ts'

const MODULE = join(import.meta.dirname, '../../cases/fetch.ts')
const SHARED = join(import.meta.dirname, '../../../shared/images')

let root: string
let images: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fetch-'))
  images = join(root, 'images')
  vi.stubEnv('IMCBENCH_IMAGES', images)
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await closeServers()
  await rm(root, { recursive: true })
})

async function picture(background: string, width = 20): Promise<Buffer> {
  return sharp({ create: { width, height: 10, channels: 3, background } })
    .png()
    .toBuffer()
}

function described(bytes: Uint8Array, fields: Partial<Image> = {}): Image {
  return anImage(bytes, { source: FETCHED, width: 20, height: 10, ...fields })
}

function at(url: string, image: Image): Image {
  return { ...image, source: { ...FETCHED, url } }
}

const NON_COMMERCIAL = { id: 'CC-BY-NC-4.0', url: null, commercialUse: false, redistributable: true, thirdPartyApiAllowed: true }

function bankOf(...pictures: Image[]): ImagesOfBank {
  return { name: 'small', cases: pictures.map((image, index) => ({ id: `case-${index}`, images: [image] })) }
}

/** Serves these bytes from memory and writes down what was asked for. */
function shelf(...contents: Uint8Array[]): { bytesOf: FetchOptions['bytesOf']; asked: string[] } {
  const asked: string[] = []
  const bytesOf: FetchOptions['bytesOf'] = async ({ sha256 }) => {
    asked.push(sha256)
    const found = contents.find((bytes) => sha256Of(bytes) === sha256)
    if (found === undefined) throw new Error('requires a picture on the shelf, got none')
    return found
  }
  return { bytesOf, asked }
}

describe('a fetch', () => {
  test('downloads what is missing, asks for a shared image once and for nothing the second time', async () => {
    const [red, blue] = await Promise.all([picture('red'), picture('blue')])
    const asked: string[] = []
    const base = await serve((request, answer) => {
      asked.push(String(request.url))
      answer.end(request.url === '/red' ? red : blue)
    })
    const [first, second] = [at(`${base}/red`, described(red)), at(`${base}/blue`, described(blue))]
    const options: FetchOptions = {
      imagesDir: images,
      commercialUse: false,
      bytesOf: ({ source }) => download(source.url, LOOPBACK),
    }
    for (const _ of [1, 2]) {
      const { licences, failures } = await fetchImages(bankOf(first, second, first), options)
      expect(failures).toEqual([])
      expect(licences.map(({ sha256, status }) => [sha256, status])).toEqual([
        [first.sha256, 'here'],
        [second.sha256, 'here'],
      ])
      expect(asked.toSorted()).toEqual(['/blue', '/red'])
    }
    const names = [`${first.sha256}.png`, `${second.sha256}.png`, 'ATTRIBUTION.md', 'licences.json']
    expect((await readdir(images)).toSorted()).toEqual(names.toSorted())
    expect(await prepareImage(first, root)).toMatchObject({ width: 20 })
  })

  test('keeps the good images when others fail, and says file, field and value of each failure', async () => {
    const [red, blue, wide] = await Promise.all([picture('red'), picture('blue'), picture('green', 21)])
    const junk = Buffer.from('not a picture')
    const lost = described(Buffer.from('lost'))
    const bank = bankOf(described(red), described(blue, { sha256: 'a'.repeat(64) }), described(wide), described(junk), lost)
    const bytesOf: FetchOptions['bytesOf'] = async (image) =>
      image.sha256 === 'a'.repeat(64) ? blue : shelf(red, wide, junk).bytesOf(image)
    const { licences, failures } = await fetchImages(bank, { imagesDir: images, commercialUse: false, bytesOf })
    expect(licences.map(({ status }) => status)).toEqual(['here', 'failed', 'failed', 'failed', 'failed'])
    expect(failures).toEqual([
      `small/case-1.yaml: images.0.sha256: requires ${'a'.repeat(64)}, got ${sha256Of(blue)} (from https://images.example/1.png)`,
      'small/case-2.yaml: images.0.width: requires 20, got 21 (from https://images.example/1.png)',
      expect.stringContaining('small/case-3.yaml: images.0.format: requires a png of at most 50000000 pixels that decodes, got'),
      'small/case-4.yaml: images.0.source.url: requires a picture on the shelf, got none (https://images.example/1.png)',
    ])
    expect((await readdir(images)).filter((name) => name.endsWith('.png'))).toEqual([`${sha256Of(red)}.png`])
    expect(await readLicences(images)).toEqual(licences)
  })

  test('two cases that say different things of the same file are held against it one by one', async () => {
    const red = await picture('red')
    const { bytesOf } = shelf(red)
    const bank = bankOf(described(red), described(red, { height: 11 }))
    const { failures } = await fetchImages(bank, { imagesDir: images, commercialUse: false, bytesOf })
    expect(failures).toEqual([expect.stringContaining('small/case-1.yaml: images.0.height: requires 11, got 10')])
  })

  test('replaces a file that is there but wrong', async () => {
    const red = await picture('red')
    const path = join(images, `${sha256Of(red)}.png`)
    const { bytesOf, asked } = shelf(red)
    await mkdir(images)
    for (const wrong of [red.subarray(0, 50), Buffer.alloc(red.length)]) {
      await writeFile(path, wrong)
      await fetchImages(bankOf(described(red)), { imagesDir: images, commercialUse: false, bytesOf })
      expect(sha256Of(await readFile(path))).toBe(sha256Of(red))
    }
    expect(asked).toHaveLength(2)
  })

  test('for commercial use leaves non-commercial images out, refuses them where they lie, and a later run clears that', async () => {
    const [red, blue] = await Promise.all([picture('red'), picture('blue')])
    const [free, restricted] = [described(red), described(blue, { licence: NON_COMMERCIAL })]
    const bank = bankOf(free, restricted)
    const { bytesOf, asked } = shelf(red, blue)
    const statuses = async (commercialUse: boolean) =>
      (await fetchImages(bank, { imagesDir: images, commercialUse, bytesOf })).licences.map(({ status }) => status)
    expect(await statuses(true)).toEqual(['here', 'left_out_non_commercial'])
    expect(asked).toEqual([free.sha256])
    await expect(prepareImage(restricted, root)).rejects.toMatchObject({ code: 'IMAGE_LEFT_OUT' })
    expect(await statuses(false)).toEqual(['here', 'here'])
    expect(await prepareImage(restricted, join(root, 'a'))).toMatchObject({ width: 20 })
    expect(await statuses(true)).toEqual(['here', 'left_out_non_commercial'])
    expect(existsSync(join(images, `${restricted.sha256}.png`))).toBe(true)
    vi.stubEnv('IMCBENCH_IMAGES', `${images}/../images/.`)
    const again = { ...restricted, crop: [0, 0, 5, 5] as [number, number, number, number] }
    await expect(prepareImage(again, root)).rejects.toMatchObject({ code: 'IMAGE_LEFT_OUT' })
  })

  test('the lists keep what an earlier run for another bank wrote', async () => {
    const [red, blue] = await Promise.all([picture('red'), picture('blue')])
    const { bytesOf } = shelf(red, blue)
    await fetchImages(bankOf(described(red, { licence: NON_COMMERCIAL })), { imagesDir: images, commercialUse: true, bytesOf })
    await fetchImages(bankOf(described(blue)), { imagesDir: images, commercialUse: false, bytesOf })
    expect((await readLicences(images)).map(({ sha256, status }) => [sha256, status])).toEqual([
      [sha256Of(blue), 'here'],
      [sha256Of(red), 'left_out_non_commercial'],
    ])
    expect(await readFile(join(images, 'ATTRIBUTION.md'), 'utf8')).toBe(attributionTable(await readLicences(images)))
  })

  test('killed midway it leaves no half file, and the next run asks only for the rest', async () => {
    const contents = await Promise.all(['red', 'green', 'blue', 'grey'].map((colour) => picture(colour)))
    const bank = bankOf(...contents.map((bytes) => described(bytes)))
    const held = Object.fromEntries(contents.slice(0, 2).map((bytes) => [sha256Of(bytes), bytes.toString('base64')]))
    const script = `
      const { fetchImages } = await import(${JSON.stringify(MODULE)})
      const held = ${JSON.stringify(held)}
      setInterval(() => {}, 1000)
      const bytesOf = ({ sha256 }) =>
        sha256 in held ? Promise.resolve(Buffer.from(held[sha256], 'base64')) : new Promise(() => {})
      const onProgress = (done) => console.log(done)
      await fetchImages(${JSON.stringify(bank)}, { imagesDir: ${JSON.stringify(images)}, commercialUse: false, bytesOf, onProgress })`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = new Promise((ended) => child.on('exit', (_, signal) => ended(signal)))
    for await (const line of createInterface(child.stdout)) if (line === '2') child.kill('SIGKILL')
    expect(await exited).toBe('SIGKILL')
    const present = (await readdir(images)).filter((name) => !name.endsWith('.part'))
    expect(present.toSorted()).toEqual(
      contents
        .slice(0, 2)
        .map((bytes) => `${sha256Of(bytes)}.png`)
        .toSorted(),
    )
    const { bytesOf, asked } = shelf(...contents)
    const { failures } = await fetchImages(bank, { imagesDir: images, commercialUse: false, bytesOf })
    expect(failures).toEqual([])
    expect(asked.toSorted()).toEqual(contents.slice(2).map(sha256Of).toSorted())
  })
})

describe('npm run fetch', () => {
  const command = (...args: string[]) => spawnSync(process.execPath, [MODULE, ...args], { encoding: 'utf8' })

  test('prints plain lines, table and counts, and exits with 1 only when an image failed', async () => {
    const [red, blue] = await Promise.all([picture('red'), picture('blue')])
    const bank = join(root, 'bank')
    const from = join(root, 'mirror')
    await Promise.all([mkdir(bank), mkdir(from)])
    await writeFile(join(bank, 'one.yaml'), JSON.stringify(aCase({ id: 'one', images: [described(red)] })))
    await writeFile(
      join(bank, 'two.yaml'),
      JSON.stringify(aCase({ id: 'two', canary: 'canary of two', images: [described(blue, { licence: NON_COMMERCIAL })] })),
    )
    await writeFile(join(from, `${sha256Of(red)}.png`), red)
    const failing = command('--bank', bank, '--from', from)
    expect(failing.status).toBe(1)
    expect(failing.stderr).toMatch(/^\[1\/2\] \w+ [0-9a-f]{12} test set record 1$/m)
    expect(failing.stderr).toMatch(/^bank\/two\.yaml: images\.0\.source\.url: requires [0-9a-f]{64}\.<jpg/m)
    expect(failing.stdout).toContain('2 image(s) to fetch; 1 here, 0 left out as non-commercial, 1 failed')
    const commercial = command('--bank', bank, '--from', from, '--commercial-use')
    expect(commercial.stdout).toContain('| left_out_non_commercial | CC-BY-NC-4.0 |')
    expect(commercial.stdout).toContain('1 here, 1 left out as non-commercial, 0 failed')
    expect(commercial.status).toBe(0)
  })

  test('a bank or mirror that is not there is one clear line and exit code 1', () => {
    for (const args of [
      ['--bank', join(root, 'none')],
      ['--bank', root],
    ]) {
      const { status, stderr } = command(...args)
      expect(status).toBe(1)
      expect(stderr).toMatch(/^.*requires .*, got .*\n$/)
    }
    expect(command('--unknown').status).toBe(1)
  })
})

test.skipIf(!existsSync(SHARED))(
  'all real clinical images of ../shared/images are brought from the mirror (skipped where that folder is absent)',
  async () => {
    const manifest: { images: Image[] } = JSON.parse(await readFile(join(SHARED, 'manifest.json'), 'utf8'))
    const pictures = manifest.images.map(({ sha256, bytes, format, width, height }) =>
      described(Buffer.alloc(1), { sha256, bytes, format, width, height }),
    )
    const bytesOf = await mirror(join(SHARED, 'sources'))
    const { failures, licences } = await fetchImages(bankOf(...pictures), { imagesDir: images, commercialUse: false, bytesOf })
    expect(failures).toEqual([])
    expect(licences).toHaveLength(manifest.images.length)
  },
  60_000,
)
