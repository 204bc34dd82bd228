import { z } from 'zod'

// FHIR R4 (4.0.1), and of it only what a case's record can hold. Fields that are not named here are ignored, not refused.
// Nullish throughout: exporters write `null` where they mean nothing.
const text = z.string().nullish()
const Coding = z.object({ system: text, code: text, display: text })

/** A coded word: its own text, or the display of one of its codes. */
export const CodeableConcept = z.object({ text, coding: z.array(Coding).nullish() })
export type CodeableConcept = z.infer<typeof CodeableConcept>

const concept = CodeableConcept.nullish()
const Reference = z.object({ reference: text, display: text })
const Quantity = z.object({ value: z.number().nullish(), comparator: text, unit: text, code: text })
const Annotation = z.object({ text: z.string() })
const period = z.object({ start: text }).nullish()

/** What every resource may have: an id, and resources that live only inside it. */
const resource = {
  id: text,
  contained: z.array(z.looseObject({ resourceType: z.string(), id: text })).nullish(),
}

const Dosage = z.object({
  text,
  asNeededBoolean: z.boolean().nullish(),
  timing: z
    .object({
      code: concept,
      repeat: z.object({ frequency: z.number().nullish(), period: z.number().nullish(), periodUnit: text }).nullish(),
    })
    .nullish(),
  doseAndRate: z.array(z.object({ doseQuantity: Quantity.nullish() })).nullish(),
})
export type Dosage = z.infer<typeof Dosage>

const value = {
  valueQuantity: Quantity.nullish(),
  valueString: text,
  valueInteger: z.number().nullish(),
  valueBoolean: z.boolean().nullish(),
  valueCodeableConcept: concept,
}
/** The value of an observation, or of a component of one. */
export type ObservationValue = z.infer<z.ZodObject<typeof value>>

const medication = {
  ...resource,
  status: text,
  medicationCodeableConcept: concept,
  medicationReference: Reference.nullish(),
  note: z.array(Annotation).nullish(),
}

/** The resource types that a record is made of, each as far as it is read. */
export const RESOURCES = {
  Condition: z.object({
    ...resource,
    ...{ code: concept, clinicalStatus: concept, verificationStatus: concept },
    ...{ onsetDateTime: text, onsetString: text, onsetPeriod: period, abatementDateTime: text },
  }),
  MedicationRequest: z.object({ ...medication, authoredOn: text, dosageInstruction: z.array(Dosage).nullish() }),
  MedicationStatement: z.object({
    ...medication,
    ...{ effectiveDateTime: text, effectivePeriod: period, dosage: z.array(Dosage).nullish() },
  }),
  AllergyIntolerance: z.object({
    ...resource,
    ...{ code: concept, clinicalStatus: concept, verificationStatus: concept },
    reaction: z
      .array(z.object({ substance: concept, manifestation: z.array(CodeableConcept).nullish(), severity: text }))
      .nullish(),
  }),
  Observation: z.object({
    ...resource,
    ...value,
    ...{ status: text, code: concept, effectiveDateTime: text, effectivePeriod: period, effectiveInstant: text },
    component: z.array(z.object({ code: concept, ...value })).nullish(),
  }),
  Procedure: z.object({
    ...resource,
    ...{ status: text, code: concept, performedDateTime: text, performedPeriod: period },
  }),
  Immunization: z.object({ ...resource, status: text, vaccineCode: concept, occurrenceDateTime: text }),
  DocumentReference: z.object({
    ...resource,
    ...{ status: text, date: text, type: concept, author: z.array(Reference).nullish() },
    content: z.array(z.object({ attachment: z.object({ contentType: text, data: text, url: text }) })),
  }),
  ClinicalImpression: z.object({
    ...resource,
    ...{ status: text, date: text, effectiveDateTime: text, assessor: Reference.nullish(), summary: text, description: text },
    note: z.array(Annotation).nullish(),
  }),
} as const
export type RecordType = keyof typeof RESOURCES
export type ResourceOf<T extends RecordType> = z.infer<(typeof RESOURCES)[T]>

/** A medication that others refer to; one without a code is named by what it holds. */
export const Medication = z.object({
  code: concept,
  contained: resource.contained,
  ingredient: z.array(z.object({ itemCodeableConcept: concept, itemReference: Reference.nullish() })).nullish(),
})

/** Who wrote a note: only the role is read. */
export const PractitionerRole = z.object({
  code: z.array(CodeableConcept).nullish(),
  specialty: z.array(CodeableConcept).nullish(),
})

/** A person: read only to keep the name out of the record. */
export const Named = z.object({
  name: z.array(z.object({ text, family: text, given: z.array(z.string()).nullish() })).nullish(),
})

/** A Bundle, its resources unread. */
export const Bundle = z.object({
  resourceType: z.literal('Bundle'),
  type: z.string(),
  timestamp: text,
  entry: z
    .array(z.object({ fullUrl: text, resource: z.looseObject({ resourceType: z.string(), id: text }).nullish() }))
    .nullish(),
})
export type Bundle = z.infer<typeof Bundle>
