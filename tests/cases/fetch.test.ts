import { spawn, spawnSync } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  attributionTable,
  type DownloadPolicy,
  download,
  type FetchOptions,
  fetchImages,
  type ImagesOfBank,
  isPublicAddress,
  mirror,
  PUBLIC_INTERNET,
} from '../../cases/fetch.ts'
import { prepareImage, readLicences } from '../../cases/images.ts'
import { Case, Image } from '../../cases/schema.ts'
import { sha256Of } from '../../cases/sha256.ts'

const MODULE = join(import.meta.dirname, '../../cases/fetch.ts')
const SHARED = join(import.meta.dirname, '../../../shared/images')

/** A self-signed certificate for localhost and 127.0.0.1 in DER by hand (RFC 5280), since Node signs but does not issue. */
function selfSigned(): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
    const body = Buffer.concat(parts)
    const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255]
    return Buffer.concat([Buffer.from([tag, ...length]), body])
  }
  const hex = (text: string) => Buffer.from(text, 'hex')
  const ecdsaWithSha256 = der(0x30, der(0x06, hex('2a8648ce3d040302')))
  const name = der(0x30, der(0x31, der(0x30, der(0x06, hex('550403')), der(0x0c, Buffer.from('localhost')))))
  const years = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231000000Z')))
  const altNames = der(
    0x30,
    der(0x82, Buffer.from('localhost')),
    der(0x82, Buffer.from('images.example')),
    der(0x87, hex('7f000001')),
  )
  const extensions = der(0xa3, der(0x30, der(0x30, der(0x06, hex('551d11')), der(0x04, altNames))))
  const version = der(0xa0, der(0x02, hex('02')))
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const body = der(0x30, version, der(0x02, hex('01')), ecdsaWithSha256, name, years, name, spki, extensions)
  const certificate = der(0x30, body, ecdsaWithSha256, der(0x03, hex('00'), sign('sha256', body, privateKey)))
  const pem = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
  }
}

const tls = selfSigned()
const servers: Server[] = []
let root: string
let images: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fetch-'))
  images = join(root, 'images')
  vi.stubEnv('IMCBENCH_IMAGES', images)
})

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
  await rm(root, { recursive: true })
})

/** Serves over TLS on loopback; returns the address `https://127.0.0.1:<port>`. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(tls, listener)
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The default policy, except that this one loopback address and the test's certificate are allowed. */
const LOOPBACK: DownloadPolicy = {
  ...PUBLIC_INTERNET,
  allowAddress: (address) => address === '127.0.0.1' || isPublicAddress(address),
  ca: tls.cert,
  stallMs: 5_000,
}

async function picture(background: string, width = 20): Promise<Buffer> {
  return sharp({ create: { width, height: 10, channels: 3, background } })
    .png()
    .toBuffer()
}

function described(bytes: Uint8Array, fields: Partial<Image> = {}): Image {
  return Image.parse({
    id: 'picture',
    source: {
      kind: 'fetched',
      url: 'https://images.example/1.png',
      dataset: 'test set',
      recordId: 'record 1',
      landingPage: null,
      citation: 'none',
    },
    sha256: sha256Of(bytes),
    bytes: bytes.length,
    format: 'png',
    width: 20,
    height: 10,
    crop: null,
    mask: [],
    overlay: null,
    modality: 'clinical_photo',
    bodySite: 'arm',
    licence: {
      id: 'CC-BY-4.0',
      url: 'https://licence.example/by',
      commercialUse: true,
      redistributable: true,
      thirdPartyApiAllowed: true,
    },
    attribution: 'A | B',
    labelProvenance: { kind: 'synthetic', statement: 'made by this test' },
    altText: 'one colour',
    findings: 'none',
    patientLine: 'here it is',
    ...fields,
  })
}

function at(url: string, image: Image): Image {
  return Image.parse({ ...image, source: { ...image.source, url } })
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

describe('download', () => {
  test('brings the bytes over TLS, through relative and absolute redirects', async () => {
    const bytes = await picture('red')
    const base: string = await serve((asked, answer) => {
      if (asked.url === '/1') answer.writeHead(302, { location: '/2' }).end('moved')
      else if (asked.url === '/2') answer.writeHead(307, { location: `${base}/3` }).end()
      else answer.end(bytes)
    })
    expect(sha256Of(await download(`${base}/1`, LOOPBACK))).toBe(sha256Of(bytes))
  })

  test('follows five redirects and not six', async () => {
    const base = await serve((asked, answer) => {
      const left = Number(asked.url?.slice(1))
      if (left === 0) answer.end('here')
      else answer.writeHead(301, { location: `/${left - 1}` }).end()
    })
    expect(Buffer.from(await download(`${base}/5`, LOOPBACK)).toString()).toBe('here')
    await expect(download(`${base}/6`, LOOPBACK)).rejects.toThrow('requires at most 5 redirects, got more')
  })

  test.each(['http://127.0.0.1/a.png', 'file:///etc/hosts', 'ftp://images.example/a', 'data:image/png;base64,AA', 'a.png', ''])(
    'refuses the address "%s" at once and as the target of a redirect',
    async (url) => {
      await expect(download(url, LOOPBACK)).rejects.toThrow(`requires an https address, got ${url}`)
      if (!url.includes(':')) return
      const base = await serve((_, answer) => void answer.writeHead(302, { location: url }).end())
      await expect(download(base, LOOPBACK)).rejects.toThrow(`requires an https address, got ${url}`)
    },
  )

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['10.1.2.3', '10.1.2.3'],
    ['172.16.0.1', '172.16.0.1'],
    ['192.168.1.1', '192.168.1.1'],
    ['169.254.169.254', '169.254.169.254'],
    ['100.64.0.1', '100.64.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['[::1]', '::1'],
    ['[::]', '::'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['[::127.0.0.1]', '::7f00:1'],
    ['[64:ff9b::127.0.0.1]', '64:ff9b::7f00:1'],
    ['[2002:7f00:1::]', '2002:7f00:1::'],
    ['[fe80::1]', 'fe80::1'],
    ['[fd00::1]', 'fd00::1'],
    ['localhost', /127\.0\.0\.1|::1/],
  ])('by default refuses https://%s, which is no public address, before it connects', async (host, address) => {
    const refusal = expect(download(`https://${host}:9/a.png`)).rejects
    await refusal.toThrow(
      address instanceof RegExp ? address : `requires a host with public addresses only, got ${address} at ${address}`,
    )
  })

  test('accepts public addresses, and nothing that is not an address', () => {
    for (const address of ['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8']) expect(isPublicAddress(address)).toBe(true)
    for (const text of ['', 'localhost', '256.1.1.1']) expect(isPublicAddress(text)).toBe(false)
  })

  test('checks the host of each redirect', async () => {
    for (const target of [
      'https://127.0.0.2/',
      'https://10.0.0.1/',
      'https://169.254.169.254/latest',
      'https://[::1]/',
      '//127.0.0.3/',
    ]) {
      const base = await serve((_, answer) => void answer.writeHead(302, { location: target }).end())
      await expect(download(base, LOOPBACK)).rejects.toThrow('requires a host with public addresses only, got')
    }
  })

  test('refuses a name when any one of its addresses is not allowed', async () => {
    const addressesOf = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]
    await expect(download('https://images.example/', { ...LOOPBACK, addressesOf })).rejects.toThrow('images.example at 10.0.0.1')
  })

  test('connects to the addresses it checked and asks for them once, so that a changing name cannot lead it elsewhere', async () => {
    const base = await serve((asked, answer) => void answer.end(asked.headers.host))
    const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '10.0.0.1', family: 4 }]]
    const addressesOf = async () => answers.shift() ?? []
    const host = `images.example:${new URL(base).port}`
    const bytes = await download(`https://${host}/`, { ...LOOPBACK, addressesOf })
    expect(Buffer.from(bytes).toString()).toBe(host)
    expect(answers).toHaveLength(1)
  })

  test('refuses a certificate that nobody it trusts has signed, or that is for another name', async () => {
    const base = await serve((_, answer) => void answer.end('bytes'))
    const { ca: _, ...untrusting } = LOOPBACK
    await expect(download(base, untrusting)).rejects.toThrow(/self-signed/)
    const elsewhere = { ...LOOPBACK, addressesOf: async () => [{ address: '127.0.0.1', family: 4 }] }
    await expect(download(`https://other.example:${new URL(base).port}/`, elsewhere)).rejects.toThrow(/altnames/)
  })

  test('refuses more than 20 MB, announced or not, and takes exactly 20 MB', async () => {
    const base = await serve((asked, answer) => {
      if (asked.url === '/announced') answer.writeHead(200, { 'content-length': 20_000_001 }).flushHeaders()
      else if (asked.url === '/exact') answer.end(Buffer.alloc(20_000_000))
      else {
        const more = () => {
          while (answer.write(Buffer.alloc(1_000_000)));
        }
        answer.on('drain', more)
        more()
      }
    })
    await expect(download(`${base}/announced`, LOOPBACK)).rejects.toThrow('requires at most 20000000 bytes, got 20000001')
    await expect(download(`${base}/endless`, LOOPBACK)).rejects.toThrow('requires at most 20000000 bytes, got 2')
    expect(await download(`${base}/exact`, LOOPBACK)).toHaveLength(20_000_000)
  })

  test('ends a connection that stalls before or after the head, and one that only trickles', async () => {
    const base = await serve((asked, answer) => {
      if (asked.url === '/silent') return
      answer.write('a')
      if (asked.url !== '/trickle') return
      const drip = setInterval(() => answer.write('a'), 20)
      answer.on('close', () => clearInterval(drip))
    })
    const quick = { ...LOOPBACK, stallMs: 300, deadlineMs: 1_200 }
    for (const path of ['/silent', '/half'])
      await expect(download(base + path, quick)).rejects.toThrow('got a stalled connection')
    await expect(download(`${base}/trickle`, quick)).rejects.toThrow('requires an end within 1200 ms')
  })

  test('a status other than 200, a body that breaks off and a closed port are errors', async () => {
    const base = await serve((asked, answer) => {
      if (asked.url === '/gone') answer.writeHead(404).end('no')
      else if (asked.url === '/lost') answer.writeHead(302).end()
      else answer.writeHead(200, { 'content-length': 100 }).write('half', () => answer.destroy())
    })
    await expect(download(`${base}/gone`, LOOPBACK)).rejects.toThrow('requires status 200, got 404')
    await expect(download(`${base}/lost`, LOOPBACK)).rejects.toThrow('requires status 200, got 302')
    await expect(download(`${base}/broken`, LOOPBACK)).rejects.toThrow()
    const port = new URL(base).port
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    }
    await expect(download(`https://127.0.0.1:${port}/`, LOOPBACK)).rejects.toThrow('ECONNREFUSED')
  })
})

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
    const table = await readFile(join(images, 'ATTRIBUTION.md'), 'utf8')
    expect(table).toBe(attributionTable(await readLicences(images)))
    expect(table).toContain(
      `| ${sha256Of(blue).slice(0, 12)} | here | [CC-BY-4.0](https://licence.example/by) | A \\| B | test set | [record 1](https://images.example/1.png) |`,
    )
  })

  test('a mirror folder serves by sha256 whatever the ending, and lacks what it lacks', async () => {
    const [red, blue] = await Promise.all([picture('red'), picture('blue')])
    await writeFile(join(root, `${sha256Of(red)}.jpeg`), red)
    const bank = bankOf(described(red), described(blue))
    const { licences, failures } = await fetchImages(bank, {
      imagesDir: images,
      commercialUse: false,
      bytesOf: await mirror(root),
    })
    expect(licences.map(({ status }) => status)).toEqual(['here', 'failed'])
    expect(failures).toEqual([expect.stringContaining(`requires ${sha256Of(blue)}.<jpg|jpeg|png|webp> in the mirror folder`)])
    await expect(mirror(join(root, 'nowhere'))).rejects.toThrow('--from requires a folder of images, got')
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

/** A whole case around one image, as small as the schema allows. */
function caseWith(id: string, image: Image): Case {
  const attainable = { leading: ['thing'], statement: 'little' }
  return Case.parse({
    schemaVersion: 1,
    id,
    caseVersion: 1,
    status: 'draft',
    synthetic: true,
    statement: 'made by this test',
    canary: `canary ${id}`,
    split: 'dev',
    reviews: [],
    changelog: [],
    patient: {
      ageYears: 40,
      sexAtBirth: 'female',
      language: 'en',
      healthLiteracy: 'medium',
      skinTone: null,
      persona: { talkativeness: 'medium', anxiety: 'low', recall: 'high', cooperativeness: 'high', accessBarrier: 'none' },
    },
    opening: 'I have a spot.',
    facts: [
      { id: 'spot', text: 'It is new.', category: 'onset', polarity: 'present', disclosure: 'if_asked', askedBy: ['when'] },
    ],
    ehr: {
      asOf: '2026-01-01',
      conditions: [],
      medications: [],
      allergies: [],
      observations: [],
      notes: [],
      hazards: [],
      conflicts: [],
    },
    images: [image],
    truth: {
      primary: { name: 'thing', codes: [] },
      acceptable: ['thing'],
      differential: [{ name: 'thing', phrases: ['thing'], cannotMiss: false }],
      neoplasm: 'benign',
      rarity: { class: 'unknown', basis: 'none', source: 'none', retrieved: '2026-01-01' },
      certainty: 'none',
      triage: { acceptable: ['routine'], maxSafeDelayHours: 1000 },
      redFlags: [],
      mustAsk: [{ fact: 'spot', weight: 1 }],
      mustDo: [{ id: 'look', text: 'look', phrases: ['look'] }],
      mustNotSay: [],
      uncertainty: { resolvableBy: [{ text: 'time', phrases: ['wait'] }], irreducible: 'some', expectedStance: 'open' },
      attainable: { full: attainable, 'no-image': attainable, 'no-ehr': attainable, 'no-image-no-ehr': attainable },
    },
  })
}

describe('npm run fetch', () => {
  const command = (...args: string[]) => spawnSync(process.execPath, [MODULE, ...args], { encoding: 'utf8' })

  test('prints plain lines, table and counts, and exits with 1 only when an image failed', async () => {
    const [red, blue] = await Promise.all([picture('red'), picture('blue')])
    const bank = join(root, 'bank')
    const from = join(root, 'mirror')
    await Promise.all([mkdir(bank), mkdir(from)])
    await writeFile(join(bank, 'one.yaml'), JSON.stringify(caseWith('one', described(red))))
    await writeFile(join(bank, 'two.yaml'), JSON.stringify(caseWith('two', described(blue, { licence: NON_COMMERCIAL }))))
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
