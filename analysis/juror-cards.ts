import { JurorSight } from '../cases/verdict.ts'
import type { JurorCard, JurorCost } from './estimate-jury.ts'
import { LEVELS } from './level.ts'
import { compareText } from './order.ts'
import type { JurorSpent, Trial, TrialVote } from './trial.ts'

/** One vote with the conversation that it is about. */
type Cast = TrialVote & { trial: Trial }

/**
 * One card a dimension and juror, over the votes of all arms: what the juror was shown, how often it gave no score and why,
 * how many of its quotes are real, how it spreads its scores, and how steady it is when asked again.
 */
export function jurorCards(trials: readonly Trial[], dimension: JurorCard['dimension']): JurorCard[] {
  const casts = trials.flatMap((trial) => trial.votes.map((vote): Cast => ({ ...vote, trial })))
  const byJuror = Map.groupBy(casts, ({ juror }) => juror)
  return [...byJuror]
    .sort(([a], [b]) => compareText(a, b))
    .map(([juror, all]) => {
      const own = all.filter((cast) => cast.dimension === dimension)
      return cardOf(dimension, juror, own)
    })
}

/** One row a juror: what its verdicts took over all arms and dimensions. A juror of whom nothing is told has no row. */
export function jurorCosts(trials: readonly Trial[]): JurorCost[] {
  const spent = Map.groupBy(
    trials.flatMap((trial) => trial.spent.map((one) => ({ ...one, trial }))),
    ({ juror }) => juror,
  )
  return [...spent].sort(([a], [b]) => compareText(a, b)).map(([juror, own]) => costOf(juror, own))
}

function cardOf(dimension: JurorCard['dimension'], juror: string, own: readonly Cast[]): JurorCard {
  const scores = own.flatMap(({ score }) => score ?? [])
  const quotes = own.flatMap((cast) => cast.quotes ?? [])
  const nQuotes = quotes.reduce((sum, { given }) => sum + given, 0)
  const nVerified = quotes.reduce((sum, { verified }) => sum + verified, 0)
  const reasons = [...Map.groupBy(own, ({ missing }) => missing)].flatMap(([reason, casts]) =>
    reason === null ? [] : [{ reason, count: casts.length }],
  )
  return {
    dimension,
    juror,
    saw: JurorSight.options.filter((sight) => own.some(({ saw }) => saw === sight)),
    nConversations: new Set(own.map(({ trial }) => trial)).size,
    nAsked: own.length,
    nVerdicts: scores.length,
    abstentions: reasons.sort((a, b) => b.count - a.count || compareText(a.reason, b.reason)),
    abstentionRate: own.length === 0 ? null : (own.length - scores.length) / own.length,
    nQuotes,
    nVerified,
    quoteValidity: nQuotes === 0 ? null : nVerified / nQuotes,
    distribution: Array.from({ length: LEVELS }, (_, i) => scores.filter((score) => score === i + 1).length),
    ...repeatSpread(own),
  }
}

/** The standard deviation within a conversation, from the squares of all conversations with two verdicts or more. */
function repeatSpread(own: readonly Cast[]): Pick<JurorCard, 'repeatStandardDeviation' | 'nRepeated'> {
  const repeated = [...Map.groupBy(own, ({ trial }) => trial).values()]
    .map((casts) => casts.flatMap(({ score }) => score ?? []))
    .filter((scores) => scores.length >= 2)
  if (repeated.length === 0) return { repeatStandardDeviation: null, nRepeated: 0 }
  const squares = repeated.map((scores) => {
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
    return scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  })
  const df = repeated.reduce((sum, { length }) => sum + length - 1, 0)
  return {
    repeatStandardDeviation: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / df),
    nRepeated: repeated.length,
  }
}

function costOf(juror: string, own: readonly (JurorSpent & { trial: Trial })[]): JurorCost {
  const nVerdicts = own.reduce(
    (sum, { trial }) => sum + trial.votes.filter((vote) => vote.juror === juror && vote.score !== null).length,
    0,
  )
  const costUsd = total(own.map((one) => one.costUsd))
  const inputTokens = total(own.map(({ usage }) => usage.inputTokens))
  const outputTokens = total(own.map(({ usage }) => usage.outputTokens))
  const each = (sum: number | null) => (sum === null || nVerdicts === 0 ? null : sum / nVerdicts)
  return {
    juror,
    nConversations: own.length,
    nVerdicts,
    costUsd,
    costPerVerdict: each(costUsd),
    inputTokens,
    cacheReadTokens: total(own.map(({ usage }) => usage.cacheReadTokens)),
    cacheWriteTokens: total(own.map(({ usage }) => usage.cacheWriteTokens)),
    outputTokens,
    outputTokensPerVerdict: each(outputTokens),
  }
}

/** The sum, or null when one of the values is not known. */
function total(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
}
