import { z } from 'zod'
import { type EntryReader, READERS, type Reading } from './fhir-entries.ts'
import { namesIn, resolver } from './fhir-references.ts'
import { Bundle, RESOURCES, type RecordType } from './fhir-resources.ts'
import { words } from './phrase.ts'
import { Ehr } from './schema.ts'

/** What became of a Bundle. */
export interface Imported {
  /** Without hazards and conflicts: FHIR knows neither. */
  readonly ehr: Ehr
  /** One line for each thing that was left out or changed; equal ones are counted. */
  readonly warnings: readonly string[]
}

const TYPES = new Set(['collection', 'transaction'])
// They say who and where, and hold nothing that a record shows. Names of people are not taken over.
const SILENT = new Set(['Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Organization', 'Location', 'Medication'])

/**
 * Makes a case's record of a FHIR R4 Bundle.
 *
 * Conditions, medications that are taken, allergies and observations become entries of their own; procedures,
 * immunizations, plain-text documents and clinical impressions become notes. Resources of other types, entries without
 * words or date and what was entered in error are left out with a warning. Names of people that the Bundle holds are
 * replaced in every text by `[name]`.
 *
 * @param asOf the record's date as YYYY-MM-DD; without it the day of the Bundle's timestamp, otherwise the latest date that an entry has
 * @throws Error when the data is no Bundle of type collection or transaction, holds several patients, or when there is no date at all
 */
export function ehrOfBundle(data: unknown, asOf?: string): Imported {
  const parsed = Bundle.safeParse(data)
  if (!parsed.success) throw new Error(`import requires a FHIR R4 Bundle, got:\n${z.prettifyError(parsed.error)}`)
  const bundle = parsed.data
  if (!TYPES.has(bundle.type)) throw new Error(`import requires a Bundle of type collection or transaction, got ${bundle.type}`)
  const patients = (bundle.entry ?? []).filter(({ resource }) => resource?.resourceType === 'Patient').length
  if (patients > 1) throw new Error(`import requires the record of one patient, got a Bundle with ${patients}`)
  const resolve = resolver(bundle)
  const readings = (bundle.entry ?? []).map(({ resource }, i): Reading => {
    if (resource == null) return { warnings: [`entry ${i} has no resource`] }
    const type = resource.resourceType
    if (SILENT.has(type)) return {}
    if (!isRecordType(type)) return { warnings: [`left out: a record has no place for ${type}`] }
    const read = RESOURCES[type].safeParse(resource)
    if (!read.success) {
      const [issue] = read.error.issues
      return { warnings: [`left out: ${type} ${resource.id ?? `at entry ${i}`}: ${issue?.path.join('.')}: ${issue?.message}`] }
    }
    const reader: EntryReader<never> = READERS[type]
    return reader(read.data as never, resolve)
  })
  return assembled(readings, namesIn(bundle), asOf ?? bundle.timestamp?.slice(0, 10))
}

function isRecordType(type: string): type is RecordType {
  return Object.hasOwn(RESOURCES, type)
}

function assembled(readings: readonly Reading[], names: readonly string[], asOf: string | undefined): Imported {
  const used = new Set<string>()
  const clean = cleaner(names)
  const part = <T extends object>(entries: readonly { id: string | null | undefined; name: string; entry: T }[]) =>
    entries.map(({ id, name, entry }) => ({ id: freshId(id, clean.text(name), used), ...clean.fields(entry) }))
  const conditions = readings.flatMap((reading) => reading.conditions ?? [])
  const medications = readings.flatMap((reading) => reading.medications ?? [])
  const allergies = readings.flatMap((reading) => reading.allergies ?? [])
  const observations = readings.flatMap((reading) => reading.observations ?? [])
  const notes = readings.flatMap((reading) => reading.notes ?? [])
  const date =
    asOf ??
    [...observations, ...notes]
      .map(({ entry }) => entry.date)
      .toSorted()
      .at(-1)
  if (date === undefined) throw new Error('import requires a Bundle with a dated entry, or --as-of with a date, got neither')
  const ehr = {
    asOf: date,
    conditions: part(conditions),
    medications: part(medications),
    allergies: part(allergies),
    observations: part(observations),
    notes: part(notes),
    hazards: [],
    conflicts: [],
  }
  const held = Ehr.safeParse(ehr)
  if (!held.success) throw new Error(`import requires entries that a record can hold, got:\n${z.prettifyError(held.error)}`)
  return { ehr: held.data, warnings: counted([...readings.flatMap((reading) => reading.warnings ?? []), ...clean.warnings()]) }
}

/** A resource's own id where it is in words; an id made of the entry's words otherwise. */
function freshId(given: string | null | undefined, name: string, used: Set<string>): string {
  const own =
    given != null && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(given) && given.length <= 60 && /[a-z]{2}/.test(given) && !isUuid(given)
  const base = own ? given : slug(name)
  let id = base
  for (let n = 2; used.has(id); n++) id = `${base}-${n}`
  used.add(id)
  return id
}

function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(id)
}

function slug(name: string): string {
  const latin = words(name).map((word) => word.replaceAll(/[^a-z0-9]/g, ''))
  return (
    latin
      .filter((word) => word !== '')
      .slice(0, 4)
      .join('-')
      .slice(0, 50)
      .replace(/-$/, '') || 'entry'
  )
}

/** Takes names of people and marks of templates out of texts, and remembers that it did. */
function cleaner(names: readonly string[]) {
  const escaped = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  const named =
    names.length === 0 ? undefined : new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${escaped.join('|')})(?![\p{L}\p{N}])`, 'gu')
  let replaced = 0
  const text = (value: string) =>
    value
      .replaceAll(named ?? /(?!)/g, () => {
        replaced++
        return '[name]'
      })
      .replaceAll(/\{(?=[{%#])/g, '{ ')
      .replaceAll(/\s+/g, ' ')
      .trim()
  return {
    text,
    fields: <T extends object>(entry: T): T =>
      Object.fromEntries(
        Object.entries(entry).map(([key, value]) => [key, typeof value === 'string' ? text(value) : value]),
      ) as T,
    warnings: () => Array.from({ length: replaced }, () => 'a name of a person in a text was replaced by [name]'),
  }
}

function counted(warnings: readonly string[]): string[] {
  const counts = Map.groupBy(warnings, (warning) => warning)
  return [...counts].map(([warning, { length }]) => (length === 1 ? warning : `${warning} (${length} times)`))
}
