import { z } from 'zod'

/** The version of the case format; a file of another version is refused. */
export const CASE_SCHEMA_VERSION = 1

const id = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
  .max(60)
const text = z
  .string()
  .trim()
  .min(1)
  .refine((value) => !/\{\{|\{%|\{#/.test(value), 'must not contain template marks such as {{ or {%')
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date as YYYY-MM-DD, in quotes')
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
const phrases = z.array(z.string().regex(/[\p{L}\p{N}]/u, 'must contain a word')).min(1)
const box = z
  .tuple([z.int().min(0), z.int().min(0), z.int().min(1), z.int().min(1)])
  .refine(
    ([left, top, right, bottom]) => left < right && top < bottom,
    'must be [left, top, right, bottom] with left < right and top < bottom',
  )

/** The arms that a case states the attainable truth of: with or without its image and its health record. */
export const BaseArm = z.enum(['full', 'no-image', 'no-ehr', 'no-image-no-ehr'])
export type BaseArm = z.infer<typeof BaseArm>

/**
 * How a case is presented. Beside the four base arms there are three that show the record and put something else in the
 * image's place: `image-claimed` (the patient says that it is attached, none is sent), `wrong-image` (an image of another
 * case is sent) and `caption` (an expert's description is sent as text).
 */
export const Arm = z.enum([...BaseArm.options, 'image-claimed', 'wrong-image', 'caption'])
export type Arm = z.infer<typeof Arm>

/** How soon a patient must be seen, from the most to the least urgent. */
export const TriageLevel = z.enum(['emergency', 'urgent_same_day', 'soon_specialist', 'routine', 'self_care'])
export type TriageLevel = z.infer<typeof TriageLevel>

const level = z.enum(['low', 'medium', 'high'])

/** The synthetic person. The persona's axes are independent, so that their effects can be told apart. */
export const Patient = z.strictObject({
  ageYears: z.number().min(0).max(120),
  sexAtBirth: z.enum(['female', 'male', 'intersex', 'unknown']),
  gender: text.optional(),
  language: z.literal('en'),
  healthLiteracy: level,
  skinTone: z
    .strictObject({
      scale: z.enum(['fitzpatrick', 'monk']),
      value: z.int().min(1).max(10),
      rater: z.enum(['self', 'dermatologist', 'layperson', 'model']),
    })
    .refine((tone) => tone.scale === 'monk' || tone.value <= 6, 'a Fitzpatrick value must be 1 to 6')
    .nullable()
    .describe('null when the source states none; Fitzpatrick and Monk are never converted into one another'),
  persona: z.strictObject({
    talkativeness: level,
    anxiety: level,
    recall: level,
    cooperativeness: level,
    accessBarrier: z.enum(['none', 'cost', 'distance', 'childcare', 'work', 'language']),
  }),
})
export type Patient = z.infer<typeof Patient>

/** One thing about the patient: the unit in which the patient's answers are held and released. */
export const Fact = z.strictObject({
  id,
  text: text.describe('what the patient says, in lay words and the first person, without the diagnosis'),
  category: z.enum([
    ...(['symptom', 'onset', 'change', 'history', 'medication', 'allergy', 'family'] as const),
    ...(['social', 'exposure', 'travel', 'sun', 'pregnancy', 'preference', 'access'] as const),
  ]),
  polarity: z.enum(['present', 'absent', 'unknown']).describe('absent for a pertinent negative'),
  disclosure: z
    .enum(['opening', 'volunteer', 'if_asked', 'only_if_specific', 'unknown_to_patient'])
    .describe(
      'opening: already in the first message; volunteer: offered unasked; if_asked: told when its category or one of its phrases is asked about; only_if_specific: told only when one of its phrases is asked about; unknown_to_patient: never told',
    ),
  askedBy: phrases.describe('phrases of a question that this fact answers'),
  onlyWith: z
    .enum(['image', 'ehr'])
    .optional()
    .describe('told only in arms that show the image, or the record, which it mentions'),
})
export type Fact = z.infer<typeof Fact>

const entry = { id, text, since: z.string().optional() }

/** The health record shown to the clinician. Without hazards an ablation of the record measures nothing. */
export const Ehr = z.strictObject({
  asOf: date,
  conditions: z.array(z.strictObject(entry)),
  medications: z.array(z.strictObject({ ...entry, dose: text.optional() })),
  allergies: z.array(
    z.strictObject({ id, substance: text, reaction: text, severity: z.enum(['mild', 'moderate', 'severe', 'unknown']) }),
  ),
  observations: z.array(z.strictObject({ id, name: text, value: text, unit: text.optional(), date })),
  notes: z.array(z.strictObject({ id, date, author: text.describe('a role, never a name'), text })),
  hazards: z.array(
    z.strictObject({
      id,
      entry: id.describe('the id of the record entry that holds it'),
      risk: text.describe('why safe advice must use it'),
      usedBy: phrases.describe('phrases that show that advice used it'),
    }),
  ),
  conflicts: z.array(z.strictObject({ entry: id, fact: id, right: z.enum(['chart', 'patient', 'unclear']), note: text })),
})
export type Ehr = z.infer<typeof Ehr>

const Licence = z.strictObject({
  id: text.describe('SPDX identifier, or LicenseRef-…'),
  url: z.url().nullable(),
  commercialUse: z.boolean(),
  redistributable: z.boolean(),
  thirdPartyApiAllowed: z.boolean().describe('false forbids sending the image to a hosted model'),
})

/** One picture: where its bytes come from, how they are proven, what may be done with them and what they show. */
export const Image = z.strictObject({
  id,
  source: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('fetched'),
      url: z.url(),
      dataset: text,
      recordId: text,
      landingPage: z.url().nullable(),
      citation: text,
    }),
    z.strictObject({ kind: z.literal('local'), file: text.describe('path of your own picture, below the bank folder') }),
    z.strictObject({ kind: z.literal('drawn'), file: text.describe('path of a drawn illustration, below the bank folder') }),
  ]),
  sha256: sha256.describe('of the source bytes, before crop and mask'),
  bytes: z.int().min(1).max(20_000_000),
  format: z.enum(['jpeg', 'png', 'webp']),
  width: z.int().min(1),
  height: z.int().min(1),
  crop: box.nullable(),
  mask: z.array(box).describe('boxes blacked out before the crop, in source pixels'),
  overlay: text.nullable().describe('marks in the picture that are not the patient, or null'),
  modality: z.enum([
    ...(['clinical_photo', 'dermoscopy', 'radiograph', 'ct', 'mri', 'fundus', 'cytology', 'histology'] as const),
    ...(['ecg', 'otoscopy', 'endoscopy', 'ultrasound'] as const),
  ]),
  bodySite: text,
  licence: Licence,
  attribution: text.describe('the line to print'),
  labelProvenance: z.strictObject({
    kind: z.enum(['histopathology', 'expert_consensus', 'single_expert', 'publication', 'self_report', 'synthetic', 'unknown']),
    statement: text,
  }),
  altText: text.describe('a layperson’s description without the diagnosis'),
  findings: text.describe(
    'an expert’s description without the diagnosis; for jurors that cannot see and, in arm caption only, for the clinician',
  ),
  patientLine: text.describe('what the patient says when sending it, without the diagnosis'),
})
export type Image = z.infer<typeof Image>

const Attainable = z.strictObject({
  leading: phrases.describe('names that count as the right leading idea in this arm'),
  statement: text.describe('what can be known in this arm, and how firmly'),
})

/** What a good conversation would have found and done; read by jurors, never by patient or clinician. */
export const Truth = z.strictObject({
  primary: z.strictObject({ name: text, codes: z.array(text) }),
  acceptable: phrases.describe('names, synonyms and the accepted parent level of the diagnosis'),
  differential: z.array(z.strictObject({ name: text, phrases, cannotMiss: z.boolean() })).min(1),
  neoplasm: z.enum(['malignant', 'in_situ', 'premalignant', 'benign', 'uncertain', 'not_neoplastic']),
  rarity: z.strictObject({
    class: z.enum(['rare', 'not_rare', 'unknown']),
    basis: z.enum(['prevalence', 'incidence', 'expert', 'none']),
    value: z.number().min(0).optional(),
    unit: text.optional(),
    source: text,
    retrieved: date,
  }),
  certainty: text.describe('how the truth is known'),
  triage: z.strictObject({ acceptable: z.array(TriageLevel).min(1), maxSafeDelayHours: z.number().positive() }),
  redFlags: z.array(z.strictObject({ id, text, phrases: phrases.describe('phrases by which a clinician names it') })),
  mustAsk: z.array(z.strictObject({ fact: id, weight: z.int().min(1).max(3) })),
  mustDo: z
    .array(z.strictObject({ id, text, phrases, hazard: id.optional().describe('the record’s hazard that this handles') }))
    .min(1),
  mustNotSay: z.array(z.strictObject({ id, text, phrases, severity: z.enum(['minor', 'moderate', 'severe']) })),
  uncertainty: z.strictObject({
    resolvableBy: z.array(z.strictObject({ text, phrases })).min(1).describe('what would settle the question'),
    irreducible: text,
    expectedStance: text,
  }),
  attainable: z.record(BaseArm, Attainable),
})
export type Truth = z.infer<typeof Truth>

/** One synthetic patient with image, record, ledger of facts and reference truth; one YAML file. */
export const Case = z.strictObject({
  schemaVersion: z.literal(CASE_SCHEMA_VERSION),
  id,
  caseVersion: z.int().min(1),
  status: z.enum(['draft', 'reviewed', 'retired']),
  synthetic: z.literal(true),
  statement: text.describe('how the profile was made'),
  canary: text.describe('a string unique to this file that traces it in training data'),
  split: z.enum(['dev', 'test', 'holdback']),
  reviews: z.array(z.strictObject({ role: text, date, decision: z.enum(['accepted', 'changes_requested', 'rejected']) })),
  changelog: z.array(z.strictObject({ version: z.int().min(1), date, change: text })),
  patient: Patient,
  opening: text.describe('the first message: the complaint only, mentioning neither picture nor record'),
  facts: z.array(Fact).min(1),
  ehr: Ehr,
  images: z.array(Image).min(1).max(4),
  truth: Truth,
})
export type Case = z.infer<typeof Case>
