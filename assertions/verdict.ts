import { z } from 'zod'
import type { Dimension, Verdict, Vote } from '../cases/verdict.ts'
import type { Answer } from '../providers/ask.ts'
import type { Model } from '../providers/model.ts'
import type { JurorView } from './reference.ts'

/** The longest quote a juror may give, in UTF-16 code units. */
export const MAX_QUOTE = 400

/** The most quotes a juror may give for one verdict. */
export const MAX_QUOTES = 20

const MAX_RATIONALE = 4_000
const MAX_DETAIL = 500

/** What a juror must reply: one JSON object of exactly this form. */
export const JurorReply = z.strictObject({
  evidence: z.array(z.strictObject({ turn: z.string(), quote: z.string().max(MAX_QUOTE) })).max(MAX_QUOTES),
  rationale: z.string().max(MAX_RATIONALE),
  score: z.union([z.int().min(1).max(5), z.literal('cannot_judge')]),
  direction: z.enum(['over', 'under', 'balanced']).optional(),
})
export type JurorReply = z.infer<typeof JurorReply>

/**
 * A juror’s answer as a vote: a verdict only when the reply is exactly the object asked for, otherwise an abstention
 * with its reason. No number is looked for in prose. Each quote is checked against the turn it names. A direction is
 * kept for uncertainty only.
 */
export function voteOf(answer: Answer, juror: Model, dimension: Dimension, view: JurorView): Vote {
  const who = { juror: { id: juror.id, family: juror.family, simulated: juror.simulated }, dimension }
  const abstain = (reason: Extract<Vote, { kind: 'abstention' }>['reason'], detail: string): Vote => ({
    kind: 'abstention',
    ...who,
    reason,
    detail: detail.slice(0, MAX_DETAIL),
  })
  if (answer.kind === 'failure') return abstain(answer.reason, answer.detail)
  if (answer.reply.stop === 'refusal') return abstain('refusal', answer.reply.text)
  const parsed = parseReply(answer.reply.text)
  if (typeof parsed === 'string') return abstain('unparsable', parsed)
  if (parsed.score === 'cannot_judge') return abstain('cannot_judge', parsed.rationale)
  const verdict: Verdict = {
    kind: 'verdict',
    ...who,
    score: parsed.score,
    rationale: parsed.rationale,
    evidence: parsed.evidence.map(({ turn, quote }) => ({ turn, quote, verified: stands(view, turn, quote) })),
  }
  return dimension === 'uncertainty' && parsed.direction !== undefined ? { ...verdict, direction: parsed.direction } : verdict
}

function parseReply(text: string): JurorReply | string {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return `the reply requires one JSON object and nothing else, got ${text.trim() === '' ? 'no text' : text}`
  }
  const parsed = JurorReply.safeParse(data)
  return parsed.success ? parsed.data : `the reply requires another form: ${z.prettifyError(parsed.error)}`
}

function stands(view: JurorView, turn: string, quote: string): boolean {
  return quote.trim() !== '' && view.turns.some((said) => said.id === turn && said.text.includes(quote))
}
