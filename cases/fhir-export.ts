import type { Case, Ehr } from './schema.ts'
import { sha256Of } from './sha256.ts'

const LOINC = 'http://loinc.org'
const TERMS = 'http://terminology.hl7.org/CodeSystem'
const PRESSURE = /^(\d+)\/(\d+)$/
const DATE = /^\d{4}(-\d{2}(-\d{2})?)?$/

/**
 * A case's record as a FHIR R4 Bundle of type collection, marked as test data, with a Patient who has no name.
 *
 * `ehrOfBundle` makes of it a record that reads the same to a clinician. Hazards and conflicts stay behind: they are the
 * benchmark's reference and FHIR has no place for them. Addresses depend on the case alone, so equal cases give equal Bundles.
 */
export function bundleOfCase({ id, patient, ehr }: Pick<Case, 'id' | 'patient' | 'ehr'>) {
  const urn = (entry: string) => `urn:uuid:${uuidOf(`${id}/${entry}`)}`
  const subject = { reference: urn('patient') }
  const gender = patient.sexAtBirth === 'intersex' ? 'other' : patient.sexAtBirth
  const resources = [
    ...ehr.conditions.map((entry) => conditionOf(entry, subject)),
    ...ehr.medications.map((entry) => medicationOf(entry, subject)),
    ...ehr.allergies.map((entry) => allergyOf(entry, subject)),
    ...ehr.observations.map((entry) => observationOf(entry, subject)),
    ...ehr.notes.map((entry) => noteOf(entry, subject)),
  ]
  return {
    resourceType: 'Bundle' as const,
    meta: { tag: [{ system: `${TERMS}/v3-ActReason`, code: 'HTEST', display: 'test health data' }] },
    type: 'collection' as const,
    timestamp: `${ehr.asOf}T00:00:00Z`,
    entry: [
      { fullUrl: subject.reference, resource: { resourceType: 'Patient' as const, id: 'patient', gender } },
      ...resources.map((resource) => ({ fullUrl: urn(resource.id), resource })),
    ],
  }
}

interface Subject {
  readonly reference: string
}

function conditionOf({ id, text, since }: Ehr['conditions'][number], subject: Subject) {
  return {
    resourceType: 'Condition' as const,
    id,
    clinicalStatus: { coding: [{ system: `${TERMS}/condition-clinical`, code: 'active' }] },
    code: { text },
    subject,
    ...(since === undefined ? {} : DATE.test(since) ? { onsetDateTime: since } : { onsetString: since }),
  }
}

function medicationOf({ id, text, dose, since }: Ehr['medications'][number], subject: Subject) {
  return {
    resourceType: 'MedicationRequest' as const,
    id,
    status: 'active' as const,
    intent: 'order' as const,
    medicationCodeableConcept: { text },
    subject,
    ...(since === undefined ? {} : DATE.test(since) ? { authoredOn: since } : { note: [{ text: `since ${since}` }] }),
    ...(dose === undefined ? {} : { dosageInstruction: [{ text: dose }] }),
  }
}

function allergyOf({ id, substance, reaction, severity }: Ehr['allergies'][number], subject: Subject) {
  return {
    resourceType: 'AllergyIntolerance' as const,
    id,
    clinicalStatus: { coding: [{ system: `${TERMS}/allergyintolerance-clinical`, code: 'active' }] },
    code: { text: substance },
    patient: subject,
    reaction: [{ manifestation: [{ text: reaction }], ...(severity === 'unknown' ? {} : { severity }) }],
  }
}

function observationOf({ id, name, value, unit, date }: Ehr['observations'][number], subject: Subject) {
  const [, systolic, diastolic] = PRESSURE.exec(value) ?? []
  const pressure = unit === 'mmHg' && systolic !== undefined && diastolic !== undefined
  return {
    resourceType: 'Observation' as const,
    id,
    status: 'final' as const,
    code: { text: name, ...(pressure ? { coding: [{ system: LOINC, code: '85354-9' }] } : {}) },
    subject,
    effectiveDateTime: date,
    ...(pressure
      ? { component: [partOf('8480-6', 'Systolic', systolic), partOf('8462-4', 'Diastolic', diastolic)] }
      : // JSON has no trailing zeros, and a record may hold `60, paced`: what a number would change goes as text.
        String(Number(value)) === value
        ? { valueQuantity: { value: Number(value), ...(unit === undefined ? {} : { unit }) } }
        : { valueString: [value, unit].filter((part) => part !== undefined).join(' ') }),
  }
}

function partOf(loinc: string, display: string, value: string) {
  return {
    code: { text: display, coding: [{ system: LOINC, code: loinc }] },
    valueQuantity: { value: Number(value), unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
  }
}

function noteOf({ id, date, author, text }: Ehr['notes'][number], subject: Subject) {
  return {
    resourceType: 'DocumentReference' as const,
    id,
    contained: [{ resourceType: 'PractitionerRole' as const, id: 'author', code: [{ text: author }] }],
    status: 'current' as const,
    subject,
    date: `${date}T00:00:00Z`,
    author: [{ reference: '#author' }],
    content: [{ attachment: { contentType: 'text/plain; charset=utf-8', data: Buffer.from(text).toString('base64') } }],
  }
}

/** A UUID of version 8 (RFC 9562) out of a hash. */
function uuidOf(name: string): string {
  const hex = sha256Of(name)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
