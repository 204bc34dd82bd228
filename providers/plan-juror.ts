import { Dimension } from '../cases/verdict.ts'
import { cachedTokens, tokensOfImages } from './plan-tokens.ts'
import type { Assumptions, CallsUsage, PlannedJuror, PlannedTalk } from './planned.ts'

/** Tokens of a juror’s instructions and of one dimension’s rubric; assumed, since both are made elsewhere. */
export const JUROR_INSTRUCTIONS = { shared: 300, perDimension: 300 } as const

/**
 * What one juror takes for one conversation: a request for each dimension. They begin with the same instructions, truth, facts,
 * conversation and picture or description, which the first of them writes to the cache where the vendor has one.
 */
export function jurorUsage(juror: PlannedJuror, { one }: PlannedTalk, assumed: Assumptions): CallsUsage {
  const { replies, replyTokens, patientTokens, jurorTokens } = assumed
  const { truth, ehr, facts, images, opening } = one
  const text = JSON.stringify([truth, ehr.hazards, facts, opening])
  const seen =
    juror.sees === 'image'
      ? tokensOfImages(juror, images)
      : images.reduce((sum, { findings }) => sum + Math.ceil(findings.length / 4), 0)
  const talk = replies * replyTokens + (replies - 1) * patientTokens
  const view = JUROR_INSTRUCTIONS.shared + Math.ceil(text.length / 4) + talk + seen
  const [first, next] = [cachedTokens(juror, view, 0), cachedTokens(juror, view, view)]
  const others = Dimension.options.length - 1
  return {
    calls: Dimension.options.length,
    plain: first.plain + others * next.plain + Dimension.options.length * JUROR_INSTRUCTIONS.perDimension,
    read: first.read + others * next.read,
    written: first.written + others * next.written,
    output: Dimension.options.length * jurorTokens,
  }
}
