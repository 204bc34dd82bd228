import type { Transcript, Turn } from '../cases/transcript.ts'

/** What stands in a juror's text where a model or its maker was named. */
export const MASK = '[the clinician]'

/** The longest turn that a juror is shown, in UTF-16 code units; more is cut and the cut is told. */
export const LONGEST_TURN = 12_000

const THOUGHT = /<(think|thinking|thought|reasoning|reflection|scratchpad)>[\s\S]*?(<\/\1>|$)/gi

/** Names by which models of known vendors call themselves. Words of plain English count only beside a vendor or a number. */
const NAMES: readonly RegExp[] = [
  /\bclaude(?:[\s-]+(?:opus|sonnet|haiku|instant))?(?:[\s-]*\d+(?:[.-]\d+)*)?\b/gi,
  /\b(?:opus|sonnet|haiku)[\s-]*\d+(?:[.-]\d+)*\b/gi,
  /\banthropic\b/gi,
  /\b(?:chat[\s-]?)gpt(?:[\s-]*\d[\w.]*)?(?:[\s-](?:mini|nano|pro|turbo))?\b/gi,
  /\bgpt[\s-]*\d[\w.]*(?:[\s-](?:mini|nano|pro|turbo))?\b/gi,
  /\bopen\s?ai\b/gi,
  /\b(?:amazon\s+)(?:nova|titan|bedrock|web services)(?:[\s-]+\d*[\s-]*(?:pro|lite|micro|premier))?\b/gi,
  /\bnova[\s-]+\d*[\s-]*(?:pro|lite|micro|premier)\b/gi,
  /\bllama(?:[\s-]*\d+(?:\.\d+)*)?(?:[\s-]+(?:maverick|scout))?\b/gi,
  /\bmeta[\s-]?ai\b/gi,
  /\b(?:google\s+)?gemini(?:[\s-]*\d+(?:\.\d+)*)?(?:[\s-]+(?:pro|flash|ultra))?\b/gi,
  /\b(?:google\s+)?deep\s?mind\b/gi,
  /\b(?:mistral|mixtral|pixtral|qwen|deepseek|grok)(?:[\s-]*ai)?(?:[\s-]*v?\d+(?:\.\d+)*)?\b/gi,
  /\b(?:i am|i'm|i’m|called|named)\s+nova\b/gi,
]

/**
 * The turns of a conversation as a juror is shown them: without what tells which model held it.
 *
 * In the clinician’s turns thinking blocks are removed, names of models and vendors and the tested model’s own name are
 * replaced by `MASK`, markdown marks and pictograms are taken off, and very long turns are cut. Ids, order and the
 * patient’s turns stay as they are, apart from the cut.
 */
export function blindTurns({ turns, model }: Pick<Transcript, 'turns' | 'model'>): Turn[] {
  const own = ownNames(model.id)
  return turns.map((turn) => ({ ...turn, text: cut(turn.role === 'clinician' ? blind(turn.text, own) : turn.text) }))
}

function blind(text: string, own: readonly RegExp[]): string {
  const named = [...own, ...NAMES].reduce((masked, name) => masked.replace(name, MASK), text.replace(THOUGHT, ''))
  return withoutMarks(named)
}

/** The id after its vendor, such as `claude-opus-4-6`, with any separators; too short an id could be a plain word. */
function ownNames(id: string): RegExp[] {
  const name = id.slice(id.indexOf(':') + 1)
  const parts = name.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '')
  if (parts.join('').length < 5) return []
  return [new RegExp(parts.map((part) => RegExp.escape(part)).join('[^\\p{L}\\p{N}]{0,3}'), 'giu')]
}

function withoutMarks(text: string): string {
  return text
    .replace(/```[^\n]*\n?/g, '')
    .replace(/^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|[-*+•][ \t]+)/gm, '')
    .replace(/^[ \t]*(?:[-*_][ \t]*){3,}$/gm, '')
    .replace(/(\*\*|__|~~|`)(?=\S)([\s\S]*?\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*\n]*\S)\*(?![\w*])/g, '$1')
    .replace(/\[([^\]\n]+)\]\((?:[^()\n]*)\)/g, '$1')
    .replace(/\p{Extended_Pictographic}\uFE0F?/gu, '')
    .trim()
}

function cut(text: string): string {
  const rest = text.length - LONGEST_TURN
  return rest <= 0 ? text : `${text.slice(0, LONGEST_TURN).toWellFormed()} [cut here: ${rest} more characters]`
}
