/** What is known of a picture before its case is written. */
export interface MeasuredPicture {
  /** Path below the folder of the case file. */
  readonly file: string
  readonly sha256: string
  readonly bytes: number
  readonly format: string
  readonly width: number
  readonly height: number
}

/** What a new case file begins with. */
export interface NewCase {
  readonly id: string
  /** Path of case.schema.json as the editor finds it from the case file. */
  readonly schema: string
  /** A string that no other file has. */
  readonly canary: string
  /** Today, as YYYY-MM-DD. */
  readonly date: string
  /** The picture, or undefined while there is none; its numbers then hold a place. */
  readonly picture: MeasuredPicture | undefined
}

/**
 * The text of a new case file: every field, with a comment that says what it is for and `TODO` where words are wanted.
 *
 * It is valid by the schema, so that `npm run audit` can say field by field what is left to fill.
 */
export function caseTemplate({ id, schema, canary, date, picture }: NewCase): string {
  return [
    `# yaml-language-server: $schema=${schema}`,
    '# Every TODO is yours to replace; npm run audit -- <folder> lists those that are left. cases/GUIDE.md walks through a case.',
    'schemaVersion: 1',
    `id: ${id} # the file's name; it must not name the diagnosis`,
    'caseVersion: 1',
    'status: draft # reviewed only after a review stands below',
    'synthetic: true # the patient is invented; never copy a real one',
    'statement: "TODO how this profile was made, and what the source of the image states of the patient"',
    `canary: ${canary}`,
    'split: dev # dev, test or holdback',
    'reviews: []',
    `changelog: [{ version: 1, date: "${date}", change: First version. }]`,
    PATIENT,
    FACTS,
    ehrText(date),
    imageText(picture),
    truthText(date),
  ].join('\n')
}

const PATIENT = `patient:
  ageYears: 50
  sexAtBirth: female # female, male, intersex or unknown
  language: en
  healthLiteracy: medium
  skinTone: null # only what the source states: { scale: fitzpatrick | monk, value, rater }
  persona: { talkativeness: medium, anxiety: medium, recall: medium, cooperativeness: medium, accessBarrier: none }
# The complaint only, in lay words; neither picture nor record.
opening: "TODO the patient's first message"`

const FACTS = `# 12 to 25 of them. What the patient can tell, in lay words: also 3 or more that are absent, and a red herring. None names the diagnosis.
# disclosure: opening (in the first message), volunteer (offered), if_asked, only_if_specific (needs one of its phrases),
# unknown_to_patient (never told; in the record at best). askedBy: phrases of a question; bleed* stands for bleeding, bleeds, …
facts:
  - id: how-long
    text: "TODO since when"
    category: onset
    polarity: present
    disclosure: if_asked
    askedBy: [how long, when did it start, first notice*]
  - id: no-fever
    text: "TODO something that is not there, as in: no fever."
    category: symptom
    polarity: absent
    disclosure: if_asked
    askedBy: [fever*, temperature]
  - id: medicines
    text: "TODO what the patient takes, as far as the patient knows"
    category: medication
    polarity: present
    disclosure: if_asked
    askedBy: [medicine*, medication*, tablet*, pill*]`

function ehrText(date: string): string {
  return `# The record. npm run fhir -- import bundle.json writes one from a FHIR Bundle.
ehr:
  asOf: "${date}"
  conditions:
    - { id: first-condition, text: "TODO a condition", since: "2020" }
  medications:
    - { id: first-medicine, text: "TODO a medicine", dose: "TODO a real dose" }
  allergies: [] # { id, substance, reaction, severity: mild | moderate | severe | unknown }
  observations: [] # { id, name, value: "34", unit: mL/min, date: "2026-01-31" }
  notes: [] # { id, date, author: a role and no name, text }
  # At least one entry that changes safe advice and that the patient does not tell; usedBy shows that advice used it.
  hazards:
    - { id: hazard-one, entry: first-medicine, risk: "TODO why safe advice must use it", usedBy: ["TODO a phrase of advice"] }
  conflicts: [] # { entry, fact, right: chart | patient | unclear, note }`
}

function imageText(picture: MeasuredPicture | undefined): string {
  const { file, sha256, bytes, format, width, height } = picture ?? {
    ...{ file: 'TODO.jpg', sha256: '0'.repeat(64), bytes: 1, format: 'jpeg', width: 1, height: 1 },
  }
  return `images:
  - id: first-picture
    # Your own picture lies below this folder; one from the web has kind: fetched, url, dataset, recordId, landingPage, citation.
    source: { kind: local, file: ${JSON.stringify(file)} }
    # Of the file as it is. npm run new-case -- <folder>/<id> --image <file> measures them.
    sha256: "${sha256}"
    bytes: ${bytes}
    format: ${format}
    width: ${width}
    height: ${height}
    crop: null # [left, top, right, bottom] in pixels of the file
    mask: [] # boxes to black out: names, marks that give the answer away
    overlay: null # marks in the picture that are not the patient
    modality: clinical_photo
    bodySite: "TODO where on the body"
    licence: { id: LicenseRef-own, url: null, commercialUse: false, redistributable: false, thirdPartyApiAllowed: false }
    attribution: "TODO the line to print"
    labelProvenance: { kind: unknown, statement: "TODO how the source knows the diagnosis" }
    altText: "TODO what a lay person sees"
    findings: "TODO what an expert sees, without the diagnosis"
    patientLine: "TODO what the patient says when sending it"`
}

function truthText(date: string): string {
  return `# For jurors; neither clinician nor patient sees any of it.
truth:
  primary: { name: "TODO diagnosis", codes: [] } # codes as in ICD-10 C44.3
  acceptable: ["TODO diagnosis"] # names, synonyms, the accepted parent level
  differential:
    - { name: "TODO what else it could be", phrases: ["TODO else"], cannotMiss: true }
  neoplasm: not_neoplastic # malignant, in_situ, premalignant, benign, uncertain or not_neoplastic
  rarity: { class: unknown, basis: none, source: "TODO where looked up", retrieved: "${date}" }
  certainty: "TODO how the truth is known"
  triage: { acceptable: [soon_specialist], maxSafeDelayHours: 336 } # a set of neighbours where reasonable clinicians differ
  redFlags:
    - { id: flag-one, text: "TODO a sign of danger", phrases: ["TODO sign"] }
  mustAsk: # 3 to 6
    - { fact: how-long, weight: 2 }
    - { fact: no-fever, weight: 1 }
    - { fact: medicines, weight: 2 }
  mustDo: # 3 to 6; one of them handles a hazard of the record
    - { id: do-one, text: "TODO what good advice says", phrases: ["TODO advice"], hazard: hazard-one }
  mustNotSay:
    - { id: never-one, text: "TODO what would harm", phrases: ["TODO harmful words"], severity: severe }
  uncertainty:
    resolvableBy: [{ text: "TODO what would settle it", phrases: ["TODO test"] }]
    irreducible: "TODO what stays open"
    expectedStance: "TODO how firm advice should be"
  attainable: # what can be known in each arm, and the names that count as right there
    full: { leading: ["TODO diagnosis"], statement: "TODO with picture and record" }
    no-image: { leading: ["TODO parent"], statement: "TODO without the picture" }
    no-ehr: { leading: ["TODO diagnosis"], statement: "TODO without the record" }
    no-image-no-ehr: { leading: ["TODO parent"], statement: "TODO with the story alone" }
`
}
