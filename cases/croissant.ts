import type { BankAbout } from './bank-file.ts'
import type { Case, Image } from './schema.ts'

/** The text of a case file, measured. */
export interface CaseFile {
  readonly id: string
  /** The name of the file in the bank's folder. */
  readonly file: string
  readonly sha256: string
  readonly bytes: number
}

// Croissant 1.1, appendix 1: written out, so that nothing need be fetched to read the file.
const CONTEXT = {
  '@language': 'en',
  '@vocab': 'http://schema.org/',
  sc: 'http://schema.org/',
  cr: 'http://mlcommons.org/croissant/',
  rai: 'http://mlcommons.org/croissant/RAI/',
  dct: 'http://purl.org/dc/terms/',
  conformsTo: 'dct:conformsTo',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  field: 'cr:field',
  isArray: 'cr:isArray',
  isLiveDataset: 'cr:isLiveDataset',
  key: 'cr:key',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
}

const FIELDS = [
  { name: 'id', type: 'sc:Text', is: 'Id of the case, which is the name of its file.' },
  { name: 'file', type: 'sc:Text', is: 'The FileObject that holds the case.' },
  { name: 'images', type: 'sc:Text', many: true, is: 'The FileObjects of its images; cases that share one form a cluster.' },
  { name: 'split', type: 'sc:Text', is: 'dev, test or holdback.' },
  { name: 'age', type: 'sc:Float', is: 'Age of the synthetic patient in years.' },
  { name: 'sex', type: 'sc:Text', is: 'Sex at birth of the synthetic patient.' },
  { name: 'skin_tone', type: 'sc:Text', is: 'Scale, value and rater as the source states them; empty where it states none.' },
  { name: 'modality', type: 'sc:Text', many: true, is: 'Modality of each image.' },
  { name: 'neoplasm', type: 'sc:Text', is: 'Behaviour: malignant, in_situ, premalignant, benign, uncertain or not_neoplastic.' },
  { name: 'rarity', type: 'sc:Text', is: 'rare, not_rare or unknown; unknown never counts as not rare.' },
  { name: 'triage', type: 'sc:Text', many: true, is: 'Levels of urgency that count as acceptable.' },
] as const
type FieldName = (typeof FIELDS)[number]['name']

/**
 * The Croissant 1.1 description of a bank, with RAI 1.0 properties where they apply, as JSON-LD.
 *
 * Case files are given by paths relative to the document, images by the pinned addresses they are fetched from; each has its
 * sha256. The records say what a case is made of and not what its diagnosis is.
 */
export function croissantOf(cases: readonly Case[], about: BankAbout, files: readonly CaseFile[]) {
  const images = distinctImages(cases)
  const licences = new Set([about.licence.url, ...images.flatMap(({ image }) => image.licence.url ?? [])])
  return {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
    name: about.name,
    description: `${about.description} ${reviewWords(cases)}`,
    url: about.url,
    version: about.version,
    license: [...licences].toSorted(),
    creator: { '@type': 'sc:Organization', name: about.creator },
    datePublished: about.published,
    dateModified: about.changelog[0]?.date ?? about.published,
    inLanguage: 'en',
    keywords: about.keywords,
    isLiveDataset: false,
    ...responsibleAi(cases),
    distribution: [...files.map((file) => caseObject(file, about)), ...images.map(imageObject)],
    recordSet: [
      {
        '@type': 'cr:RecordSet',
        '@id': 'cases',
        name: 'cases',
        description: 'One record a case, without the diagnosis. The whole case is in its file.',
        key: { '@id': 'cases/id' },
        field: FIELDS.map(fieldOf),
        data: cases.map((one) => recordOf(one, files)),
      },
    ],
  }
}

/** The images of some cases, each once, with the ids of the cases that use it; in the order of the cases. */
export function distinctImages(cases: readonly Case[]): { readonly image: Image; readonly usedBy: readonly string[] }[] {
  const uses = cases.flatMap((one) => one.images.map((image) => ({ image, id: one.id })))
  return [...Map.groupBy(uses, ({ image }) => image.sha256).values()].flatMap((group) => {
    const [first] = group
    return first === undefined ? [] : [{ image: first.image, usedBy: group.map(({ id }) => id) }]
  })
}

function caseObject({ file, sha256, bytes }: CaseFile, { licence }: BankAbout) {
  return {
    ...{ '@type': 'cr:FileObject', '@id': file, name: file, contentUrl: file, contentSize: `${bytes} B` },
    ...{ encodingFormat: 'application/yaml', sha256, license: licence.url },
  }
}

function imageObject({ image }: { readonly image: Image }) {
  const { source, sha256, bytes, format, licence, attribution } = image
  return {
    ...{ '@type': 'cr:FileObject', '@id': imageId(image), name: source.kind === 'fetched' ? source.recordId : source.file },
    description: `${image.modality.replaceAll('_', ' ')} of: ${image.bodySite}`,
    ...{ contentUrl: source.kind === 'fetched' ? source.url : source.file, contentSize: `${bytes} B` },
    ...{ encodingFormat: `image/${format}`, sha256, license: licence.url ?? licence.id, creditText: attribution },
    ...(source.kind === 'fetched' ? { isPartOf: source.dataset, citation: source.citation } : {}),
  }
}

function imageId({ sha256 }: Image): string {
  return `image-${sha256.slice(0, 16)}`
}

function fieldOf(field: (typeof FIELDS)[number]) {
  return {
    ...{ '@type': 'cr:Field', '@id': `cases/${field.name}`, name: field.name, description: field.is, dataType: field.type },
    ...('many' in field ? { isArray: true } : {}),
  }
}

function recordOf(one: Case, files: readonly CaseFile[]) {
  const { patient, truth } = one
  const tone = patient.skinTone
  const values: Record<FieldName, unknown> = {
    id: one.id,
    file: files.find(({ id }) => id === one.id)?.file,
    images: one.images.map(imageId),
    split: one.split,
    age: patient.ageYears,
    sex: patient.sexAtBirth,
    skin_tone: tone === null ? '' : `${tone.scale} ${tone.value}, rated by ${tone.rater}`,
    modality: one.images.map((image) => image.modality),
    neoplasm: truth.neoplasm,
    rarity: truth.rarity.class,
    triage: truth.triage.acceptable,
  }
  return Object.fromEntries(FIELDS.map(({ name }) => [`cases/${name}`, values[name]]))
}

function responsibleAi(cases: readonly Case[]) {
  const images = distinctImages(cases).map(({ image }) => image)
  const stated = cases.filter((one) => one.patient.skinTone !== null).length
  const kinds = tally(images.map(({ source }) => source.kind))
  const known = tally(images.map(({ labelProvenance }) => labelProvenance.kind.replaceAll('_', ' ')))
  return {
    'rai:dataCollection': `Images by source: ${kinds}. Fetched ones come from pinned addresses; each is held against its SHA-256. Patients and records are synthetic; the statement in each case says how it was made.`,
    'rai:dataCollectionType': ['Secondary Data analysis', 'Others: synthetic profiles'],
    'rai:dataPreprocessingProtocol': [
      'Before a model is shown an image it is masked, cropped, turned upright, scaled down to 1024 pixels and saved again as JPEG without metadata.',
    ],
    'rai:dataAnnotationProtocol': `The diagnosis is the label that the image’s source gives, known there by: ${known}. Triage, facts to ask for, good and harmful advice were written with the case. ${reviewWords(cases)}`,
    'rai:personalSensitiveInformation': [
      'The patients are synthetic: age, sex, skin tone and health are those of nobody. Fetched images show parts of real bodies, as their sources published them.',
    ],
    'rai:dataUseCases': ['Evaluation of language models. Not for training, not for care, not for claims of clinical validity.'],
    'rai:dataLimitations': [
      `${cases.filter((one) => one.status === 'draft').length} of ${cases.length} cases are drafts; scores on them say nothing about care.`,
      'Public images are likely to be in the training data of the models under test; the canary in each file traces its text only.',
      'English only.',
    ],
    'rai:dataBiases': [
      `The source states a skin tone in ${stated} of ${cases.length} cases. Which images there are follows what is public and freely licensed, not how often a condition occurs.`,
    ],
  }
}

function tally(values: readonly string[]): string {
  const counts = [...Map.groupBy(values, (value) => value)].map(([value, { length }]) => `${value} ${length}`)
  return counts.toSorted().join(', ')
}

/** How many of the cases a clinician has reviewed, as a sentence. */
export function reviewWords(cases: readonly Case[]): string {
  const reviewed = cases.filter((one) => one.status === 'reviewed').length
  return reviewed === 0
    ? 'No clinician has reviewed any of these cases.'
    : `A clinician has reviewed ${reviewed} of ${cases.length} cases.`
}
