import { medicationName, type Resolve, roleOf, wordsOf } from './fhir-references.ts'
import type { Dosage, ObservationValue, RecordType, ResourceOf } from './fhir-resources.ts'
import type { Ehr } from './schema.ts'

interface Found<T> {
  /** The resource's own id. */
  readonly id: string | null | undefined
  /** The words to make an id of. */
  readonly name: string
  readonly entry: Omit<T, 'id'>
}

/** What one resource gave: entries of the record, or warnings, or both. */
export interface Reading {
  readonly conditions?: readonly Found<Ehr['conditions'][number]>[]
  readonly medications?: readonly Found<Ehr['medications'][number]>[]
  readonly allergies?: readonly Found<Ehr['allergies'][number]>[]
  readonly observations?: readonly Found<Ehr['observations'][number]>[]
  readonly notes?: readonly Found<Ehr['notes'][number]>[]
  readonly warnings?: readonly string[]
}

/** Turns one resource into entries. It never throws. */
export type EntryReader<R> = (resource: R, resolve: Resolve) => Reading

/** One reader for each resource type that a record is made of. */
export const READERS: { readonly [T in RecordType]: EntryReader<ResourceOf<T>> } = {
  Condition: condition,
  MedicationRequest: (one, resolve) => medication('MedicationRequest', one, one.authoredOn, one.dosageInstruction, resolve),
  MedicationStatement: (one, resolve) =>
    medication('MedicationStatement', one, one.effectiveDateTime ?? one.effectivePeriod?.start, one.dosage, resolve),
  AllergyIntolerance: allergy,
  Observation: observation,
  Procedure: (one) =>
    dated('Procedure', one, one.performedDateTime ?? one.performedPeriod?.start, 'list of procedures', wordsOf(one.code), [
      'completed',
    ]),
  Immunization: (one) =>
    dated('Immunization', one, one.occurrenceDateTime, 'list of immunizations', wordsOf(one.vaccineCode), ['completed']),
  DocumentReference: documentNote,
  ClinicalImpression: impression,
}

const TAKEN = new Set(['active', 'on-hold', 'intended', 'unknown'])
const WITHDRAWN = new Set(['entered-in-error', 'refuted'])
const SEVERITIES = ['severe', 'moderate', 'mild'] as const
const NO_KNOWN_ALLERGY = /^no known (?:\w+ )?(?:allerg|intoleranc)|^nka$/i
const [SYSTOLIC, DIASTOLIC] = ['8480-6', '8462-4']

function leftOut(type: RecordType, why: string): Reading {
  return { warnings: [`left out: ${type} ${why}`] }
}

function condition(one: ResourceOf<'Condition'>): Reading {
  const name = wordsOf(one.code)
  if (name === undefined) return leftOut('Condition', 'without words or code')
  const withdrawn = codeOf(one.verificationStatus)
  if (WITHDRAWN.has(withdrawn)) return leftOut('Condition', withdrawn)
  const status = codeOf(one.clinicalStatus)
  const ended = ['resolved', 'inactive', 'remission'].includes(status)
  const until = one.abatementDateTime ? ` ${one.abatementDateTime.slice(0, 10)}` : ''
  const since = one.onsetString ?? (one.onsetDateTime ?? one.onsetPeriod?.start)?.slice(0, 10)
  return {
    conditions: [
      { id: one.id, name, entry: { text: ended ? `${name} (${status}${until})` : name, ...(since ? { since } : {}) } },
    ],
  }
}

function medication(
  type: 'MedicationRequest' | 'MedicationStatement',
  one: Pick<
    ResourceOf<'MedicationRequest'>,
    'id' | 'status' | 'contained' | 'note' | 'medicationCodeableConcept' | 'medicationReference'
  >,
  from: string | null | undefined,
  dosages: readonly Dosage[] | null | undefined,
  resolve: Resolve,
): Reading {
  if (one.status && !TAKEN.has(one.status)) return leftOut(type, `with status ${one.status}`)
  try {
    const reference = one.medicationReference?.reference
    const name =
      wordsOf(one.medicationCodeableConcept) ??
      (reference ? medicationName(reference, one, resolve) : undefined) ??
      one.medicationReference?.display
    if (!name) return leftOut(type, 'without a medication that has words or a code')
    const [first] = dosages ?? []
    const dose = first === undefined ? undefined : doseText(first)
    const noted = one.note?.map(({ text }) => /^since (.+)$/.exec(text)?.[1]).find((text) => text !== undefined)
    const since = from?.slice(0, 10) ?? noted
    return { medications: [{ id: one.id, name, entry: { text: name, ...(dose ? { dose } : {}), ...(since ? { since } : {}) } }] }
  } catch (error) {
    return leftOut(type, (error as Error).message)
  }
}

/** The dose in words: as written, otherwise made of its numbers; undefined when there are none. */
function doseText({ text, timing, asNeededBoolean, doseAndRate }: Dosage): string | undefined {
  if (text) return text
  const quantity = doseAndRate?.[0]?.doseQuantity
  const { frequency, period, periodUnit } = timing?.repeat ?? {}
  const units: Record<string, string> = { h: 'hour', d: 'day', wk: 'week', mo: 'month' }
  const unit = units[periodUnit ?? '']
  const times = frequency === 1 ? 'once' : frequency === 2 ? 'twice' : `${frequency} times`
  const each = period === 1 ? `a ${unit}` : `every ${period} ${unit}s`
  const often = frequency != null && period != null && unit !== undefined ? `${times} ${each}` : wordsOf(timing?.code)
  const much = quantity?.value == null ? undefined : `${quantity.value} ${quantity.unit ?? 'dose(s)'}`
  return [much, often, asNeededBoolean ? 'when needed' : undefined].filter((part) => part !== undefined).join(' ') || undefined
}

function allergy(one: ResourceOf<'AllergyIntolerance'>): Reading {
  const substance = wordsOf(one.code) ?? one.reaction?.map((each) => wordsOf(each.substance)).find((words) => words !== undefined)
  if (substance === undefined) return leftOut('AllergyIntolerance', 'without words or code')
  if (NO_KNOWN_ALLERGY.test(substance)) return leftOut('AllergyIntolerance', 'that says that there is none')
  const status = [codeOf(one.verificationStatus), codeOf(one.clinicalStatus)].find(
    (code) => WITHDRAWN.has(code) || code === 'resolved',
  )
  if (status !== undefined) return leftOut('AllergyIntolerance', status)
  const shown = (one.reaction ?? []).flatMap((each) => each.manifestation ?? []).flatMap((each) => wordsOf(each) ?? [])
  const severity = SEVERITIES.find((level) => one.reaction?.some((each) => each.severity === level)) ?? 'unknown'
  const reaction = shown.length > 0 ? shown.join(', ') : 'reaction not recorded'
  return { allergies: [{ id: one.id, name: substance, entry: { substance, reaction, severity } }] }
}

function observation(one: ResourceOf<'Observation'>): Reading {
  const name = wordsOf(one.code)
  if (name === undefined) return leftOut('Observation', 'without words or code')
  if (one.status && ['entered-in-error', 'cancelled', 'registered'].includes(one.status))
    return leftOut('Observation', `with status ${one.status}`)
  const date = dayOf(one.effectiveDateTime ?? one.effectiveInstant ?? one.effectivePeriod?.start)
  if (date === undefined) return leftOut('Observation', 'without a full date')
  const measured = valueIn(one) ?? pressureOf(one) ?? componentsOf(one)
  if (measured === undefined) return leftOut('Observation', 'without a value that is a quantity, a word or a yes or no')
  return { observations: [{ id: one.id, name, entry: { name, ...measured, date } }] }
}

interface Measured {
  readonly value: string
  readonly unit?: string
}

function valueIn(one: ObservationValue): Measured | undefined {
  const { value, comparator, unit, code } = one.valueQuantity ?? {}
  if (value != null) return measured(`${comparator ?? ''}${value}`, unit ?? code)
  const plain = one.valueString ?? wordsOf(one.valueCodeableConcept) ?? one.valueInteger?.toString()
  if (plain) return { value: plain }
  return one.valueBoolean == null ? undefined : { value: one.valueBoolean ? 'yes' : 'no' }
}

function measured(value: string, unit: string | null | undefined): Measured {
  // UCUM writes annotations in braces and pressure as mm[Hg].
  const plain = unit?.replaceAll(/[{}]/g, '').replace('mm[Hg]', 'mmHg')
  return plain ? { value, unit: plain } : { value }
}

function pressureOf({ component }: ResourceOf<'Observation'>): Measured | undefined {
  const part = (loinc: string | undefined) => component?.find(({ code }) => code?.coding?.some((coding) => coding.code === loinc))
  const [systolic, diastolic] = [part(SYSTOLIC), part(DIASTOLIC)].map((one) => one && valueIn(one))
  if (systolic === undefined || diastolic === undefined) return undefined
  return measured(`${systolic.value}/${diastolic.value}`, systolic.unit)
}

function componentsOf({ component }: ResourceOf<'Observation'>): Measured | undefined {
  const parts = (component ?? []).flatMap((one) => {
    const [name, found] = [wordsOf(one.code), valueIn(one)]
    return name === undefined || found === undefined ? [] : [[name, found.value, found.unit].filter(Boolean).join(' ')]
  })
  return parts.length > 0 ? { value: parts.join('; ') } : undefined
}

/** Something that happened on a day, as a note. */
function dated(
  type: 'Procedure' | 'Immunization',
  one: { readonly id?: string | null | undefined; readonly status?: string | null | undefined },
  when: string | null | undefined,
  author: string,
  text: string | undefined,
  done: readonly string[],
): Reading {
  if (one.status && !done.includes(one.status)) return leftOut(type, `with status ${one.status}`)
  const date = dayOf(when)
  if (text === undefined || date === undefined) return leftOut(type, 'without words or a full date')
  return { notes: [{ id: one.id, name: text, entry: { date, author, text } }] }
}

function documentNote(one: ResourceOf<'DocumentReference'>, resolve: Resolve): Reading {
  if (one.status && one.status !== 'current') return leftOut('DocumentReference', `with status ${one.status}`)
  const plain = one.content.find(({ attachment }) => /^text\/plain\b/.test(attachment.contentType ?? '') && attachment.data)
  if (plain?.attachment.data == null) return leftOut('DocumentReference', 'without plain text inside (text/plain data)')
  const text = Buffer.from(plain.attachment.data, 'base64').toString('utf8').trim()
  return written(
    'DocumentReference',
    one.id,
    dayOf(one.date),
    one.author?.map((each) => roleOf(each.reference, one, resolve)),
    text,
  )
}

function impression(one: ResourceOf<'ClinicalImpression'>, resolve: Resolve): Reading {
  if (one.status === 'entered-in-error') return leftOut('ClinicalImpression', one.status)
  const text = [one.description, one.summary, ...(one.note ?? []).map((note) => note.text)].filter(Boolean).join(' ')
  const date = dayOf(one.date ?? one.effectiveDateTime)
  return written(
    'ClinicalImpression',
    one.id,
    date,
    one.assessor ? [roleOf(one.assessor.reference, one, resolve)] : undefined,
    text,
  )
}

function written(
  type: 'DocumentReference' | 'ClinicalImpression',
  id: string | null | undefined,
  date: string | undefined,
  roles: readonly (string | undefined)[] | undefined,
  text: string,
): Reading {
  if (text === '' || date === undefined) return leftOut(type, 'without words or a full date')
  const role = roles?.find((each) => each !== undefined)
  return {
    notes: [{ id, name: role ?? 'note', entry: { date, author: role ?? 'clinician', text } }],
    ...(role === undefined ? { warnings: ['a note has no author with a role; written as: clinician'] } : {}),
  }
}

function codeOf(concept: ResourceOf<'Condition'>['clinicalStatus']): string {
  return concept?.coding?.[0]?.code ?? ''
}

/** The day of a FHIR date or time; undefined for a year or a month alone, since a day must not be invented. */
function dayOf(when: string | null | undefined): string | undefined {
  return /^\d{4}-\d{2}-\d{2}/.exec(when ?? '')?.[0]
}
