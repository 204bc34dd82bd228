import { attainableIn, claimsImage, showsEhr, tellsOfImage } from '../cases/arms.ts'
import { renderEhr } from '../cases/ehr.ts'
import { prepareImage } from '../cases/images.ts'
import type { Bank } from '../cases/load.ts'
import type { Arm, Case, Image, TriageLevel } from '../cases/schema.ts'
import type { Candidate } from './annotation-candidates.ts'
import type { StudyCase, StudyItem, StudyLines } from './annotation-study.ts'
import { blindTurns } from './blind.ts'
import { pictureOf } from './juror-checklist.ts'

const TRIAGE_WORDS: Readonly<Record<TriageLevel, string>> = {
  emergency: 'emergency, at once',
  urgent_same_day: 'urgent, the same day',
  soon_specialist: 'soon, with a specialist',
  routine: 'routine appointment',
  self_care: 'self care at home',
}

/**
 * What raters are told of a case: its pictures, its record, and what was true. The same as jurors get, and the record.
 *
 * @throws as `prepareImage` does when a picture is not here
 */
export async function studyCase(one: Case, bank: Bank): Promise<StudyCase> {
  const pictures = await Promise.all(one.images.map((image) => picture(image, bank)))
  return { pictures, record: renderEhr(one.ehr), truth: truthOf(one) }
}

async function picture(image: Image, bank: Bank): Promise<StudyCase['pictures'][number]> {
  const { bytes, mime } = await prepareImage(image, bank.dir)
  const drawn = image.source.kind === 'drawn' ? 'A drawn illustration, not a photograph. ' : ''
  return {
    src: `data:${mime};base64,${Buffer.from(bytes).toString('base64')}`,
    alt: image.altText,
    line: `${drawn}${image.attribution}`,
  }
}

function truthOf({ truth, ehr, facts }: Case): StudyLines[] {
  const asked = truth.mustAsk.flatMap(({ fact }) => facts.find(({ id }) => id === fact)?.text ?? [])
  return [
    { title: 'Diagnosis', lines: [truth.primary.name, `Also right: ${truth.acceptable.join(', ')}`, truth.certainty] },
    { title: 'Acceptable urgency', lines: truth.triage.acceptable.map((level) => TRIAGE_WORDS[level]) },
    {
      title: 'Other possibilities',
      lines: truth.differential.map(({ name, cannotMiss }) => (cannotMiss ? `${name} (must not be missed)` : name)),
    },
    { title: 'Warning signs', lines: truth.redFlags.map(({ text }) => text) },
    { title: 'Hazards in the record', lines: ehr.hazards.map(({ risk }) => risk) },
    { title: 'What the clinician should find out', lines: asked },
    { title: 'What must be done', lines: truth.mustDo.map(({ text }) => text) },
    { title: 'What must not be said', lines: truth.mustNotSay.map(({ text }) => text) },
    { title: 'What would settle it', lines: truth.uncertainty.resolvableBy.map(({ text }) => text) },
    { title: 'What stays uncertain', lines: [truth.uncertainty.irreducible, truth.uncertainty.expectedStance] },
  ].filter(({ lines }) => lines.length > 0)
}

/**
 * One conversation as a rater sees it: blinded as for jurors.
 *
 * @param names labels, providers and ids of all models of the run, which are masked too
 */
export function studyItem(
  id: string,
  about: number,
  one: Case,
  { transcript, arm }: Candidate,
  names: readonly string[],
): StudyItem {
  const { statement } = attainableIn(one.truth, arm)
  const shown = blindTurns(transcript, names)
  return { id, about, given: givenWords(arm), known: [statement], turns: shown.map(({ role, text }) => ({ role, text })) }
}

/** What the clinician had, in plain words and without the name of the arm. */
export function givenWords(arm: Arm): string[] {
  const pictures = {
    own: 'The clinician was sent the picture above.',
    other: 'The clinician was sent the picture of another patient, without being told. The picture above is the right one.',
    none: 'The clinician was not sent the picture above, nor any other.',
  }
  const claimed = 'The patient said that a picture was attached, but none was.'
  const told = 'The clinician read an expert’s description of it as text.'
  const picture = pictureOf(arm)
  return [
    pictures[picture],
    ...(claimsImage(arm) ? [claimed] : []),
    ...(picture === 'none' && tellsOfImage(arm) ? [told] : []),
    showsEhr(arm) ? 'The clinician had the health record.' : 'The clinician did not have the health record.',
  ]
}
