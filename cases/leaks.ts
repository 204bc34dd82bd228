import { isTold, present } from './arms.ts'
import { error, type Fault, warning } from './finding.ts'
import { findPhrase, mentions, type Phrase } from './phrase.ts'
import { type Arm, BaseArm, type Case } from './schema.ts'
import { stemsOf, synonymsOf } from './synonyms.ts'

const RECORD_WORDS: readonly Phrase[] = [
  ...['chart', 'charts', 'record', 'records', 'file', 'files', 'notes', 'letter'],
  // Not `letters` alone: patients also read letters off a page.
  ...['clinic letters', 'hospital letters', 'doctor letters', 'doctors letters'],
]
const PICTURE_WORDS: readonly Phrase[] = [
  ...['photo', 'photos', 'photograph*', 'picture*', 'image', 'images', 'scan', 'scans', 'scanned'],
  ...['x ray', 'x rays', 'x rayed', 'xray*', 'radiograph*', 'snapshot*', 'selfie*'],
]

/**
 * Finds every sentence that names the diagnosis in what the clinician is shown or the patient may say, in any arm.
 *
 * Looked at are opening, patient lines, alternative texts, facts that can be told and the rendered record; looked for are the
 * primary name and the acceptable names, also with a plural s. A negated name is allowed where it is a pertinent negative:
 * in a fact of polarity absent and in the record.
 *
 * @returns one error a sentence, with the first arm that shows it, arms that show least first
 */
export function nothingShownNamesTheDiagnosis(one: Case): Fault[] {
  const found = new Map<string, Fault>()
  for (const arm of BaseArm.options.toReversed())
    for (const { field, text, pertinent } of shownIn(one, arm))
      for (const name of namesOfDiagnosis(one))
        for (const { sentence, negated } of findPhrase(text, name)) {
          if ((negated && pertinent) || found.has(sentence)) continue
          const fault = `requires text that does not name the diagnosis, got “${sentence}” with “${name}” (arm ${arm})`
          found.set(sentence, error(field, fault))
        }
  return [...found.values()]
}

/**
 * Finds an expert's findings that name the diagnosis, negated or not: in arm caption they would tell it. A warning, since no
 * other arm shows them to the clinician.
 */
export function findingsNameNoDiagnosis(one: Case): Fault[] {
  return one.images.flatMap(({ id, findings }) => {
    const name = namesOfDiagnosis(one).find((known) => mentions(findings, [known]))
    if (name === undefined) return []
    const fault = `requires text that does not name the diagnosis before arm caption can be used, got one with “${name}”`
    return [warning(`images.${id}.findings`, fault)]
  })
}

/**
 * Finds every sentence that paraphrases the diagnosis in what the clinician is shown or the patient may say, in any arm: by
 * a synonym of synonyms.yaml, or by a stem of the name's own words. As with names, a negated one is allowed in a fact of
 * polarity absent and in the record. What only gives it away in the patient's mouth is looked for in neither.
 *
 * @returns one error a sentence that `nothingShownNamesTheDiagnosis` does not find; a warning for an expert's findings
 */
export function nothingShownParaphrasesTheDiagnosis(one: Case): Fault[] {
  const { anywhere = [], told = [] } = synonymsOf(one) ?? {}
  const names = namesOfDiagnosis(one)
  const inMouth = [...anywhere, ...told, ...stemsOf(one.truth.primary.name)]
  const found = new Map<string, Fault>()
  // What polarity absent denies may be denied in any words: `Nobody in my family ever had skin cancer.`
  for (const { field, text, pertinent } of shownIn(one, 'full'))
    for (const phrase of field === 'ehr' || pertinent ? anywhere : inMouth)
      for (const { sentence, negated } of findPhrase(text, phrase)) {
        const named = names.some((name) => findPhrase(sentence, name).some((match) => !(match.negated && pertinent)))
        if ((negated && pertinent) || named || found.has(sentence)) continue
        const fault = `requires text that does not paraphrase the diagnosis, got “${sentence}” with “${phrase}”`
        found.set(sentence, error(field, fault))
      }
  const described = one.images.flatMap(({ id, findings }) => {
    const phrase = mentions(findings, names) ? undefined : anywhere.find((each) => mentions(findings, [each]))
    if (phrase === undefined) return []
    const fault = `requires text that does not paraphrase the diagnosis before arm caption can be used, got one with “${phrase}”`
    return [warning(`images.${id}.findings`, fault)]
  })
  return [...found.values(), ...described]
}

/** Finds opening, patient lines and facts that speak of a chart or letter, which the arms without the record must not mention. */
export function onlyFactsForTheRecordSpeakOfIt(one: Case): Fault[] {
  const facts = one.facts.filter((fact) => isTold(fact) && fact.onlyWith !== 'ehr')
  return [
    ...speaksOf('opening', one.opening, RECORD_WORDS, 'record'),
    ...one.images.flatMap((image) => speaksOf(`images.${image.id}.patientLine`, image.patientLine, RECORD_WORDS, 'record')),
    ...facts.flatMap((fact) => speaksOf(`facts.${fact.id}.text`, fact.text, RECORD_WORDS, 'record without onlyWith: ehr')),
  ]
}

/** Finds opening and facts that speak of a picture, which the arms without the image must not mention. */
export function onlyFactsForTheImageSpeakOfIt(one: Case): Fault[] {
  const facts = one.facts.filter((fact) => isTold(fact) && fact.onlyWith !== 'image')
  return [
    ...speaksOf('opening', one.opening, PICTURE_WORDS, 'image'),
    ...facts.flatMap((fact) => speaksOf(`facts.${fact.id}.text`, fact.text, PICTURE_WORDS, 'image without onlyWith: image')),
  ]
}

/** Finds facts in which the patient says what a clinician must not say. */
export function patientSaysNothingForbidden(one: Case): Fault[] {
  return one.facts.filter(isTold).flatMap((fact) =>
    one.truth.mustNotSay
      .filter((item) => mentions(fact.text, item.phrases))
      .map((item) => {
        const fault = `requires text without a phrase of truth.mustNotSay.${item.id}, got “${fact.text}”`
        return error(`facts.${fact.id}.text`, fault)
      }),
  )
}

/** The primary name and the accepted names of a case's diagnosis, each also with a plural s. */
export function namesOfDiagnosis({ truth }: Pick<Case, 'truth'>): string[] {
  return [truth.primary.name, ...truth.acceptable].flatMap((name) => [name, `${name}s`])
}

function shownIn(one: Case, arm: Arm): { field: string; text: string; pertinent: boolean }[] {
  const shown = present(one, arm)
  const facts = shown.facts.filter(isTold)
  return [
    { field: 'opening', text: one.opening, pertinent: false },
    ...facts.map((fact) => ({ field: `facts.${fact.id}.text`, text: fact.text, pertinent: fact.polarity === 'absent' })),
    ...(shown.ehr === null ? [] : [{ field: 'ehr', text: shown.ehr, pertinent: true }]),
    ...shown.images.flatMap((image) => [
      { field: `images.${image.id}.patientLine`, text: image.patientLine, pertinent: false },
      { field: `images.${image.id}.altText`, text: image.altText, pertinent: false },
    ]),
    // Last, so that only a name that straddles the join is reported here.
    { field: 'opening with images.patientLine', text: shown.opening, pertinent: false },
  ]
}

function speaksOf(field: string, text: string, forbidden: readonly Phrase[], what: string): Fault[] {
  const word = forbidden.find((phrase) => mentions(text, [phrase]))
  if (word === undefined) return []
  return [error(field, `requires text that does not speak of the ${what}, got “${text}” with “${word}”`)]
}
