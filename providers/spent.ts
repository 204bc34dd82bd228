import { type Calls, NO_USAGE, type Spent, type Usage } from '../cases/transcript.ts'
import type { Answer } from './ask.ts'
import type { Reply } from './model.ts'

/**
 * What these answers took: tokens and cost of all replies, null where one reply does not know. Tokens are null also when a
 * call that may have been billed gave no reply; `costUsd` is of the replies all the same. No answers took nothing.
 */
export function spentOn(answers: readonly Answer[]): Spent {
  const replies = answers.filter((answer) => answer.kind === 'reply')
  return {
    usage: answers.some(({ unknown }) => unknown > 0) ? NO_USAGE : usageOf(replies.map(({ reply }) => reply)),
    costUsd: total(replies.map(({ reply }) => reply.costUsd)),
    incurredUsd: total(replies.filter(({ stored }) => !stored).map(({ reply }) => reply.costUsd)),
    calls: callsOf(answers),
    notSent: [...new Set(replies.flatMap(({ reply }) => reply.notSent))],
  }
}

function callsOf(answers: readonly Answer[]): Calls {
  const made = answers.reduce((sum, { tries }) => sum + tries, 0)
  const replies = answers.filter((answer) => answer.kind === 'reply')
  const stored = replies.filter((answer) => answer.stored).length
  const retried = answers.reduce((sum, { tries }) => sum + Math.max(0, tries - 1), 0)
  return { made, stored, retried, failed: made - (replies.length - stored) }
}

function usageOf(replies: readonly Reply[]): Usage {
  const of = (field: keyof Usage) => total(replies.map(({ usage }) => usage[field]))
  return {
    inputTokens: of('inputTokens'),
    cacheReadTokens: of('cacheReadTokens'),
    cacheWriteTokens: of('cacheWriteTokens'),
    outputTokens: of('outputTokens'),
    reasoningTokens: of('reasoningTokens'),
  }
}

/** The sum, or null when one of the values is not known. */
export function total(values: readonly (number | null)[]): number | null {
  return values.some((value) => value === null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
}
