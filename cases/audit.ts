import { balanceOf } from './balance.ts'
import { caseHasDepth } from './depth.ts'
import type { Finding } from './finding.ts'
import { prepareImage } from './images.ts'
import { lintBank } from './lint.ts'
import type { Bank } from './load.ts'
import { nearDuplicates } from './near-duplicates.ts'
import { type HashedImage, perceptualHash, picturesThatLookAlike } from './perceptual-hash.ts'
import { patientReadsPlainly } from './readability.ts'
import type { Case, Image } from './schema.ts'
import { type Composition, type Count, composition } from './strata.ts'
import { synonymsOf } from './synonyms.ts'

const NOT_HERE = new Set(['IMAGE_MISSING', 'IMAGE_LEFT_OUT'])
// A bank of fewer cases is not meant to be balanced.
const BALANCED_FROM = 31

/**
 * Everything that can be found in a bank without a patient to ask: the rules of `lintBank`, depth and readability of each
 * case, near-duplicates, each image's bytes against what its case says of them, and pictures that look alike.
 *
 * An image that is not here is a warning, since a bank can be audited before it is fetched; one that is wrong is an error.
 */
export async function auditBank(bank: Bank): Promise<Finding[]> {
  const images = bank.cases.flatMap((one) => one.images.map((image) => ({ one, image })))
  const looked = await Promise.all(images.map(({ one, image }) => lookAt(one, image, bank.dir)))
  return [
    ...lintBank(bank.cases),
    ...bank.cases.flatMap((one) =>
      [...caseHasDepth(one), ...patientReadsPlainly(one)].map((fault) => ({ caseId: one.id, ...fault })),
    ),
    ...nearDuplicates(bank.cases),
    ...looked.flatMap((outcome) => ('fault' in outcome ? [outcome] : [])),
    ...picturesThatLookAlike(looked.flatMap((outcome) => ('hash' in outcome ? [outcome] : []))),
  ]
}

async function lookAt(one: Case, image: Image, bankDir: string): Promise<Finding | HashedImage> {
  try {
    const { bytes } = await prepareImage(image, bankDir)
    return { caseId: one.id, imageId: image.id, sha256: image.sha256, hash: await perceptualHash(bytes) }
  } catch (error) {
    const { message, code } = error as Error & { code?: string }
    const severity = NOT_HERE.has(code ?? '') ? 'warning' : 'error'
    return { caseId: one.id, field: `images.${image.id}`, fault: message.replace(`image ${image.id}: `, ''), severity }
  }
}

/**
 * The audit as plain text: findings by file, errors first, then the table of strata and the counts, which licences forbid
 * what, and what the check for paraphrases knows; for a bank of more than 30 cases also what its balance falls short of.
 */
export function auditText(bank: Bank, findings: readonly Finding[]): string {
  const made = composition(bank.cases)
  const short = bank.cases.length < BALANCED_FROM ? [] : balanceOf(bank.cases)
  const lacking = short.filter(({ met }) => !met).length
  return [
    ...findingLines(bank, findings),
    `${bank.name}: ${counted(made.total)} as cases (images)`,
    '',
    ...strataLines(made),
    '',
    ...Object.entries(made.by).map(
      ([name, counts]) => `${name}: ${[...counts].map(([value, count]) => `${value} ${counted(count)}`).join(' · ')}`,
    ),
    ...gateLines(bank),
    paraphraseLine(bank),
    '',
    ...short.map(
      ({ what, kind, bound, got, met }) =>
        `${met ? 'ok     ' : 'warning'} ${what}: ${Number.isInteger(got) ? got : got.toFixed(2)} (${kind} ${bound})`,
    ),
    ...(short.length > 0 ? [''] : []),
    `${howMany(findings, 'error')} error(s), ${howMany(findings, 'warning') + lacking} warning(s)`,
  ].join('\n')
}

function gateLines({ cases }: Bank): string[] {
  const using = (forbids: (licence: Image['licence']) => boolean) =>
    cases.filter((one) => one.images.some((image) => forbids(image.licence))).map((one) => one.id)
  const gates = [
    { name: 'never sent to a hosted model', ids: using((licence) => !licence.thirdPartyApiAllowed) },
    { name: 'left out by --commercial-use', ids: using((licence) => !licence.commercialUse) },
    { name: 'not to be passed on', ids: using((licence) => !licence.redistributable) },
  ]
  return gates.map(({ name, ids }) => `${name}: ${ids.length === 0 ? 'none' : `${ids.length} (${ids.join(', ')})`}`)
}

function paraphraseLine({ cases }: Bank): string {
  const unknown = cases.filter((one) => synonymsOf(one) === undefined).map((one) => one.id)
  const rest = unknown.length === 0 ? '' : `; by names and stems alone: ${unknown.join(', ')}`
  return `looked for synonyms (synonyms.yaml): ${cases.length - unknown.length} of ${cases.length} cases${rest}`
}

function findingLines(bank: Bank, findings: readonly Finding[]): string[] {
  return bank.cases.flatMap((one) => {
    const own = findings.filter((finding) => finding.caseId === one.id)
    if (own.length === 0) return []
    const sorted = own.toSorted((a, b) => a.severity.localeCompare(b.severity))
    return [`${bank.name}/${one.id}.yaml`, ...sorted.map((each) => `  ${each.severity}: ${each.field}: ${each.fault}`), '']
  })
}

function strataLines({ strata }: Composition): string[] {
  const line = (cells: readonly string[]) => cells.map((cell, i) => (i === 0 ? cell.padEnd(15) : cell.padStart(10))).join('')
  return [
    line(['', ...Object.keys(strata.malignant).map(plain)]),
    ...Object.entries(strata).map(([row, cells]) => line([plain(row), ...Object.values(cells).map(counted)])),
  ]
}

function plain(name: string): string {
  return name.replaceAll('_', ' ')
}

function counted({ cases, images }: Count): string {
  return `${cases} (${images})`
}

function howMany(findings: readonly Finding[], severity: Finding['severity']): number {
  return findings.filter((finding) => finding.severity === severity).length
}
