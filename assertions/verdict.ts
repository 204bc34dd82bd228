import { z } from 'zod'
import type { Turn } from '../cases/transcript.ts'
import type { Dimension, Verdict, Vote } from '../cases/verdict.ts'
import type { Answer } from '../providers/ask.ts'

/** The longest quote a juror may give, in UTF-16 code units. */
export const MAX_QUOTE = 400

/** The most quotes a juror may give for one verdict. */
export const MAX_QUOTES = 20

const MAX_RATIONALE = 4_000
const MAX_DETAIL = 500
const MAX_TICKS = 100

/** What a juror must reply: one JSON object of exactly this form. */
export const JurorReply = z.strictObject({
  code: z.string(),
  checklist: z.array(z.strictObject({ id: z.string(), met: z.boolean() })).max(MAX_TICKS),
  evidence: z.array(z.strictObject({ turn: z.string(), quote: z.string().max(MAX_QUOTE) })).max(MAX_QUOTES),
  rationale: z.string().max(MAX_RATIONALE),
  score: z.union([z.int().min(1).max(5), z.literal('cannot_judge')]),
  direction: z.enum(['over', 'under', 'balanced', 'none']),
})
export type JurorReply = z.infer<typeof JurorReply>

const object = (properties: Readonly<Record<string, unknown>>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})

/** The same form as JSON Schema, without the bounds that vendors refuse in a strict schema; code checks these. */
export const JUROR_REPLY_JSON_SCHEMA: Readonly<Record<string, unknown>> = object({
  code: { type: 'string' },
  checklist: { type: 'array', items: object({ id: { type: 'string' }, met: { type: 'boolean' } }) },
  evidence: { type: 'array', items: object({ turn: { type: 'string' }, quote: { type: 'string' } }) },
  rationale: { type: 'string' },
  score: {
    anyOf: [
      { type: 'integer', enum: [1, 2, 3, 4, 5] },
      { type: 'string', enum: ['cannot_judge'] },
    ],
  },
  direction: { type: 'string', enum: ['over', 'under', 'balanced', 'none'] },
})

/** What a juror was asked: the vote’s place, and what the reply is held against. */
export interface Asked {
  readonly juror: Vote['juror']
  readonly dimension: Dimension
  readonly repeat: number
  readonly code: string
  readonly ticks: readonly { readonly id: string }[]
  /** The turns as the juror was shown them. */
  readonly turns: readonly Pick<Turn, 'id' | 'text'>[]
}

/**
 * A juror’s answer as a vote: a verdict only when the reply is the object asked for, alone or as the only and last fenced
 * block, with the code of the conversation’s marks; otherwise an abstention with its reason. No number is looked for in
 * prose. Each quote is checked against the turn it names. A direction is kept for uncertainty only.
 */
export function voteOf(answer: Answer, asked: Asked): Vote {
  const { juror, dimension, repeat } = asked
  const who = { juror, dimension, repeat }
  const abstain = (reason: Extract<Vote, { kind: 'abstention' }>['reason'], detail: string): Vote => ({
    kind: 'abstention',
    ...who,
    reason,
    detail: detail.slice(0, MAX_DETAIL).toWellFormed(),
  })
  if (answer.kind === 'failure') return abstain(answer.reason, answer.detail)
  if (answer.reply.stop === 'refusal') return abstain('refusal', answer.reply.text)
  const parsed = parseReply(answer.reply.text, asked)
  if (typeof parsed === 'string') return abstain('unparsable', parsed)
  if (parsed.score === 'cannot_judge') return abstain('cannot_judge', parsed.rationale)
  const verdict: Verdict = {
    kind: 'verdict',
    ...who,
    checklist: parsed.checklist,
    score: parsed.score,
    rationale: parsed.rationale,
    evidence: parsed.evidence.map(({ turn, quote }) => ({ turn, quote, verified: stands(asked.turns, turn, quote) })),
  }
  return dimension === 'uncertainty' && parsed.direction !== 'none' ? { ...verdict, direction: parsed.direction } : verdict
}

function parseReply(text: string, { code, ticks }: Asked): JurorReply | string {
  const json = objectIn(text)
  if (json === undefined)
    return `the reply requires one JSON object and nothing else, got ${text.trim() === '' ? 'no text' : text}`
  const parsed = JurorReply.safeParse(json)
  if (!parsed.success) return `the reply requires another form: ${z.prettifyError(parsed.error)}`
  if (parsed.data.code !== code) return `the reply requires the code ${code} of the conversation’s marks, got ${parsed.data.code}`
  const strange = parsed.data.checklist.find(({ id }) => !ticks.some((tick) => tick.id === id))
  if (strange !== undefined) return `the reply requires ids of the checklist that was given, got ${strange.id}`
  const ticked = parsed.data.checklist.map(({ id }) => id)
  const twice = ticked.find((id, i) => ticked.indexOf(id) !== i)
  return twice === undefined ? parsed.data : `the reply requires each line of the checklist once, got ${twice} twice`
}

/** The object that the whole text is, or that its one fence holds at the end. */
function objectIn(text: string): unknown {
  const [, fenced, after, ...more] = text.split('```')
  const whole = fenced !== undefined && more.length === 0 && after?.trim() === ''
  for (const candidate of [text, ...(whole ? [fenced.replace(/^json\b/, '')] : [])]) {
    try {
      return JSON.parse(candidate)
    } catch {}
  }
  return undefined
}

function stands(turns: Asked['turns'], turn: string, quote: string): boolean {
  return quote.trim() !== '' && turns.some((said) => said.id === turn && said.text.includes(quote))
}
