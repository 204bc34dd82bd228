import { mentions, words } from './phrase.ts'
import type { Case, Image } from './schema.ts'
import { sha256Of } from './sha256.ts'

/** An image of another case, and which case that is. */
export interface WrongImage {
  readonly caseId: string
  readonly image: Image
}

/**
 * The images that arm wrong-image sends in place of a case's own: for each of them one of the same modality, of the same body
 * site where the bank has such a one, each used once.
 *
 * Never chosen is an image whose diagnosis could count as right for this case, or the other way round: a name that either
 * accepts, or a code that both have. The choice depends on the cases alone, not on their order, and is the same in every run.
 *
 * @returns in the order of the case's images; undefined when the bank has none for one of them
 */
export function wrongImages(one: Case, cases: readonly Case[]): WrongImage[] | undefined {
  const own = new Set(one.images.map((image) => image.sha256))
  const candidates = cases
    .filter((other) => other.id !== one.id && !sameDiagnosis(one, other))
    .flatMap((other) => other.images.map((image) => ({ caseId: other.id, image })))
    .filter(({ image }) => !own.has(image.sha256))
  const chosen: WrongImage[] = []
  for (const image of one.images) {
    const [best] = candidates
      .filter((candidate) => candidate.image.modality === image.modality)
      .filter((candidate) => chosen.every((earlier) => earlier.image.sha256 !== candidate.image.sha256))
      .toSorted((a, b) => compare(rank(one, image, a), rank(one, image, b)))
    if (best === undefined) return undefined
    chosen.push(best)
  }
  return chosen
}

/** Whether a diagnosis of one case could count as right for the other. */
export function sameDiagnosis(one: Case, other: Case): boolean {
  const codes = new Set(one.truth.primary.codes)
  if (other.truth.primary.codes.some((code) => codes.has(code))) return true
  const [mine, theirs] = [namesOf(one), namesOf(other)]
  return mine.some((name) => mentions(plain(name), theirs)) || theirs.some((name) => mentions(plain(name), mine))
}

function namesOf({ truth }: Case): string[] {
  return [truth.primary.name, ...truth.acceptable]
}

function plain(phrase: string): string {
  return words(phrase).join(' ').replaceAll('*', '')
}

// Words that say which part of a site, or whose it is, but not which site.
const NO_SITE = new Set([
  ...['left', 'right', 'upper', 'lower', 'inner', 'outer', 'front', 'side', 'part', 'middle'],
  ...['of', 'the', 'a', 'and', 'on', 'at', 'skin'],
])

/** Lower comes first: the same site before another, then the order of a hash, so that one image is not used for every case. */
function rank(one: Case, image: Image, { caseId, image: candidate }: WrongImage): string {
  const site = siteWords(image.bodySite)
  const shared = siteWords(candidate.bodySite).some((word) => site.includes(word))
  return `${shared ? 0 : 1} ${sha256Of(`${one.id} ${image.id} ${caseId} ${candidate.id}`)}`
}

function siteWords(bodySite: string): string[] {
  return words(bodySite.replaceAll(/\([^)]*\)/g, '')).filter((word) => !NO_SITE.has(word))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
