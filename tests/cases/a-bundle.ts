/** A subject that no Bundle of the tests holds; nothing of it is read. */
export const SUBJECT = { reference: 'urn:uuid:0a1b2c3d-0000-4000-8000-000000000000' }

/** A resource as JSON holds it. */
export interface AnyResource {
  readonly resourceType: string
  readonly id?: string
  readonly [field: string]: unknown
}

/**
 * A Bundle in the shape in which Synthea writes them: type transaction, each resource with a `urn:uuid` address and a request.
 *
 * @param resources in the order of the entries; the address of each is `urn:uuid:` and its id
 */
export function aBundle(...resources: readonly AnyResource[]) {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      fullUrl: `urn:uuid:${resource.id}`,
      resource,
      request: { method: 'POST', url: resource.resourceType },
    })),
  }
}

const at = '2026-03-04T09:30:00+01:00'
const active = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] }
const snomed = (code: string, display: string) => ({
  coding: [{ system: 'http://snomed.info/sct', code, display }],
  text: display,
})
const loinc = (code: string, display: string) => ({ coding: [{ system: 'http://loinc.org', code, display }], text: display })

/** One Bundle for each kind of resource that a record takes in, and what a clinician is to read of it. */
export const ONE_OF_EACH: readonly (readonly [kind: string, bundle: ReturnType<typeof aBundle>, reads: string])[] = [
  [
    'Condition',
    aBundle({
      ...{ resourceType: 'Condition', id: '3f2b1c00-0000-4000-8000-000000000001', clinicalStatus: active, subject: SUBJECT },
      ...{ code: snomed('195967001', 'Asthma (disorder)'), onsetDateTime: '2001-05-06T10:00:00+02:00', recordedDate: at },
    }),
    '- Asthma (since 2001-05-06)',
  ],
  [
    'MedicationRequest with a coded medication',
    aBundle({
      ...{ resourceType: 'MedicationRequest', id: 'metformin', status: 'active', intent: 'order', subject: SUBJECT },
      ...{ medicationCodeableConcept: { text: 'Metformin 500 MG Oral Tablet' }, authoredOn: at },
      dosageInstruction: [
        {
          timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd' } },
          asNeededBoolean: false,
          doseAndRate: [{ doseQuantity: { value: 1 } }],
        },
      ],
    }),
    '- Metformin 500 MG Oral Tablet 1 dose(s) twice a day (since 2026-03-04)',
  ],
  [
    'MedicationRequest with a Medication elsewhere in the Bundle',
    aBundle(
      { ...{ resourceType: 'Medication', id: 'm1' }, ...{ code: { text: 'Warfarin 5 MG Oral Tablet' } } },
      {
        ...{ resourceType: 'MedicationRequest', id: 'r1', status: 'active', intent: 'order', subject: SUBJECT },
        medicationReference: { reference: 'urn:uuid:m1' },
      },
    ),
    '- Warfarin 5 MG Oral Tablet',
  ],
  [
    'MedicationRequest with a contained Medication that is named by what it holds',
    aBundle({
      ...{ resourceType: 'MedicationRequest', id: 'r2', status: 'active', intent: 'order', subject: SUBJECT },
      contained: [
        {
          ...{ resourceType: 'Medication', id: 'mix' },
          ingredient: [{ itemCodeableConcept: { text: 'Sacubitril' } }, { itemReference: { reference: '#valsartan' } }],
        },
        { resourceType: 'Substance', id: 'valsartan', code: { text: 'Valsartan' } },
      ],
      medicationReference: { reference: '#mix' },
    }),
    '- Sacubitril with Valsartan',
  ],
  [
    'MedicationStatement',
    aBundle({
      ...{ resourceType: 'MedicationStatement', id: 'st-johns-wort', status: 'active', subject: SUBJECT },
      ...{ medicationCodeableConcept: { text: 'St John’s wort' }, effectivePeriod: { start: '2025-11' } },
      dosage: [{ text: 'one capsule in the morning' }],
    }),
    '- St John’s wort one capsule in the morning (since 2025-11)',
  ],
  [
    'AllergyIntolerance',
    aBundle({
      ...{ resourceType: 'AllergyIntolerance', id: 'peanut', clinicalStatus: active, patient: SUBJECT, criticality: 'high' },
      code: snomed('762952008', 'Peanut (substance)'),
      reaction: [
        { manifestation: [{ text: 'Hives' }], severity: 'mild' },
        { manifestation: [{ text: 'Wheezing' }], severity: 'severe' },
      ],
    }),
    '- Peanut: Hives, Wheezing (severity severe)',
  ],
  [
    'Observation with a quantity',
    aBundle({
      ...{ resourceType: 'Observation', id: 'egfr', status: 'final', subject: SUBJECT, effectiveDateTime: at },
      ...{ code: loinc('33914-3', 'eGFR'), valueQuantity: { value: 41.5, unit: 'mL/min/{1.73_m2}' } },
    }),
    '- 2026-03-04 eGFR: 41.5 mL/min/1.73_m2',
  ],
  [
    'Observation of a blood pressure in two components',
    aBundle({
      ...{ resourceType: 'Observation', id: 'pressure', status: 'final', subject: SUBJECT, effectiveDateTime: at },
      code: loinc('85354-9', 'Blood pressure'),
      component: [
        { code: loinc('8462-4', 'Diastolic Blood Pressure'), valueQuantity: { value: 87, unit: 'mm[Hg]' } },
        { code: loinc('8480-6', 'Systolic Blood Pressure'), valueQuantity: { value: 131, unit: 'mm[Hg]' } },
      ],
    }),
    '- 2026-03-04 Blood pressure: 131/87 mmHg',
  ],
  [
    'Observation with a coded value',
    aBundle({
      ...{ resourceType: 'Observation', id: 'smoking', status: 'final', subject: SUBJECT, effectiveDateTime: at },
      ...{ code: loinc('72166-2', 'Tobacco smoking status'), valueCodeableConcept: snomed('266919005', 'Never smoked') },
    }),
    '- 2026-03-04 Tobacco smoking status: Never smoked',
  ],
  [
    'Procedure',
    aBundle({
      ...{ resourceType: 'Procedure', id: 'spleen', status: 'completed', subject: SUBJECT },
      ...{ code: snomed('234319005', 'Splenectomy (procedure)'), performedPeriod: { start: '2011-02-03T08:00:00Z' } },
    }),
    '- 2011-02-03 list of procedures: Splenectomy',
  ],
  [
    'Immunization',
    aBundle({
      ...{ resourceType: 'Immunization', id: 'flu', status: 'completed', patient: SUBJECT, occurrenceDateTime: at },
      vaccineCode: { text: 'Influenza vaccine' },
    }),
    '- 2026-03-04 list of immunizations: Influenza vaccine',
  ],
  [
    'DocumentReference',
    aBundle(
      { ...{ resourceType: 'PractitionerRole', id: 'role' }, ...{ code: [{ text: 'Kidney nurse' }] } },
      {
        ...{ resourceType: 'DocumentReference', id: 'letter', status: 'current', subject: SUBJECT, date: at },
        author: [{ reference: 'urn:uuid:role', display: 'Dr. Somebody' }],
        content: [
          {
            attachment: {
              contentType: 'text/plain; charset=utf-8',
              data: Buffer.from('Transplant in 2012.\nNo NSAIDs – ever.').toString('base64'),
            },
          },
        ],
      },
    ),
    '- 2026-03-04 Kidney nurse: Transplant in 2012. No NSAIDs – ever.',
  ],
  [
    'ClinicalImpression',
    aBundle({
      ...{ resourceType: 'ClinicalImpression', id: 'view', status: 'completed', subject: SUBJECT, date: at },
      ...{ summary: 'Stable.', note: [{ text: 'Seen again in May.' }] },
    }),
    '- 2026-03-04 clinician: Stable. Seen again in May.',
  ],
]
