import type { Transcript, Turn } from '../cases/transcript.ts'

/** To be raised when jurors are shown a conversation in another way; the jury’s mark holds it. */
export const BLINDING = 2

/** What stands in a juror's text where a model or its maker was named. */
export const MASK = '[the clinician]'

/** The longest turn that a juror is shown, in UTF-16 code units; more is cut and the cut is told. */
export const LONGEST_TURN = 12_000

// Only at the start, where models that reason put it, and only when closed: otherwise a mark in the middle of a turn would
// hide from jurors what the patient was told.
const THOUGHT = /^(?:\s*<(think|thinking|thought|reasoning|reflection|scratchpad)>[\s\S]*?<\/\1>)+/i

/** What no reader sees and a model does: zero-width signs, direction marks, tag characters, control signs. */
const INVISIBLE = /(?![\t\n\r])[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}]/gu

// The rules below look at a bounded text: on an endless one some of them would take minutes.
const LONGEST_READ = LONGEST_TURN + 1_000

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
  /\bnova\s+here\b/gi,
  /\bo[134](?:[\s-](?:mini|pro|preview))\b/gi,
  /\baws(?:['’]s)?\b/gi,
  /\b(?:trained|made|built|developed|created|powered|provided)\s+by\s+(?:amazon|meta|google|microsoft|alibaba|xai)\b/gi,
]

/**
 * The turns of a conversation as a juror is shown them: without what tells which model held it.
 *
 * In the clinician’s turns a thinking block at the start is removed, names of models and vendors and the tested model’s own
 * name are replaced by `MASK`, markdown marks, pictograms and invisible signs are taken off, and very long turns are cut.
 * In the patient’s turns names are replaced too. Ids, order and all else stay as they are, apart from the cut.
 *
 * @param names further names of the tested model, such as its label in a run
 */
export function blindTurns({ turns, model }: Pick<Transcript, 'turns' | 'model'>, names: readonly string[] = []): Turn[] {
  const own = [model.id, ...names].flatMap(ownNames)
  return turns.map((turn) => ({ ...turn, text: turn.role === 'clinician' ? blind(turn.text, own) : cut(masked(turn.text, own)) }))
}

// Names are looked for last: a mark or an invisible sign in the middle of one would otherwise hide it.
function blind(text: string, own: readonly RegExp[]): string {
  const visible = text.replace(THOUGHT, '').replace(INVISIBLE, '')
  const read = withoutMarks(visible.slice(0, LONGEST_READ).toWellFormed())
  return cut(masked(read, own), Math.max(0, visible.length - LONGEST_READ))
}

function masked(text: string, own: readonly RegExp[]): string {
  return [...own, ...NAMES].reduce((left, name) => left.replace(name, MASK), text)
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
    .replace(/(\*\*|__|~~|`)(?=\S)([\s\S]{0,1000}?\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*\n]{0,1000}\S)\*(?![\w*])/g, '$1')
    .replace(/\[([^\]\n]{1,1000})\]\((?:[^()\n]{0,2000})\)/g, '$1')
    .replace(/\p{Extended_Pictographic}\uFE0F?/gu, '')
    .trim()
}

/** @param unread characters that follow the text and were left out before */
function cut(text: string, unread = 0): string {
  const rest = Math.max(0, text.length - LONGEST_TURN) + unread
  return rest === 0 ? text : `${text.slice(0, LONGEST_TURN).toWellFormed()} [cut here: ${rest} more characters]`
}
