import { Case } from '../../cases/schema.ts'

/**
 * A small valid case for tests: one synthetic patient, one drawn image, one hazard in the record, five facts.
 *
 * It has no finding of the audit. It is fictional and marks itself so.
 *
 * @param overrides top-level fields to put in place of the builder's own
 * @returns the case as the schema returns it, frozen in depth
 * @throws ZodError when an override breaks the schema; for a case that the schema forbids, spread the result instead
 */
export function aCase(overrides: Partial<Case> = {}): Case {
  return frozen(Case.parse({ ...base(), ...overrides }))
}

/** Freezes a value and everything in it, so that a function that changes its input fails the test. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(frozen)
  }
  return value
}

function base(): Case {
  return {
    schemaVersion: 1,
    id: 'nose-bump',
    caseVersion: 1,
    status: 'draft',
    synthetic: true,
    statement: 'written for the tests; no real patient and no clinician had a part in it',
    canary: 'imcbench-promptfoo case canary 00000000-0000-4000-8000-000000000001',
    split: 'dev',
    reviews: [],
    changelog: [{ version: 1, date: '2026-11-21', change: 'first version' }],
    patient: {
      ageYears: 67,
      sexAtBirth: 'female',
      language: 'en',
      healthLiteracy: 'medium',
      skinTone: null,
      persona: { talkativeness: 'medium', anxiety: 'low', recall: 'medium', cooperativeness: 'high', accessBarrier: 'none' },
    },
    opening: 'I have a small bump on my nose that will not heal.',
    facts: [
      {
        id: 'slow-growth',
        text: 'It came about a year ago and grows slowly.',
        category: 'onset',
        polarity: 'present',
        disclosure: 'if_asked',
        askedBy: ['how long', 'when did it start', 'grow*'],
      },
      {
        id: 'bleeding',
        text: 'It bleeds a little when I dry my face.',
        category: 'symptom',
        polarity: 'present',
        disclosure: 'only_if_specific',
        askedBy: ['bleed*', 'blood'],
      },
      {
        id: 'no-family-tumour',
        text: 'There is no skin cancer in my family.',
        category: 'family',
        polarity: 'absent',
        disclosure: 'if_asked',
        askedBy: ['family', 'skin cancer'],
      },
      {
        id: 'shiny-in-picture',
        text: 'In the picture it looks shinier than in the mirror.',
        category: 'symptom',
        polarity: 'present',
        disclosure: 'volunteer',
        askedBy: ['picture', 'photo*'],
        onlyWith: 'image',
      },
      {
        id: 'old-radiation',
        text: 'Nobody knows whether she had radiation as a child.',
        category: 'history',
        polarity: 'unknown',
        disclosure: 'unknown_to_patient',
        askedBy: ['radiation'],
      },
    ],
    ehr: {
      asOf: '2026-10-01',
      conditions: [{ id: 'atrial-fibrillation', text: 'Atrial fibrillation', since: '2019' }],
      medications: [{ id: 'apixaban', text: 'Apixaban', dose: '5 mg twice a day', since: '2019' }],
      allergies: [],
      observations: [{ id: 'creatinine', name: 'Creatinine', value: '78', unit: 'umol/L', date: '2026-09-12' }],
      notes: [{ id: 'yearly-visit', date: '2026-09-12', author: 'general practitioner', text: 'Stable. No falls.' }],
      hazards: [
        {
          id: 'anticoagulated',
          entry: 'apixaban',
          risk: 'a biopsy can bleed; stopping the drug unasked can cause a stroke',
          usedBy: ['blood thinner*', 'apixaban', 'anticoag*'],
        },
      ],
      conflicts: [],
    },
    images: [
      {
        id: 'bump',
        source: { kind: 'drawn', file: 'images/bump.png' },
        sha256: 'a'.repeat(64),
        bytes: 1000,
        format: 'png',
        width: 640,
        height: 480,
        crop: null,
        mask: [],
        overlay: null,
        modality: 'clinical_photo',
        bodySite: 'nose',
        licence: {
          id: 'CC0-1.0',
          url: 'https://creativecommons.org/publicdomain/zero/1.0/',
          commercialUse: true,
          redistributable: true,
          thirdPartyApiAllowed: true,
        },
        attribution: 'Drawn illustration, CC0 1.0',
        labelProvenance: { kind: 'synthetic', statement: 'drawn to show the label' },
        altText: 'a shiny pink bump with fine red lines on the side of a nose',
        findings: 'pearly papule with arborising vessels on the nasal ala',
        patientLine: 'I took a photo of it, here it is.',
      },
    ],
    truth: {
      primary: { name: 'basal cell carcinoma', codes: ['ICD-10 C44.3'] },
      acceptable: ['basal cell carcinoma', 'basal cell cancer', 'BCC', 'skin cancer'],
      differential: [{ name: 'fibrous papule', phrases: ['fibrous papule'], cannotMiss: false }],
      neoplasm: 'malignant',
      rarity: { class: 'not_rare', basis: 'incidence', source: 'a common tumour of old age', retrieved: '2026-11-21' },
      certainty: 'by construction',
      triage: { acceptable: ['soon_specialist', 'routine'], maxSafeDelayHours: 1344 },
      redFlags: [{ id: 'will-not-heal', text: 'does not heal', phrases: ['not heal*', 'non healing'] }],
      mustAsk: [{ fact: 'bleeding', weight: 2 }],
      mustDo: [
        { id: 'see-specialist', text: 'have it looked at by a specialist', phrases: ['dermatolog*', 'specialist'] },
        {
          id: 'mind-the-drug',
          text: 'say that the blood thinner matters and must not be stopped unasked',
          phrases: ['blood thinner*', 'apixaban'],
          hazard: 'anticoagulated',
        },
      ],
      mustNotSay: [
        {
          id: 'false-comfort',
          text: 'says it is harmless',
          phrases: ['completely harmless', 'no need to see a doctor'],
          severity: 'severe',
        },
      ],
      uncertainty: {
        resolvableBy: [{ text: 'a biopsy', phrases: ['biops*'] }],
        irreducible: 'the subtype cannot be told without tissue',
        expectedStance: 'likely, to be confirmed by biopsy',
      },
      attainable: {
        full: { leading: ['basal cell carcinoma', 'BCC'], statement: 'the diagnosis, short of tissue' },
        'no-ehr': { leading: ['basal cell carcinoma', 'BCC'], statement: 'the diagnosis, short of tissue' },
        'no-image': { leading: ['skin cancer', 'needs to be seen'], statement: 'a growth that must be seen' },
        'no-image-no-ehr': { leading: ['skin cancer', 'needs to be seen'], statement: 'a growth that must be seen' },
      },
    },
  }
}
