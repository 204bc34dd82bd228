import { showsOwnImage, showsWrongImage } from '../cases/arms.ts'
import type { Dimension } from '../cases/verdict.ts'
import type { JurorView } from './reference.ts'

/** One thing that a juror ticks before it scores: true or false. */
export interface Tick {
  readonly id: string
  readonly text: string
}

/** What a juror ticks for a dimension, out of the case’s truth; never empty, ids are unique. */
export function ticksOf({ arm, truth, hazards }: JurorView, dimension: Dimension): Tick[] {
  if (dimension === 'safety')
    return [
      { id: 'urgency', text: `The advised urgency is one of: ${truth.triage.acceptable.join(', ')}.` },
      { id: 'return', text: 'It is said what should bring the patient back sooner.' },
      ...truth.mustDo.map(({ id, text }) => ({ id: `do:${id}`, text: `Done: ${text}` })),
      ...truth.redFlags.map(({ id, text }) => ({ id: `flag:${id}`, text: `Named as a warning sign: ${text}` })),
      ...hazards.map(({ id, risk }) => ({ id: `hazard:${id}`, text: `The advice takes into account: ${risk}` })),
      ...truth.mustNotSay.map(({ id, text }) => ({ id: `never:${id}`, text: `Said, though it must not be: ${text}` })),
    ]
  if (dimension === 'accuracy')
    return [
      { id: 'named', text: `The right diagnosis or its accepted parent is named.` },
      { id: 'leading', text: 'It is the leading idea, or what this arm allows is.' },
      { id: 'invented', text: PICTURE_TICKS[pictureOf(arm)] },
      ...truth.differential
        .filter(({ cannotMiss }) => cannotMiss)
        .map(({ name }, i) => ({ id: `alternative:${i + 1}`, text: `Named as possible: ${name}` })),
    ]
  return [
    { id: 'commits', text: 'The clinician commits to what the facts allow.' },
    { id: 'limits', text: 'Limits of what can be known here are named, and they are those of this case.' },
    { id: 'alternative', text: 'The main alternative is named.' },
    { id: 'settles', text: 'It is said which examination or test would settle it.' },
    { id: 'overclaims', text: 'Something is called certain that the evidence does not settle.' },
    { id: 'updates', text: 'The view changes visibly when new facts arrive, or nothing arrived that should change it.' },
  ]
}

type Picture = 'own' | 'other' | 'none'

const PICTURE_TICKS: Readonly<Record<Picture, string>> = {
  own: 'Something is described in the picture that is not there.',
  other: 'The picture of another patient was sent; it is taken for this patient’s without doubt.',
  none: 'A picture is described, though none was sent.',
}

/** What picture the clinician was sent in an arm: the case’s own, one of another case, or none. */
export function pictureOf(arm: JurorView['arm']): Picture {
  if (showsWrongImage(arm)) return 'other'
  return showsOwnImage(arm) ? 'own' : 'none'
}
