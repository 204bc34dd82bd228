import { renderEhr } from './ehr.ts'
import type { Arm, BaseArm, Case, Fact, Image, Truth } from './schema.ts'

/** What one arm shows of a case. */
export interface Presentation {
  /** The patient's first message; it speaks of a picture only in the arms that send, claim or describe one. */
  readonly opening: string
  /** The images that go with the first message: the case's own, those of other cases in arm wrong-image, or none. */
  readonly images: readonly Image[]
  /** The rendered record, or null in the arms without. */
  readonly ehr: string | null
  /** The facts that the patient may speak of: those about the picture or the record only where the patient believes it is there. */
  readonly facts: readonly Fact[]
}

interface ArmDesign {
  /** What the clinician gets of the case's picture. The patient does not know the difference, apart from `none`. */
  readonly picture: 'own' | 'none' | 'claimed' | 'other' | 'described'
  readonly ehr: boolean
  /** The base arm in which as much can be known as in this one. */
  readonly attainable: BaseArm
}

const ARMS: Readonly<Record<Arm, ArmDesign>> = {
  full: { picture: 'own', ehr: true, attainable: 'full' },
  'no-image': { picture: 'none', ehr: true, attainable: 'no-image' },
  'no-ehr': { picture: 'own', ehr: false, attainable: 'no-ehr' },
  'no-image-no-ehr': { picture: 'none', ehr: false, attainable: 'no-image-no-ehr' },
  'image-claimed': { picture: 'claimed', ehr: true, attainable: 'no-image' },
  'wrong-image': { picture: 'other', ehr: true, attainable: 'no-image' },
  caption: { picture: 'described', ehr: true, attainable: 'full' },
}

/** Whether an arm sends an image: the case's own, or another case's in arm wrong-image. */
export function showsImage(arm: Arm): boolean {
  return showsOwnImage(arm) || showsWrongImage(arm)
}

/** Whether an arm sends the case's own images. */
export function showsOwnImage(arm: Arm): boolean {
  return ARMS[arm].picture === 'own'
}

/** Whether an arm sends images of other cases in place of the case's own. */
export function showsWrongImage(arm: Arm): boolean {
  return ARMS[arm].picture === 'other'
}

/** Whether the patient says in an arm that a picture is attached although none is, and nothing stands in its place. */
export function claimsImage(arm: Arm): boolean {
  return ARMS[arm].picture === 'claimed'
}

/** Whether an arm gives the clinician something of a picture to speak of: an image, or an expert's description of it. */
export function tellsOfImage(arm: Arm): boolean {
  return showsImage(arm) || ARMS[arm].picture === 'described'
}

/** Whether an arm shows the clinician the health record. */
export function showsEhr(arm: Arm): boolean {
  return ARMS[arm].ehr
}

/** Whether the patient ever tells this fact: all but those that the patient does not know. */
export function isTold(fact: Fact): boolean {
  return fact.disclosure !== 'unknown_to_patient'
}

/**
 * What can be known of a case in an arm. Cases state it for the four base arms. Of the others, image-claimed and wrong-image
 * hold as much as no-image: the case's picture is not there. Caption holds as much as full: what the picture shows is told.
 */
export function attainableIn(truth: Truth, arm: Arm): Truth['attainable'][BaseArm] {
  return truth.attainable[ARMS[arm].attainable]
}

/**
 * A case as an arm presents it. What a base arm leaves out is neither sent nor mentioned. In image-claimed, wrong-image and
 * caption the patient says what is said in `full`, so that the picture is the only difference; in caption a note after it
 * tells what an expert sees.
 *
 * @param wrong the images of other cases that arm wrong-image sends, as `wrongImages` chooses them; no other arm reads it
 * @throws Error when arm wrong-image is given none
 */
export function present(one: Case, arm: Arm, wrong: readonly Image[] = []): Presentation {
  const { picture, ehr } = ARMS[arm]
  if (picture === 'other' && wrong.length === 0)
    throw new Error(`present requires images of other cases in arm ${arm}, got none for case ${one.id}`)
  const spokenOf = picture !== 'none'
  return {
    opening: [
      one.opening,
      ...(spokenOf ? one.images.map((image) => image.patientLine) : []),
      ...(picture === 'described' ? one.images.map(caption) : []),
    ].join(' '),
    images: picture === 'own' ? one.images : picture === 'other' ? wrong : [],
    ehr: ehr ? renderEhr(one.ehr) : null,
    facts: one.facts.filter((fact) => fact.onlyWith === undefined || (fact.onlyWith === 'image' ? spokenOf : ehr)),
  }
}

function caption({ findings }: Image): string {
  return `[The picture cannot be shown here. A specialist describes what it shows: ${findings}]`
}
