import { z } from 'zod'
import { Labels, type Rating } from '../cases/labels.ts'
import { sha256Of } from '../cases/sha256.ts'
import { conversationSha256 } from '../cases/transcript.ts'
import type { Dimension } from '../cases/verdict.ts'
import type { ClinicianLabel } from './clinician-labels.ts'
import { compareText } from './order.ts'
import type { RowContent } from './row-content.ts'
import { nameOfTrial } from './tidy-table.ts'
import { type Trial, trialKey } from './trial.ts'

/** All ratings of one or more files of labels. */
export type LabelSet = {
  simulated: boolean
  /** Who rated, in words; of several files joined by “and”. */
  raters: string
  /** Of each file, in rising order. */
  sha256: string[]
  /** Each with the place in its file, for messages. */
  ratings: readonly (Rating & { place: string })[]
}

/** A trial with what people said of it. */
export type LabelledTrial = {
  trial: Trial
  ratings: readonly Rating[]
  /** How many conversations of the run it stands for: the mean of what its ratings say. */
  weight: number
}

/**
 * The labels in the texts of files. A file that does not fit the schema, two ratings of one trial by one rater, or files of
 * which some are simulated and some are not, is an Error naming file, field and value. No file is a RangeError.
 */
export function readLabels(files: readonly { file: string; text: string }[]): LabelSet {
  const parsed = files.map(({ file, text }) => ({ file, text, labels: parseLabels(text, file) }))
  const [first] = parsed
  if (first === undefined) throw new RangeError('readLabels requires at least one file of labels, got none')
  const other = parsed.find(({ labels }) => labels.simulated !== first.labels.simulated)
  if (other !== undefined)
    throw new Error(
      `${other.file} field simulated requires ${first.labels.simulated} as in ${first.file}, got ${other.labels.simulated}`,
    )
  const ratings = parsed.flatMap(({ file, labels }) =>
    labels.ratings.map((rating, i) => ({ ...rating, place: `${file} field ratings[${i}]` })),
  )
  const known = new Map<string, string>()
  for (const rating of ratings) {
    const key = JSON.stringify([trialKey(rating), rating.rater])
    const earlier = known.get(key)
    if (earlier !== undefined)
      throw new Error(
        `${rating.place} requires one rating of each trial by each rater, got a second of ${nameOfTrial(rating)} by rater ${rating.rater}, after ${earlier}`,
      )
    known.set(key, rating.place)
  }
  return {
    simulated: first.labels.simulated,
    raters: [...new Set(parsed.map(({ labels }) => labels.raters))].sort(compareText).join(' and '),
    sha256: parsed.map(({ text }) => sha256Of(text)).sort(compareText),
    ratings,
  }
}

/**
 * The trials that are rated, in the order of the trials, each with its ratings in the order of raters. A rating of a trial
 * that is not among them is an Error: the labels are of another run.
 */
export function labelledTrials({ ratings }: LabelSet, trials: readonly Trial[]): LabelledTrial[] {
  const known = new Set(trials.map(trialKey))
  const stranger = ratings.find((rating) => !known.has(trialKey(rating)))
  if (stranger !== undefined)
    throw new Error(
      `${stranger.place} requires a trial of these results, got ${nameOfTrial(stranger)}: these labels are of another run`,
    )
  const byTrial = Map.groupBy(ratings, trialKey)
  return trials.flatMap((trial): LabelledTrial[] => {
    const own = byTrial.get(trialKey(trial))?.toSorted((a, b) => compareText(a.rater, b.rater))
    if (own === undefined) return []
    return [{ trial, ratings: own, weight: own.reduce((sum, { weight }) => sum + weight, 0) / own.length }]
  })
}

/**
 * Refuses labels of a trial whose conversation in these results is in other words than the one that was rated: a run repeated
 * has the same trials, and nobody has rated it. Labels that do not say what was rated are not checked.
 */
export function requireSameWords({ ratings }: LabelSet, contents: readonly RowContent[]): void {
  const held = new Map(
    contents.flatMap(({ identity: { caseId, repeat }, arm, model, transcript }) =>
      transcript === null ? [] : [[trialKey({ caseId, repeat, arm, model }), conversationSha256(transcript)] as const],
    ),
  )
  const other = ratings.find((rating) => {
    const words = held.get(trialKey(rating))
    return rating.conversation !== undefined && words !== undefined && words !== rating.conversation
  })
  if (other !== undefined)
    throw new Error(
      `${other.place} requires the conversation that was rated, got one in other words for ${nameOfTrial(other)}: these labels are of another run`,
    )
}

/** The scores that raters gave on a dimension; “cannot judge” is none of them. */
export function ratedScores(ratings: readonly Rating[], dimension: Dimension): number[] {
  return ratings.flatMap(({ scores }) => (scores[dimension] === 'cannot_judge' ? [] : scores[dimension]))
}

/** The ratings as scores of arm full for the tables of jury and clinicians: of the lowest repeat of a case and model only. */
export function clinicianLabels(labels: LabelSet, trials: readonly Trial[]): ClinicianLabel[] {
  const full = trials.filter(({ arm }) => arm === 'full')
  const lowest = new Map<string, number>()
  for (const { caseId, model, repeat } of full) {
    const key = JSON.stringify([caseId, model])
    lowest.set(key, Math.min(repeat, lowest.get(key) ?? repeat))
  }
  return labelledTrials(labels, trials).flatMap(({ trial: { caseId, image, model, arm, repeat }, ratings }) => {
    if (arm !== 'full' || lowest.get(JSON.stringify([caseId, model])) !== repeat) return []
    return ratings.flatMap(({ rater, scores }) =>
      (Object.keys(scores) as Dimension[]).flatMap((dimension): ClinicianLabel[] => {
        const score = scores[dimension]
        return score === 'cannot_judge' ? [] : [{ caseId, image, model, clinician: rater, dimension, score }]
      }),
    )
  })
}

function parseLabels(text: string, file: string): Labels {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`${file} requires whole JSON, got text that breaks off or is malformed: ${(error as Error).message}`)
  }
  const parsed = Labels.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path ?? []
  const field = path.length === 0 ? '' : ` field ${z.core.toDotPath(path)}`
  const got = path.reduce<unknown>((inside, key) => (inside as Record<PropertyKey, unknown> | undefined)?.[key], value)
  const wanted = path.at(-2) === 'scores' ? 'a score from 1 to 5 or “cannot_judge”' : 'what the format of labels asks for'
  throw new Error(`${file}${field} requires ${wanted}, got ${shown(got)} (${issue?.message ?? 'invalid'})`)
}

function shown(value: unknown): string {
  const text = value === undefined ? 'none' : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
