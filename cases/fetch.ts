import { randomUUID } from 'node:crypto'
import { promises as dns, type LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { join, resolve } from 'node:path'
import { SingleBar } from 'cli-progress'
import { Command } from 'commander'
import ipaddr from 'ipaddr.js'
import pLimit from 'p-limit'
import { fetchedName, type ImageFault, imagesDir, type Licences, MAX_IMAGE_BYTES, readLicences, sourceFault } from './images.ts'
import { loadBank } from './load.ts'
import type { Case, Image } from './schema.ts'

const MAX_REDIRECTS = 5
const PARALLEL = 6
const ABANDONED_MS = 3_600_000

/** What a download may do. Tests relax it by name; nothing else should. */
export interface DownloadPolicy {
  /** Whether a connection to this IP address is allowed; asked again for each redirect. */
  readonly allowAddress: (address: string) => boolean
  /** All addresses of a host name. The connection goes to these and to no others. */
  readonly addressesOf: (hostname: string) => Promise<readonly LookupAddress[]>
  /** PEM of a certificate authority to trust in place of the system's. */
  readonly ca?: string
  /** Milliseconds without a byte after which a connection counts as stalled. */
  readonly stallMs: number
  /** Milliseconds that one image may take, redirects included. */
  readonly deadlineMs: number
}

/** Public addresses only, the system's resolver, 30 s for a stalled connection, 5 min for an image. */
export const PUBLIC_INTERNET: DownloadPolicy = {
  allowAddress: isPublicAddress,
  addressesOf: (hostname) => dns.lookup(hostname, { all: true }),
  stallMs: 30_000,
  deadlineMs: 300_000,
}

type FetchedImage = Image & { readonly source: { readonly kind: 'fetched' } }
type LicenceEntry = Licences[number]

/** How `fetchImages` works: where images go, where bytes come from and whether non-commercial licences are left out. */
export interface FetchOptions {
  readonly imagesDir: string
  readonly commercialUse: boolean
  /** The source bytes of an image, verified by the caller; rejects with the reason when it has none. */
  readonly bytesOf: (image: FetchedImage) => Promise<Uint8Array>
  /** Called once before the first image and after each one, with the image that has just ended. */
  readonly onProgress?: (done: number, total: number, ended?: LicenceEntry) => void
}

/** What a fetch ended with; both lists are in the order of the bank's cases. */
export interface FetchReport {
  /** One entry for each distinct fetched image of the bank. */
  readonly licences: Licences
  /** One line for each image that failed: case file, field, what was required and what was there. */
  readonly failures: readonly string[]
}

/** The part of a bank that says which images it has and where. */
export interface ImagesOfBank {
  readonly name: string
  readonly cases: readonly Pick<Case, 'id' | 'images'>[]
}

/** Where in a bank an image is used. */
interface Use {
  readonly place: string
  readonly image: FetchedImage
}

/**
 * Brings the distinct fetched images of a bank to the images folder and writes `licences.json` and `ATTRIBUTION.md` there.
 *
 * An image that already lies there and is right is not asked for again; a wrong one is replaced. A file gets its final
 * name only when it is whole and verified. A failing image stops no other. Entries of images of other banks are kept in
 * the two lists. With `commercialUse` an image whose licence forbids it is neither fetched nor removed, but marked, and
 * `prepareImage` refuses it from then on; a run for the same bank without it clears the mark.
 *
 * @throws Error when the images folder cannot be written or its `licences.json` is malformed
 */
export async function fetchImages(bank: ImagesOfBank, options: FetchOptions): Promise<FetchReport> {
  await mkdir(options.imagesDir, { recursive: true })
  await removeAbandoned(options.imagesDir)
  const earlier = await readLicences(options.imagesDir)
  const wanted = [...usesBySha256(bank).values()]
  const limit = pLimit(PARALLEL)
  let done = 0
  options.onProgress?.(done, wanted.length)
  const ended = await Promise.all(
    wanted.map((uses) =>
      limit(async () => {
        const { entry, failure } = await fetchOne(uses, options)
        done += 1
        options.onProgress?.(done, wanted.length, entry)
        return { entry, failure }
      }),
    ),
  )
  const licences = ended.map(({ entry }) => entry)
  const ours = new Set(licences.map(({ sha256 }) => sha256))
  const all = [...licences, ...earlier.filter(({ sha256 }) => !ours.has(sha256))]
  await writeWhole(join(options.imagesDir, 'licences.json'), `${JSON.stringify(all, null, 2)}\n`)
  await writeWhole(join(options.imagesDir, 'ATTRIBUTION.md'), attributionTable(all))
  return { licences, failures: ended.flatMap(({ failure }) => failure ?? []) }
}

/**
 * The licence and attribution table of images in Markdown, one row an image.
 */
export function attributionTable(licences: Licences): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
  const rows = licences.map(({ sha256, dataset, recordId, licence, licenceUrl, url, attribution, status }) =>
    [
      sha256.slice(0, 12),
      status,
      licenceUrl ? `[${licence}](${licenceUrl})` : licence,
      attribution,
      dataset,
      `[${recordId}](${url})`,
    ]
      .map(cell)
      .join(' | '),
  )
  const head = ['image (sha256)', 'status', 'licence', 'attribution', 'data set', 'record']
  const lines = [head.join(' | '), head.map(() => '---').join(' | '), ...rows].map((row) => `| ${row} |`)
  return `# Images: licences and attribution\n\nWritten by \`npm run fetch\`.\n\n${lines.join('\n')}\n`
}

/** Whether an IP address is a public unicast one: not loopback, private, link-local, multicast, reserved or a tunnel to such. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return false
  // ipaddr.js calls the whole rest of IPv6 unicast, also ::7f00:1, which some systems route as 127.0.0.1.
  return parsed.kind() === 'ipv4' || parsed.match(ipaddr.parseCIDR('2000::/3'))
}

/**
 * The bytes that an https address serves, at most 20 MB.
 *
 * Follows at most five redirects. For each hop the scheme must be https and every address of the host must be allowed;
 * the connection is then made to those very addresses, so that a second look-up cannot lead elsewhere.
 *
 * @throws Error that says which of these was broken, or that the connection stalled, or the status that was not 200
 */
export async function download(url: string, policy: DownloadPolicy = PUBLIC_INTERNET): Promise<Uint8Array> {
  const stalled = new AbortController()
  const late = new AbortController()
  const stall = setTimeout(
    () => stalled.abort(problem(`a byte every ${policy.stallMs} ms`, 'a stalled connection')),
    policy.stallMs,
  )
  const deadline = setTimeout(() => late.abort(problem(`an end within ${policy.deadlineMs} ms`, 'more')), policy.deadlineMs)
  const signal = AbortSignal.any([stalled.signal, late.signal])
  try {
    let here = url
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const response = await connect(here, policy, signal)
      stall.refresh()
      const location = redirectOf(response)
      if (location === undefined) return await bodyOf(response, () => stall.refresh())
      response.destroy()
      here = URL.parse(location, here)?.href ?? location
    }
    throw problem(`at most ${MAX_REDIRECTS} redirects`, 'more')
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    clearTimeout(stall)
    clearTimeout(deadline)
  }
}

/**
 * A `bytesOf` for `fetchImages` that reads a mirror folder whose files are named `<sha256>.<jpg|jpeg|png|webp>`.
 *
 * @throws Error when the folder cannot be read
 */
export async function mirror(dir: string): Promise<FetchOptions['bytesOf']> {
  const names = await readdir(dir).catch((cause: Error) => {
    throw new Error(`--from requires a folder of images, got ${dir}: ${cause.message}`, { cause })
  })
  const bySha256 = new Map(
    names.flatMap((name) => (/^[0-9a-f]{64}\.(jpe?g|png|webp)$/.test(name) ? [[name.slice(0, 64), name]] : [])),
  )
  return async ({ sha256 }) => {
    const name = bySha256.get(sha256)
    if (name === undefined) throw problem(`${sha256}.<jpg|jpeg|png|webp> in the mirror folder`, 'no such file')
    const { size } = await stat(join(dir, name))
    if (size > MAX_IMAGE_BYTES) throw problem(`at most ${MAX_IMAGE_BYTES} bytes`, `${size} in ${name}`)
    return readFile(join(dir, name))
  }
}

function usesBySha256(bank: ImagesOfBank): Map<string, [Use, ...Use[]]> {
  const wanted = new Map<string, [Use, ...Use[]]>()
  for (const { id, images } of bank.cases)
    for (const [index, image] of images.entries()) {
      if (!isFetched(image)) continue
      const use = { place: `${bank.name}/${id}.yaml: images.${index}`, image }
      const known = wanted.get(image.sha256)
      if (known === undefined) wanted.set(image.sha256, [use])
      else known.push(use)
    }
  return wanted
}

function isFetched(image: Image): image is FetchedImage {
  return image.source.kind === 'fetched'
}

async function fetchOne(uses: [Use, ...Use[]], options: FetchOptions): Promise<{ entry: LicenceEntry; failure?: string }> {
  const [{ image, place }] = uses
  const { source, licence, sha256, attribution } = image
  const { dataset, recordId, url } = source
  const known = { sha256, dataset, recordId, licence: licence.id, licenceUrl: licence.url, url, attribution }
  if (options.commercialUse && uses.some((use) => !use.image.licence.commercialUse))
    return { entry: { ...known, status: 'left_out_non_commercial' } }
  const failed = (reason: string) => ({ entry: { ...known, status: 'failed' as const, reason }, failure: reason })
  const path = join(options.imagesDir, fetchedName(image))
  try {
    const present = await presentBytes(path, image.bytes)
    if (present !== undefined && (await faultOf(present, uses)) === undefined) return { entry: { ...known, status: 'here' } }
    const bytes = await options.bytesOf(image)
    const fault = await faultOf(bytes, uses)
    if (fault !== undefined) return failed(`${fault} (from ${url})`)
    await writeWhole(path, bytes)
    return { entry: { ...known, status: 'here' } }
  } catch (error) {
    return failed(`${place}.source.url: ${(error as Error).message} (${url})`)
  }
}

async function presentBytes(path: string, size: number): Promise<Uint8Array | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() && found.size === size ? readFile(path) : undefined
}

async function faultOf(bytes: Uint8Array, uses: readonly Use[]): Promise<string | undefined> {
  for (const { place, image } of uses) {
    const fault: ImageFault | undefined = await sourceFault(bytes, image)
    if (fault !== undefined) return `${place}.${fault.field}: requires ${fault.requires}, got ${fault.got}`
  }
  return undefined
}

/** Opens the connection for one hop and waits for the head of the answer. */
async function connect(url: string, policy: DownloadPolicy, signal: AbortSignal): Promise<IncomingMessage> {
  const target = URL.parse(url)
  if (target?.protocol !== 'https:') throw problem('an https address', url)
  const hostname = target.hostname.replace(/^\[(.*)\]$/, '$1')
  const kind = ipaddr.isValid(hostname) ? ipaddr.parse(hostname).kind() : undefined
  const addresses = kind ? [{ address: hostname, family: kind === 'ipv6' ? 6 : 4 }] : await policy.addressesOf(hostname)
  const [first] = addresses
  if (first === undefined) throw problem('a host that has an address', hostname)
  const refused = addresses.find(({ address }) => !policy.allowAddress(address))
  if (refused !== undefined) throw problem('a host with public addresses only', `${hostname} at ${refused.address}`)
  signal.throwIfAborted()
  const asking = request(target, {
    agent: false,
    signal,
    headers: { 'user-agent': 'imcbench-promptfoo', accept: 'image/*', 'accept-encoding': 'identity' },
    lookup: (_hostname, { all }, found) => (all ? found(null, [...addresses]) : found(null, first.address, first.family)),
    ...(policy.ca === undefined ? {} : { ca: policy.ca }),
  })
  // An abort after the head has come is thrown by the body's reader; without a listener here it would end the process too.
  asking.on('error', () => {})
  asking.end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  return response
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage): string | undefined {
  return [301, 302, 303, 307, 308].includes(statusCode) ? headers.location : undefined
}

async function bodyOf(response: IncomingMessage, onBytes: () => void): Promise<Uint8Array> {
  const tooMuch = (size: number) => problem(`at most ${MAX_IMAGE_BYTES} bytes`, `${size}`)
  try {
    if (response.statusCode !== 200) throw problem('status 200', String(response.statusCode))
    const announced = Number(response.headers['content-length'] ?? 0)
    if (announced > MAX_IMAGE_BYTES) throw tooMuch(announced)
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      onBytes()
      size += chunk.length
      if (size > MAX_IMAGE_BYTES) throw tooMuch(size)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } finally {
    response.destroy()
  }
}

function problem(requires: string, got: string): Error {
  return new Error(`requires ${requires}, got ${got}`)
}

/** Writes through a temporary name, so that a killed process never leaves half a file under the final one. */
async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const part = `${path}.${randomUUID()}.part`
  try {
    const file = await open(part, 'wx')
    try {
      await file.writeFile(data)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** Removes what killed runs left; the age spares a run that is still going. */
async function removeAbandoned(dir: string): Promise<void> {
  for (const name of (await readdir(dir)).filter((one) => one.endsWith('.part'))) {
    const path = join(dir, name)
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true })
  }
}

interface CommandOptions {
  readonly from?: string
  readonly bank: string
  readonly commercialUse?: true
}

async function run({ from, bank: nameOrDir, commercialUse }: CommandOptions): Promise<void> {
  const bank = await loadBank(nameOrDir)
  const bytesOf = from === undefined ? ({ source }: FetchedImage) => download(source.url) : await mirror(resolve(from))
  const dir = imagesDir()
  const { onProgress, stop } = progress()
  const { licences, failures } = await fetchImages(bank, {
    imagesDir: dir,
    commercialUse: commercialUse ?? false,
    bytesOf,
    onProgress,
  }).finally(stop)
  if (licences.length > 0) console.log(attributionTable(licences))
  const count = (status: LicenceEntry['status']) => licences.filter((entry) => entry.status === status).length
  console.log(
    `bank ${bank.name}: ${licences.length} image(s) to fetch; ${count('here')} here, ${count('left_out_non_commercial')} left out as non-commercial, ${count('failed')} failed`,
  )
  console.log(`folder: ${dir}`)
  for (const failure of failures) console.error(failure)
  if (failures.length > 0) process.exitCode = 1
}

function progress(): { onProgress: NonNullable<FetchOptions['onProgress']>; stop: () => void } {
  if (!process.stderr.isTTY)
    return {
      onProgress: (done, total, ended) => {
        if (ended === undefined) return
        console.error(`[${done}/${total}] ${ended.status} ${ended.sha256.slice(0, 12)} ${ended.dataset} ${ended.recordId}`)
      },
      stop: () => {},
    }
  const bar = new SingleBar({ format: 'images [{bar}] {value}/{total} {last}', stream: process.stderr })
  return {
    onProgress: (done, total, ended) => {
      if (ended === undefined) bar.start(total, 0, { last: '' })
      else bar.update(done, { last: ended.recordId })
    },
    stop: () => bar.stop(),
  }
}

if (import.meta.main)
  await new Command('fetch')
    .description('bring the images of a bank to the images folder, verify them and print their licences')
    .option('--from <dir>', 'read a mirror folder whose files are named <sha256>.<ext>; nothing is downloaded')
    .option('--bank <name or dir>', 'demo, bank or a folder of case files', 'bank')
    .option('--commercial-use', 'leave out images whose licence forbids commercial use')
    .action(run)
    .parseAsync()
    .catch((error: Error) => {
      console.error(error.message)
      process.exitCode = 1
    })
