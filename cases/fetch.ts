import { mkdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { SingleBar } from 'cli-progress'
import { Command } from 'commander'
import pLimit from 'p-limit'
import { download } from './download.ts'
import { attributionTable, type Licences, readLicences, writeLicences } from './licences.ts'
import { loadBank } from './load.ts'
import { mirror } from './mirror.ts'
import type { Case, Image } from './schema.ts'
import { sha256Of } from './sha256.ts'
import { fetchedName, imagesDir, sourceFault } from './source-image.ts'
import { removeAbandoned, writeWhole } from './write-whole.ts'

const PARALLEL = 6

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
  const proven = new Set(earlier.filter(({ status }) => status === 'here').map(({ sha256 }) => sha256))
  const wanted = [...usesBySha256(bank).values()]
  const limit = pLimit(PARALLEL)
  let done = 0
  options.onProgress?.(done, wanted.length)
  const licences = await Promise.all(
    wanted.map((uses) =>
      limit(async () => {
        const entry = await fetchOne(uses, options, proven)
        done += 1
        options.onProgress?.(done, wanted.length, entry)
        return entry
      }),
    ),
  )
  const ours = new Set(licences.map(({ sha256 }) => sha256))
  await writeLicences(options.imagesDir, [...licences, ...earlier.filter(({ sha256 }) => !ours.has(sha256))])
  return { licences, failures: licences.flatMap(({ reason }) => reason ?? []) }
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

async function fetchOne(uses: [Use, ...Use[]], options: FetchOptions, proven: ReadonlySet<string>): Promise<LicenceEntry> {
  const [{ image, place }] = uses
  const { source, licence, sha256, attribution } = image
  const { dataset, recordId, url } = source
  const known = { sha256, dataset, recordId, licence: licence.id, licenceUrl: licence.url, url, attribution }
  if (options.commercialUse && uses.some((use) => !use.image.licence.commercialUse))
    return { ...known, status: 'left_out_non_commercial' }
  const failed = (reason: string) => ({ ...known, status: 'failed' as const, reason })
  const path = join(options.imagesDir, fetchedName(image))
  try {
    const present = await presentBytes(path, image.bytes)
    // The pixels of what an earlier fetch proved need no second look; the hash tells whether the bytes are still those.
    const same = present !== undefined && proven.has(sha256) && sha256Of(present) === sha256
    if (same || (present !== undefined && (await faultOf(present, uses)) === undefined)) return { ...known, status: 'here' }
    const bytes = await options.bytesOf(image)
    const fault = await faultOf(bytes, uses)
    if (fault !== undefined) return failed(`${fault} (from ${url})`)
    await writeWhole(path, bytes)
    return { ...known, status: 'here' }
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
    const fault = await sourceFault(bytes, image)
    if (fault !== undefined) return `${place}.${fault.field}: requires ${fault.requires}, got ${fault.got}`
  }
  return undefined
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
