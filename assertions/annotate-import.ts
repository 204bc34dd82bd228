import type { z } from 'zod'
import { Labels, type RatedScore, type Rating } from '../cases/labels.ts'
import { Dimension } from '../cases/verdict.ts'
import { RaterFile, StudyKey } from './annotation-study.ts'

/** A file as it was read: its name for messages, and its text. */
export interface ReadFile {
  readonly file: string
  readonly text: string
}

/** What came of the raters’ files. */
export interface Imported {
  readonly ratings: readonly Rating[]
  /** For each rater of the study: how many conversations were given out and how many are whole; null without a file. */
  readonly raters: readonly { readonly name: string; readonly given: number; readonly whole: number | null }[]
  /** Ratings of one conversation, by its opaque id. */
  readonly byItem: ReadonlyMap<string, readonly Rating[]>
}

// Scores of one dimension that differ by this much between two raters ask for a third.
const THIRD_RATER_RANGE = 2

/**
 * Reads a study’s key.
 *
 * @throws Error that names file and field
 */
export function readKey({ file, text }: ReadFile): StudyKey {
  return parse(StudyKey, { file, text })
}

/**
 * Joins the raters’ files to the trials of a study. All files are checked before anything is joined. Conversations that a
 * rater has not finished are counted and left out: a score that was not given is no score.
 *
 * @throws Error that names file, field and value: another form, another study, a rater twice or unknown, a conversation that
 * was not given to the rater or that stands there twice, a comment that is too long
 */
export function importRatings(key: StudyKey, files: readonly ReadFile[]): Imported {
  const read = files.map((one) => ({ ...one, data: parse(RaterFile, one) }))
  for (const [i, { file, data }] of read.entries()) {
    if (data.study !== key.study) throw new Error(`${file}: study: requires ${key.study}, got ${data.study}, another study`)
    const own = key.raters.find(({ name }) => name === data.rater)
    if (own === undefined) throw new Error(`${file}: rater: requires one of the study’s raters, got ${data.rater}`)
    const earlier = read.slice(0, i).find((other) => other.data.rater === data.rater)
    if (earlier !== undefined)
      throw new Error(`${file}: rater: requires each rater once, got ${data.rater} as in ${earlier.file}`)
    const seen = new Set<string>()
    for (const [n, { item }] of data.ratings.entries()) {
      if (!own.items.includes(item))
        throw new Error(`${file}: ratings.${n}.item: requires a conversation that rater ${data.rater} was given, got ${item}`)
      if (seen.has(item)) throw new Error(`${file}: ratings.${n}.item: requires each conversation once, got ${item} twice`)
      seen.add(item)
    }
  }
  const byItem = new Map(key.items.map(({ id }) => [id, read.flatMap(({ data }) => ratingOf(key, data, id))] as const))
  return {
    ratings: [...byItem.values()].flat(),
    raters: key.raters.map(({ name, items }) => {
      const found = read.some(({ data }) => data.rater === name)
      const whole = [...byItem.values()].flat().filter(({ rater }) => rater === name).length
      return { name, given: items.length, whole: found ? whole : null }
    }),
    byItem,
  }
}

/**
 * The labels of a study as `labels.json` holds them.
 *
 * @param raters who rated, in words
 * @throws Error when no conversation was rated to its end
 */
export function labelsOf(imported: Imported, raters: string, simulated: boolean): Labels {
  if (imported.ratings.length === 0)
    throw new Error('labels require at least one conversation that is rated to its end, got none')
  return Labels.parse({ version: 1, simulated, raters, ratings: imported.ratings })
}

function ratingOf(key: StudyKey, { rater, ratings }: RaterFile, id: string): Rating[] {
  const given = ratings.find(({ item }) => item === id)
  const trial = key.items.find((item) => item.id === id)
  if (given === undefined || trial === undefined) return []
  const { safety, accuracy, uncertainty } = given.scores
  if (safety === null || accuracy === null || uncertainty === null) return []
  const { id: _, ...named } = trial
  const comment = given.comment.trim() === '' ? {} : { comment: given.comment }
  return [{ ...named, rater, scores: { safety, accuracy, uncertainty }, ...comment }]
}

/** How two raters’ scores of one dimension agree, over all pairs of raters of a conversation. */
export interface Agreement {
  readonly dimension: Dimension
  /** Pairs of two scores; those with “cannot judge” are not among them. */
  readonly pairs: number
  /** Share of pairs with equal scores, and with scores at most one apart; null without a pair. */
  readonly exact: number | null
  readonly adjacent: number | null
  /** What a rater who always gave the one best score would reach in `adjacent`; null without a pair. */
  readonly constant: number | null
}

/** Simple agreement between raters by dimension; kappa and intervals are the analysis’ part. */
export function agreementOf({ byItem }: Imported): Agreement[] {
  return Dimension.options.map((dimension) => {
    const pairs = [...byItem.values()].flatMap((ratings) => pairsOf(scoresOf(ratings, dimension)))
    const share = (counts: (one: readonly [number, number]) => boolean) =>
      pairs.length === 0 ? null : pairs.filter(counts).length / pairs.length
    const all = pairs.flat()
    const near = [1, 2, 3, 4, 5].map((constant) => all.filter((score) => Math.abs(score - constant) <= 1).length / all.length)
    return {
      dimension,
      pairs: pairs.length,
      exact: share(([a, b]) => a === b),
      adjacent: share(([a, b]) => Math.abs(a - b) <= 1),
      constant: pairs.length === 0 ? null : Math.max(...near),
    }
  })
}

/** Conversations on which raters differ by 2 or more in a dimension, with the dimensions; without those that three have rated. */
export function disputed({ byItem }: Imported): { readonly id: string; readonly dimensions: readonly Dimension[] }[] {
  return [...byItem].flatMap(([id, ratings]) => {
    const dimensions = Dimension.options.filter((dimension) =>
      pairsOf(scoresOf(ratings, dimension)).some(([a, b]) => Math.abs(a - b) >= THIRD_RATER_RANGE),
    )
    return dimensions.length === 0 || ratings.length > 2 ? [] : [{ id, dimensions }]
  })
}

/** The conversations that wait for a rater: they were given to one whose file is not here. */
export function awaited(key: StudyKey, { raters }: Imported): ReadonlySet<string> {
  const without = new Set(raters.filter(({ whole }) => whole === null).map(({ name }) => name))
  return new Set(key.raters.filter(({ name }) => without.has(name)).flatMap(({ items }) => items))
}

function scoresOf(ratings: readonly Rating[], dimension: Dimension): number[] {
  return ratings.flatMap(({ scores }) => {
    const score: RatedScore = scores[dimension]
    return score === 'cannot_judge' ? [] : score
  })
}

function pairsOf(scores: readonly number[]): (readonly [number, number])[] {
  return scores.flatMap((a, i) => scores.slice(i + 1).map((b) => [a, b] as const))
}

function parse<T extends z.ZodType>(schema: T, { file, text }: ReadFile): z.output<T> {
  let data: unknown
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new Error(`${file} requires whole JSON, got ${(error as Error).message}`)
  }
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  throw new Error(`${file} requires another form: ${parsed.error.issues.slice(0, 10).map(wordsOf(data)).join('; ')}`)
}

function wordsOf(data: unknown): (issue: z.core.$ZodIssue) => string {
  return ({ path, message }) => {
    const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], data)
    const got = typeof value === 'object' ? '' : `, got ${JSON.stringify(value)?.slice(0, 80)}`
    return `${path.map(String).join('.') || 'file'}: ${message}${got}`
  }
}
