import type { Conversation } from '../../analysis/conversations.ts'
import type { Estimate } from '../../analysis/estimate.ts'

/** How an arm is called and drawn. */
export type ArmLook = { id: string; name: string; colour: string; shape: string }

/** A number that the explorer can draw, with its interval in the text's level; `model` null is the average of models. */
export type ShownNumber = Pick<Estimate, 'estimand' | 'measure' | 'model' | 'arm' | 'value' | 'exploratory' | 'reason'> & {
  low: number | null
  high: number | null
  cases: number
  images: number
}

/** One way of scoring whose numbers the file holds, such as the jurors’ mean or their median. */
export type Scoring = { name: string; numbers: ShownNumber[] }

/** What the list of trials shows of one trial; `scores` in the order of `measures`, `review` the widest range or 0. */
export type TrialLine = Pick<Conversation, 'caseId' | 'image' | 'repeat' | 'malignant' | 'rare' | 'missing'> & {
  model: string
  arm: string
  scores: (number | null)[]
  review: number
}

/** What the script needs at once. Conversations follow in parts of `perPart` trials each, in the order of `trials`. */
export type PageData = {
  banner: string
  models: string[]
  /** The models’ names made safe to show and different from each other, in the order of `models`. */
  labels: string[]
  arms: ArmLook[]
  measures: string[]
  scorings: Scoring[]
  figures: { name: string; alt: string; spec: unknown }[]
  trials: TrialLine[]
  perPart: number
  /** Which part holds an image’s thumbnail. */
  thumbnails: Record<string, number>
}
