import { jurorScores } from '../cases/calibration.ts'
import { Dimension } from '../cases/verdict.ts'
import type { ClinicianLabel } from './clinician-labels.ts'
import type { Study } from './estimands.ts'
import type { IntervalRule } from './inference.ts'
import { compareText } from './order.ts'
import type { Trial } from './trial.ts'

/** One conversation as its raters scored it on one dimension. */
export type Conversation = Pick<Trial, 'caseId' | 'image' | 'model' | 'family' | 'repeat' | 'clinicianWords'> & {
  /** The jury’s pooled score. */
  jury: number | null
  /** By juror, the mean of its repeats, before the caps. */
  votes: ReadonlyMap<string, number>
  /** Clinicians’ scores, of the lowest repeat of a case and model only. */
  clinicians: ReadonlyMap<string, number>
  /** Whether it is the lowest repeat of its case and model. */
  first: boolean
}

/** A juror; `family` is null when not told. */
export type JurorName = { id: string; family: string | null }

/** All that the jury’s tables of one dimension look at: arm `full`, trials that are not missing as a whole. */
export type JuryData = {
  dimension: Dimension
  conversations: readonly Conversation[]
  jurors: readonly JurorName[]
  /** Jurors with a verdict on this dimension, in the same order: one who never voted leaves the others comparable. */
  voters: readonly string[]
  /** Those who scored a conversation of this dimension. */
  clinicians: readonly string[]
  /** By juror, conversations about which it was asked and never gave a score. */
  abstentions: ReadonlyMap<string, number>
  models: readonly string[]
  rule: IntervalRule
}

const NOBODY: ReadonlyMap<string, number> = new Map()

/**
 * The conversations of arm `full` for each dimension with jurors’ and clinicians’ scores side by side. Labels without a
 * dimension are about safety. A label of a conversation that has no row in the study, or two labels of one clinician for one
 * conversation, is an Error; a label of a conversation that came to nothing is not used.
 */
export function juryData({ trials, models, rule }: Study, labels: readonly ClinicianLabel[]): JuryData[] {
  const full = trials.filter((trial) => trial.arm === 'full')
  const known = new Set(full.map(conversationKey))
  const stranger = labels.find((label) => !known.has(conversationKey(label)))
  if (stranger !== undefined)
    throw new Error(
      `clinicians’ labels require a case and model of the results in arm full, got case ${stranger.caseId}, model ${stranger.model}`,
    )
  const jurors = jurorsOf(trials)
  return Dimension.options.map((dimension) => {
    const scores = scoresOf(labels.filter((label) => (label.dimension ?? 'safety') === dimension))
    const conversations = conversationsOf(full, dimension, scores)
    const voted = new Set(conversations.flatMap(({ votes }) => [...votes.keys()]))
    const voters = jurors.map(({ id }) => id).filter((id) => voted.has(id))
    const clinicians = sorted(conversations.flatMap((conversation) => [...conversation.clinicians.keys()]))
    const abstentions = abstentionsOf(full, dimension)
    return { dimension, conversations, jurors, voters, clinicians, abstentions, models, rule }
  })
}

/** How many distinct cases and images stand behind conversations. */
export function casesAndImages(conversations: readonly Conversation[]): { nCases: number; nImages: number } {
  return {
    nCases: new Set(conversations.map(({ caseId }) => caseId)).size,
    nImages: new Set(conversations.map(({ image }) => image)).size,
  }
}

/** The mean of scores. No score is a RangeError. */
export function meanScore(scores: Iterable<number>): number {
  let sum = 0
  let n = 0
  for (const score of scores) {
    sum += score
    n++
  }
  if (n === 0) throw new RangeError('meanScore requires at least one score, got none')
  return sum / n
}

type Scores = ReadonlyMap<string, ReadonlyMap<string, number>>

function scoresOf(labels: readonly ClinicianLabel[]): Scores {
  const scores = new Map<string, Map<string, number>>()
  for (const label of labels) {
    const key = conversationKey(label)
    const ofConversation = scores.get(key) ?? new Map<string, number>()
    if (ofConversation.has(label.clinician))
      throw new Error(
        `clinicians’ labels require one score of a clinician, got two of ${label.clinician} for case ${label.caseId}, model ${label.model}`,
      )
    scores.set(key, ofConversation.set(label.clinician, label.score))
  }
  return scores
}

function conversationsOf(full: readonly Trial[], dimension: Dimension, scores: Scores): Conversation[] {
  const seen = new Set<string>()
  return full
    .toSorted((a, b) => a.repeat - b.repeat)
    .flatMap((trial): Conversation[] => {
      const key = conversationKey(trial)
      const first = !seen.has(key)
      seen.add(key)
      if (trial.missing !== null) return []
      const { caseId, image, model, family, repeat, clinicianWords } = trial
      const jury = trial.scores[dimension].value
      const clinicians = (first ? scores.get(key) : undefined) ?? NOBODY
      return [{ caseId, image, model, family, repeat, clinicianWords, jury, votes: votesOf(trial, dimension), clinicians, first }]
    })
}

/** Each juror’s own score, before the caps, which are none of its opinion. */
function votesOf(trial: Trial, dimension: Dimension): Map<string, number> {
  const own = trial.votes.filter((vote) => vote.dimension === dimension)
  if (own.some(({ repeat }) => repeat > 0)) return jurorScores(own, [], dimension, null)
  // A table of scores has millions of votes: without repeats there is nothing to average.
  return new Map(own.flatMap(({ juror, score }) => (score === null ? [] : [[juror, score] as const])))
}

function abstentionsOf(full: readonly Trial[], dimension: Dimension): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { votes } of full) {
    const own = votes.filter((vote) => vote.dimension === dimension)
    const scored = new Set(own.filter(({ score }) => score !== null).map(({ juror }) => juror))
    const silent = new Set(own.map(({ juror }) => juror)).difference(scored)
    for (const juror of silent) counts.set(juror, (counts.get(juror) ?? 0) + 1)
  }
  return counts
}

function jurorsOf(trials: readonly Trial[]): JurorName[] {
  const families = new Map<string, string | null>()
  for (const { votes } of trials) for (const { juror, family } of votes) families.set(juror, family === '' ? null : family)
  return [...families].sort(([a], [b]) => compareText(a, b)).map(([id, family]) => ({ id, family }))
}

function conversationKey({ caseId, model }: { caseId: string; model: string }): string {
  return JSON.stringify([caseId, model])
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compareText)
}
