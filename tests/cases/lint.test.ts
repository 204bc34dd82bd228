import { describe, expect, test } from 'vitest'
import { lintBank, lintCase } from '../../cases/lint.ts'
import type { Case, Fact } from '../../cases/schema.ts'
import { aCase, frozen } from './a-case.ts'

const good = aCase()
type Bad = [rule: string, bad: Case, field: string, severity: 'error' | 'warning', told: string]

function withFact(id: string, changed: Partial<Fact>): Case {
  return frozen({ ...good, facts: good.facts.map((fact) => (fact.id === id ? { ...fact, ...changed } : fact)) })
}

function withImage(changed: Partial<Case['images'][number]>): Case {
  return frozen({ ...good, images: good.images.map((image) => ({ ...image, ...changed })) })
}

function withTruth(changed: Partial<Case['truth']>): Case {
  return frozen({ ...good, truth: { ...good.truth, ...changed } })
}

function withEhr(changed: Partial<Case['ehr']>): Case {
  return frozen({ ...good, ehr: { ...good.ehr, ...changed } })
}

function withLicence(id: string, commercialUse: boolean): Case {
  return withImage({ licence: { ...licenceOf(good), id, commercialUse } })
}

function licenceOf(one: Case): Case['images'][number]['licence'] {
  const [image] = one.images
  if (image === undefined) throw new Error('licenceOf requires an image, got none')
  return image.licence
}

const note = good.ehr.notes.map((entry) => ({ ...entry, text: 'Basal cell carcinomas on the nose, excision planned.' }))

const BAD: readonly Bad[] = [
  [
    'must-ask fact the patient does not know',
    withFact('bleeding', { disclosure: 'unknown_to_patient' }),
    'truth.mustAsk.bleeding',
    'error',
    'unknown_to_patient',
  ],
  ['must-ask fact of the opening', withFact('bleeding', { disclosure: 'opening' }), 'truth.mustAsk.bleeding', 'error', 'opening'],
  [
    'must-ask fact told only with the record',
    withFact('bleeding', { onlyWith: 'ehr' }),
    'truth.mustAsk.bleeding',
    'warning',
    'only with ehr',
  ],
  [
    'must-ask fact told only with the image',
    withFact('bleeding', { onlyWith: 'image' }),
    'truth.mustAsk.bleeding',
    'warning',
    'only with image',
  ],
  [
    'opening that names the diagnosis',
    frozen({ ...good, opening: 'I think I have a basal cell cancer.' }),
    'opening',
    'error',
    'basal cell cancer',
  ],
  [
    'opening that names it with a negation',
    frozen({ ...good, opening: 'I hope it is not skin cancer.' }),
    'opening',
    'error',
    'skin cancer',
  ],
  [
    'fact that names an accepted parent',
    withFact('bleeding', { text: 'My sister says it is cancer of the skin, a skin cancer.' }),
    'facts.bleeding.text',
    'error',
    'skin cancer',
  ],
  [
    'negated name in a fact that is not a pertinent negative',
    withFact('bleeding', { text: 'It is not skin cancer.' }),
    'facts.bleeding.text',
    'error',
    'skin cancer',
  ],
  [
    'fact told only with the image that names the diagnosis',
    withFact('shiny-in-picture', { text: 'In the picture it looks like a BCC.' }),
    'facts.shiny-in-picture.text',
    'error',
    'arm no-ehr',
  ],
  ['record that names the diagnosis, in the plural', withEhr({ notes: note }), 'ehr', 'error', 'basal cell carcinomas'],
  [
    'patient line that names the diagnosis',
    withImage({ patientLine: 'Here is my skin cancer.' }),
    'images.bump.patientLine',
    'error',
    'skin cancer',
  ],
  [
    'alternative text that names the diagnosis',
    withImage({ altText: 'a basal cell carcinoma on a nose' }),
    'images.bump.altText',
    'error',
    'basal cell carcinoma',
  ],
  [
    'name that straddles opening and patient line',
    frozen({
      ...good,
      opening: 'I have a basal',
      images: good.images.map((image) => ({ ...image, patientLine: 'cell cancer, see.' })),
    }),
    'opening with images.patientLine',
    'error',
    'I have a basal cell cancer, see.',
  ],
  [
    'fact that speaks of a chart',
    withFact('bleeding', { text: 'It bleeds, it is in my chart.' }),
    'facts.bleeding.text',
    'error',
    'chart',
  ],
  [
    'fact that speaks of a letter with the image only',
    withFact('shiny-in-picture', { text: 'The letter said it is shiny.' }),
    'facts.shiny-in-picture.text',
    'error',
    'letter',
  ],
  [
    'opening that speaks of the record',
    frozen({ ...good, opening: 'As in my records, I have a bump.' }),
    'opening',
    'error',
    'records',
  ],
  [
    'patient line that speaks of the record',
    withImage({ patientLine: 'Here it is, for my file.' }),
    'images.bump.patientLine',
    'error',
    'file',
  ],
  [
    'fact that speaks of a picture',
    withFact('bleeding', { text: 'It bleeds, as you see in the photo.' }),
    'facts.bleeding.text',
    'error',
    'photo',
  ],
  [
    'fact that speaks of an x-ray with the record only',
    withFact('shiny-in-picture', { text: 'The X-ray was clear.', onlyWith: 'ehr' }),
    'facts.shiny-in-picture.text',
    'error',
    'x ray',
  ],
  [
    'opening that speaks of a picture',
    frozen({ ...good, opening: 'I send a picture of a bump on my nose.' }),
    'opening',
    'error',
    'picture',
  ],
  [
    'findings that name the diagnosis, also negated',
    withImage({ findings: 'pearly papule, not yet a basal cell cancer' }),
    'images.bump.findings',
    'warning',
    'basal cell cancer',
  ],
  ['record without a hazard', withEhr({ hazards: [] }), 'ehr.hazards', 'error', 'got none'],
  [
    'hazard that nothing uses',
    withEhr({ hazards: [...good.ehr.hazards, { id: 'idle', entry: 'creatinine', risk: 'none', usedBy: [] }] }),
    'ehr.hazards.idle',
    'error',
    'got neither',
  ],
  ['truth that handles no hazard', withTruth(withoutHazard()), 'truth.mustDo', 'warning', 'got none'],
  [
    'hazard that the patient gives away',
    withFact('bleeding', { text: 'It bleeds, I take a blood thinner.' }),
    'ehr.hazards',
    'warning',
    'anticoagulated',
  ],
  [
    'leading idea that is not acceptable',
    leadingWith('fibrous papule'),
    'truth.attainable.full.leading',
    'error',
    'fibrous papule',
  ],
  [
    'leading idea that is broader than any acceptable name',
    leadingWith('cancer'),
    'truth.attainable.full.leading',
    'error',
    'cancer',
  ],
  ['licence that nobody knows', withLicence('CC-BY-9.0', true), 'images.bump.licence.id', 'error', 'CC-BY-9.0'],
  ['licence that forbids cropping', withLicence('CC-BY-NC-ND-4.0', false), 'images.bump.licence.id', 'error', 'CC-BY-NC-ND-4.0'],
  [
    'NC licence marked commercial',
    withLicence('CC-BY-NC-SA-4.0', true),
    'images.bump.licence.commercialUse',
    'error',
    'requires false',
  ],
  [
    'free licence marked not commercial',
    withLicence('CC-BY-4.0', false),
    'images.bump.licence.commercialUse',
    'error',
    'requires true',
  ],
  [
    'own NC licence marked commercial',
    withLicence('LicenseRef-Clinic-NC', true),
    'images.bump.licence.commercialUse',
    'error',
    'requires false',
  ],
  [
    'triage set with a gap',
    withTruth({ triage: { acceptable: ['emergency', 'routine'], maxSafeDelayHours: 24 } }),
    'truth.triage.acceptable',
    'error',
    'emergency, routine',
  ],
  [
    'triage set with a level twice',
    withTruth({ triage: { acceptable: ['routine', 'routine'], maxSafeDelayHours: 24 } }),
    'truth.triage.acceptable',
    'error',
    'routine, routine',
  ],
  [
    'fact that says what must not be said',
    withFact('bleeding', { text: 'I was told it is completely harmless.' }),
    'facts.bleeding.text',
    'error',
    'false-comfort',
  ],
  ['crop outside the picture', withImage({ crop: [0, 0, 641, 480] }), 'images.bump.crop', 'error', '[0, 0, 641, 480]'],
  [
    'mask outside the picture',
    withImage({
      mask: [
        [0, 0, 10, 10],
        [0, 470, 10, 481],
      ],
    }),
    'images.bump.mask',
    'error',
    '[0, 470, 10, 481]',
  ],
]

function withoutHazard(): Case['truth'] {
  return { ...good.truth, mustDo: good.truth.mustDo.map(({ hazard: _, ...item }) => item) }
}

function leadingWith(name: string): Case {
  const { attainable } = good.truth
  return withTruth({ attainable: { ...attainable, full: { ...attainable.full, leading: ['BCC', name] } } })
}

describe('lintCase', () => {
  test('a good case has no finding', () => {
    expect(lintCase(good)).toEqual([])
  })
  test.each(BAD)('a %s is found, and nothing else', (_, bad, field, severity, told) => {
    const findings = lintCase(bad)
    expect(findings).toMatchObject([{ caseId: good.id, field, severity, fault: expect.stringMatching(/^requires .*got /) }])
    expect(findings[0]?.fault).toContain(told)
  })

  const allowed: [what: string, one: Case][] = [
    ['a pertinent negative that names the diagnosis', withFact('no-family-tumour', { text: 'I have never had skin cancer.' })],
    [
      'a name in a fact that is never told',
      withFact('old-radiation', { text: 'Has had a skin cancer; it is in her chart and on a photo.' }),
    ],
    [
      'a chart in a fact told only with the record',
      withFact('shiny-in-picture', { text: 'It is in my chart.', onlyWith: 'ehr' }),
    ],
    ['a licence of its own without NC, of either use', withLicence('LicenseRef-NIH-CC-no-restrictions', false)],
    ['a box that ends at the edge', withImage({ crop: [0, 0, 640, 480], mask: [[600, 400, 640, 480]] })],
    ['a single triage level', withTruth({ triage: { acceptable: ['routine'], maxSafeDelayHours: 1344 } })],
    [
      'neighbouring triage levels in any order',
      withTruth({ triage: { acceptable: ['routine', 'soon_specialist'], maxSafeDelayHours: 1344 } }),
    ],
    ['a leading idea more exact than the acceptable name', leadingWith('nodular basal cell carcinoma')],
    ['a patient who denies the hazard', withFact('bleeding', { text: 'It bleeds, but I take no blood thinner.' })],
    ['letters that are read', withFact('bleeding', { text: 'It bleeds, and letters look wavy.' })],
    [
      'words that only begin like those of the list',
      withFact('bleeding', { text: 'I noticed scant blood, and I imagine it is photosensitive.' }),
    ],
  ]
  test.each(allowed)('%s is allowed', (_, one) => {
    expect(lintCase(one)).toEqual([])
  })
})

describe('lintBank', () => {
  const other = aCase({ id: 'arm-spot', canary: 'another canary' })

  test('two good cases on one image with the same truth have no finding', () => {
    expect(lintBank(frozen([good, other]))).toEqual([])
  })
  test('the findings of a case are among those of its bank', () => {
    const bad = withEhr({ hazards: [] })
    expect(lintBank([other, bad])).toEqual(expect.arrayContaining(lintCase(bad)))
  })
  test('two cases on one image that disagree in neoplasm or rarity are found, and on two images not', () => {
    const truth = { ...other.truth, neoplasm: 'benign' as const, rarity: { ...other.truth.rarity, class: 'rare' as const } }
    const disagreeing = { ...other, truth }
    expect(lintBank([good, disagreeing])).toMatchObject([
      { caseId: 'arm-spot', field: 'truth.neoplasm', severity: 'error', fault: expect.stringContaining('malignant, got benign') },
      {
        caseId: 'arm-spot',
        field: 'truth.rarity.class',
        severity: 'error',
        fault: expect.stringContaining('not_rare, got rare'),
      },
    ])
    const elsewhere = { ...disagreeing, images: other.images.map((image) => ({ ...image, sha256: 'b'.repeat(64) })) }
    expect(lintBank([good, elsewhere])).toEqual([])
  })
  test('no cases have no findings', () => {
    expect(lintBank([])).toEqual([])
  })
  test('two cases on one image with different diagnoses are found, unless one counts the other as right', () => {
    const named = (name: string, acceptable: string[]) => ({ ...other.truth, primary: { name, codes: [] }, acceptable })
    const disagreeing = {
      ...other,
      truth: { ...named('dermatofibroma', ['fibrous histiocytoma']), attainable: attainableAs('dermatofibroma') },
    }
    expect(lintBank([good, disagreeing])).toMatchObject([
      {
        caseId: 'arm-spot',
        field: 'truth.primary.name',
        severity: 'error',
        fault: expect.stringContaining('basal cell carcinoma, got dermatofibroma'),
      },
    ])
    const agreeing = { ...other, truth: { ...named('nodular BCC', ['nodular BCC']), attainable: attainableAs('nodular BCC') } }
    expect(lintBank([good, agreeing])).toEqual([])
  })
})

function attainableAs(name: string): Case['truth']['attainable'] {
  return { ...good.truth.attainable, full: { leading: [name], statement: 'as named' } }
}
