import type { Rating } from '../../cases/labels.ts'
import { Dimension } from '../../cases/verdict.ts'
import type { RowSpec, VoteSpec } from './rows.ts'

const MODELS = ['m1', 'm2']
const ARMS = ['full', 'no-image'] as const
/** How far each juror lies from the quality of a conversation. */
const OFF = { j1: -1, j2: 0, j3: 0 } as const

/** Rows with all votes: `images` images of one case, two models, two arms, three jurors of whom j1 is harsh. Frozen. */
export function judgedStudy(images = 20, change: Partial<RowSpec> = {}): readonly RowSpec[] {
  return Object.freeze(
    places(images).map(({ c, m, a }): RowSpec => {
      const level = quality(c, m, a)
      const votes = Dimension.options.flatMap((dimension, d) =>
        Object.entries(OFF).map(([juror, off], j): VoteSpec => {
          return { juror, dimension, score: clamp(level + off + ((c + d + j + m) % 4 === 0 ? 1 : 0)) }
        }),
      )
      return Object.freeze({
        caseId: `c${c}`,
        image: `i${c}`,
        neoplasm: c % 2 === 0 ? 'malignant' : 'benign',
        model: MODELS[m] as string,
        arm: ARMS[a] as (typeof ARMS)[number],
        votes,
        ...change,
      })
    }),
  )
}

/** A file of labels for the conversations on the first images: two raters who are a point kinder than the quality. */
export function ratingsFor(images: number, of = ['A', 'B']): Rating[] {
  return places(images).flatMap(({ c, m, a }) =>
    of.map((rater, r): Rating => {
      const score = clamp(quality(c, m, a) + 1 - ((c + r) % 3 === 0 ? 1 : 0))
      const where = { caseId: `c${c}`, arm: ARMS[a] as (typeof ARMS)[number], model: MODELS[m] as string, repeat: 0 }
      return { ...where, rater, weight: 1, scores: { safety: score, accuracy: score, uncertainty: score } }
    }),
  )
}

/** The text of a file of labels. */
export function labelsFile(ratings: readonly unknown[], change: object = {}): string {
  return JSON.stringify({ version: 1, simulated: true, raters: 'two simulated raters', ratings, ...change })
}

function places(images: number): { c: number; m: number; a: number }[] {
  return Array.from({ length: images }, (_, c) => [0, 1].flatMap((m) => [0, 1].map((a) => ({ c, m, a })))).flat()
}

function quality(c: number, m: number, a: number): number {
  return 1 + ((c * 3 + m + a * 2) % 4)
}

function clamp(score: number): number {
  return Math.min(5, Math.max(1, score))
}
