import { isTold, present } from './arms.ts'
import { error, type Fault, type Finding, warning } from './finding.ts'
import {
  findingsNameNoDiagnosis,
  nothingShownNamesTheDiagnosis,
  nothingShownParaphrasesTheDiagnosis,
  onlyFactsForTheImageSpeakOfIt,
  onlyFactsForTheRecordSpeakOfIt,
  patientSaysNothingForbidden,
} from './leaks.ts'
import { nothingIsLeftToFill } from './left-to-fill.ts'
import { findAffirmed, mentions, words } from './phrase.ts'
import { type Case, type Fact, TriageLevel } from './schema.ts'
import { sharedImagesDisagree } from './shared-images.ts'

type Rule = (one: Case) => Fault[]

/** Licences that let a picture be cropped and masked; one that forbids derivatives (ND) does not. */
const LICENCES = new Set([
  ...['CC0-1.0', 'CC-PDDC', 'PDDL-1.0', 'CC-BY-1.0', 'CC-BY-2.0', 'CC-BY-2.5', 'CC-BY-3.0', 'CC-BY-4.0'],
  ...['CC-BY-SA-2.0', 'CC-BY-SA-2.5', 'CC-BY-SA-3.0', 'CC-BY-SA-4.0', 'CC-BY-NC-2.0', 'CC-BY-NC-3.0', 'CC-BY-NC-4.0'],
  ...['CC-BY-NC-SA-2.0', 'CC-BY-NC-SA-3.0', 'CC-BY-NC-SA-4.0', 'Apache-2.0', 'MIT'],
])

const RULES: readonly Rule[] = [
  nothingIsLeftToFill,
  mustAskIsReachable,
  mustAskIsFairInEveryArm,
  nothingShownNamesTheDiagnosis,
  nothingShownParaphrasesTheDiagnosis,
  findingsNameNoDiagnosis,
  onlyFactsForTheRecordSpeakOfIt,
  onlyFactsForTheImageSpeakOfIt,
  recordHasHazard,
  hazardsMatter,
  recordTellsMoreThanThePatient,
  leadingIdeasAreAcceptable,
  licenceIsKnown,
  triageLevelsAreNeighbours,
  patientSaysNothingForbidden,
  boxesLieInThePicture,
]

/**
 * What is wrong with one case, beyond what its schema and its references already forbid.
 *
 * @param one a case as `loadBank` returns it
 * @returns findings in the order of the rules; empty when there is none
 */
export function lintCase(one: Case): Finding[] {
  return RULES.flatMap((rule) => rule(one)).map((fault) => ({ caseId: one.id, ...fault }))
}

/**
 * What is wrong with a bank: the findings of each case, then those that need two cases to see.
 *
 * @returns empty when there is none, and for no cases
 */
export function lintBank(cases: readonly Case[]): Finding[] {
  return [...cases.flatMap(lintCase), ...sharedImagesDisagree(cases)]
}

function asked(one: Case): Fact[] {
  return one.truth.mustAsk.flatMap((item) => one.facts.find((fact) => fact.id === item.fact) ?? [])
}

function mustAskIsReachable(one: Case): Fault[] {
  return asked(one)
    .filter((fact) => fact.disclosure === 'unknown_to_patient' || fact.disclosure === 'opening')
    .map((fact) =>
      error(`truth.mustAsk.${fact.id}`, `requires a fact that a question brings out, got one with disclosure ${fact.disclosure}`),
    )
}

function mustAskIsFairInEveryArm(one: Case): Fault[] {
  return asked(one).flatMap(({ id, onlyWith }) =>
    onlyWith === undefined
      ? []
      : [warning(`truth.mustAsk.${id}`, `requires a fact that is told in every arm, got one that is told only with ${onlyWith}`)],
  )
}

function recordHasHazard(one: Case): Fault[] {
  if (one.ehr.hazards.length > 0) return []
  return [error('ehr.hazards', 'requires at least one hazard, or the arms without the record measure nothing, got none')]
}

function hazardsMatter(one: Case): Fault[] {
  const handled = new Set(one.truth.mustDo.map((item) => item.hazard))
  const useless = one.ehr.hazards.filter((hazard) => hazard.usedBy.length === 0 && !handled.has(hazard.id))
  return [
    ...useless.map(({ id }) =>
      error(`ehr.hazards.${id}`, 'requires usedBy phrases or a truth.mustDo that handles it, got neither'),
    ),
    ...(one.ehr.hazards.length > 0 && !one.ehr.hazards.some((hazard) => handled.has(hazard.id))
      ? [warning('truth.mustDo', 'requires a thing to do that handles a hazard of the record, got none')]
      : []),
  ]
}

function recordTellsMoreThanThePatient(one: Case): Fault[] {
  const told = present(one, 'no-ehr').facts.filter(isTold)
  const secret = one.ehr.hazards.some((hazard) => told.every((fact) => findAffirmed(fact.text, hazard.usedBy) === undefined))
  if (secret || one.ehr.hazards.length === 0) return []
  return [
    warning(
      'ehr.hazards',
      `requires one hazard that no fact gives away by a usedBy phrase, got ${one.ehr.hazards.map((hazard) => hazard.id).join(', ')} all told`,
    ),
  ]
}

function leadingIdeasAreAcceptable(one: Case): Fault[] {
  const names = [one.truth.primary.name, ...one.truth.acceptable]
  return one.truth.attainable.full.leading
    .filter((leading) => !mentions(words(leading).join(' ').replaceAll('*', ''), names))
    .map((leading) =>
      error(
        'truth.attainable.full.leading',
        `requires names that hold truth.primary.name or one of truth.acceptable, got ${leading}`,
      ),
    )
}

function licenceIsKnown(one: Case): Fault[] {
  return one.images.flatMap(({ id, licence }) => {
    const field = `images.${id}.licence`
    const own = licence.id.startsWith('LicenseRef-')
    if (!own && !LICENCES.has(licence.id))
      return [error(`${field}.id`, `requires a known SPDX identifier or LicenseRef-…, got ${licence.id}`)]
    const forbidden = /-NC(-|$)/.test(licence.id)
    if (own ? forbidden && licence.commercialUse : forbidden === licence.commercialUse)
      return [error(`${field}.commercialUse`, `requires ${!forbidden} as ${licence.id} says, got ${licence.commercialUse}`)]
    return []
  })
}

function triageLevelsAreNeighbours(one: Case): Fault[] {
  const { acceptable } = one.truth.triage
  const ranks = acceptable.map((level) => TriageLevel.options.indexOf(level))
  const span = Math.max(...ranks) - Math.min(...ranks) + 1
  if (new Set(ranks).size === ranks.length && span === ranks.length) return []
  return [error('truth.triage.acceptable', `requires neighbouring levels, each once, got ${acceptable.join(', ')}`)]
}

function boxesLieInThePicture(one: Case): Fault[] {
  return one.images.flatMap((image) =>
    [...(image.crop === null ? [] : [{ kind: 'crop', box: image.crop }]), ...image.mask.map((box) => ({ kind: 'mask', box }))]
      .filter(({ box: [, , right, bottom] }) => right > image.width || bottom > image.height)
      .map(({ kind, box }) =>
        error(
          `images.${image.id}.${kind}`,
          `requires a box inside ${image.width} × ${image.height} pixels, got [${box.join(', ')}]`,
        ),
      ),
  )
}
