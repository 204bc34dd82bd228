import type { BankAbout } from './bank-file.ts'
import { distinctImages, reviewWords } from './croissant.ts'
import type { Case } from './schema.ts'
import { type Count, composition } from './strata.ts'

const BEGIN = '<!-- written by hand: begin -->'
const END = '<!-- written by hand: end -->'

const FIRST_WORDS = `## How the cases were made

Say here who wrote the cases, from what, and how they were read through.`

/**
 * The data card of a bank in Markdown: tables counted from the cases, and a part that people write between two marks.
 *
 * @param earlier the card as it stands, of which the hand-written part is kept; undefined when there is none
 * @throws Error when the earlier card has lost one of its marks, so that nobody's words are overwritten
 */
export function dataCard(cases: readonly Case[], about: BankAbout, sha256: string, earlier: string | undefined): string {
  return `${[
    `# Data card: ${about.name}, version ${about.version}`,
    'Written by `npm run metadata` from the case files, apart from the part between the two marks.',
    `**${reviewWords(cases)}** Every patient is synthetic. Scores on these cases say nothing about care.`,
    about.description,
    [BEGIN, '', handWritten(earlier), '', END].join('\n'),
    '## Composition',
    `SHA-256 over all case files: \`${sha256}\`. Numbers are cases (different images); a case counts under each of its values.`,
    strataTable(cases),
    ...Object.entries(countsOf(cases)).map(([title, counts]) => table([title, 'cases (images)'], counts)),
    table(['depth of a case', 'least', 'median', 'most'], depthRows(cases)),
    '## Licences',
    `The case files are under [${about.licence.id}](${about.licence.url}). Each image has its own licence: see [ATTRIBUTION.md](ATTRIBUTION.md).`,
    licenceTable(cases),
    '## Changes',
    'See [CHANGELOG.md](CHANGELOG.md).',
  ].join('\n\n')}\n`
}

function handWritten(earlier: string | undefined): string {
  if (earlier === undefined) return FIRST_WORDS
  const [from, to] = [earlier.indexOf(BEGIN), earlier.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`data card requires the marks ${BEGIN} and ${END}, got a file without them`)
  return earlier.slice(from + BEGIN.length, to).trim()
}

function strataTable(cases: readonly Case[]): string {
  const { strata } = composition(cases)
  const plain = (name: string) => name.replaceAll('_', ' ')
  return table(
    ['', ...Object.keys(strata.malignant).map(plain)],
    Object.entries(strata).map(([row, cells]) => [plain(row), ...Object.values(cells).map(shown)]),
  )
}

function countsOf(cases: readonly Case[]): Record<string, string[][]> {
  const by = (valuesOf: (one: Case) => readonly string[]) =>
    [...new Set(cases.flatMap(valuesOf))].toSorted(inOrder).map((value) => {
      const own = cases.filter((one) => valuesOf(one).includes(value))
      return [value.replaceAll('_', ' '), shown({ cases: own.length, images: distinctImages(own).length })]
    })
  return {
    neoplasm: by((one) => [one.truth.neoplasm]),
    modality: by((one) => one.images.map((image) => image.modality)),
    'acceptable triage': by((one) => one.truth.triage.acceptable),
    'how the source knows the label': by((one) => one.images.map((image) => image.labelProvenance.kind)),
    'data set': by((one) => one.images.map(({ source }) => (source.kind === 'fetched' ? source.dataset : source.kind))),
    age: by((one) => [ageBand(one.patient.ageYears)]),
    'sex at birth': by((one) => [one.patient.sexAtBirth]),
    'skin tone (scale, value, rater)': by(({ patient: { skinTone } }) => [
      skinTone === null ? 'not stated by the source' : `${skinTone.scale} ${skinTone.value}, ${skinTone.rater}`,
    ]),
    'health literacy': by((one) => [one.patient.healthLiteracy]),
    ...Object.fromEntries(
      (['talkativeness', 'anxiety', 'recall', 'cooperativeness', 'accessBarrier'] as const).map((axis) => [
        `persona: ${axis === 'accessBarrier' ? 'barrier to care' : axis}`,
        by((one) => [one.patient.persona[axis]]),
      ]),
    ),
    split: by((one) => [one.split]),
  }
}

function inOrder(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

function ageBand(years: number): string {
  return years < 18 ? '0–17' : years < 40 ? '18–39' : years < 65 ? '40–64' : years < 85 ? '65–84' : '85 and over'
}

function depthRows(cases: readonly Case[]): string[][] {
  const row = (name: string, of: (one: Case) => number) => {
    const sorted = cases.map(of).toSorted((a, b) => a - b)
    const middle = ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2
    return [name, ...[sorted.at(0) ?? 0, middle, sorted.at(-1) ?? 0].map(String)]
  }
  return [
    row('facts', (one) => one.facts.length),
    row('facts that are absent', (one) => one.facts.filter((fact) => fact.polarity === 'absent').length),
    row('facts that must be asked for', (one) => one.truth.mustAsk.length),
    row('hazards of the record', (one) => one.ehr.hazards.length),
    row('conflicts of chart and patient', (one) => one.ehr.conflicts.length),
  ]
}

function licenceTable(cases: readonly Case[]): string {
  const groups = Map.groupBy(distinctImages(cases), ({ image }) => image.licence.id)
  const yes = (allowed: boolean | undefined) => (allowed ? 'yes' : 'no')
  return table(
    ['licence', 'images', 'commercial use', 'hosted models'],
    [...groups]
      .toSorted(([a], [b]) => inOrder(a, b))
      .map(([id, images]) => {
        const licences = images.map(({ image }) => image.licence)
        return [
          id,
          String(images.length),
          yes(licences.every((licence) => licence.commercialUse)),
          yes(licences.every((licence) => licence.thirdPartyApiAllowed)),
        ]
      }),
  )
}

function shown({ cases, images }: Count): string {
  return `${cases} (${images})`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
