import { smallestCache } from './models/vendor-tokens.ts'
import { JUROR_INSTRUCTIONS } from './plan-juror.ts'
import { reasons } from './plan-tokens.ts'
import type { Assumptions, PlanRow } from './planned.ts'

/** What a plan says beside its rows. */
export interface PlanContext {
  /** One line: which bank, how many cases, arms and repeats. */
  readonly about: string
  readonly assumed: Assumptions
}

/** A plan as plain text: a table of models, sums, and everything that was assumed. */
export function planText(rows: readonly PlanRow[], { about, assumed }: PlanContext): string {
  const head = ['model', 'conversations', 'calls', 'input', 'from cache', 'to cache', 'output', 'USD', 'USD longest']
  const body = rows.map(cells)
  return [about, '', ...table([head, ...body, sums(rows)]), '', ...assumptions(rows, assumed), ...notes(rows)].join('\n')
}

function cells({ model, conversations, calls, usage, costUsd, longestUsd }: PlanRow): string[] {
  const tokens = [usage.inputTokens, usage.cacheReadTokens, usage.cacheWriteTokens, usage.outputTokens]
  return [
    `${model.label}${model.flex ? ' (flex)' : ''}`,
    count(conversations),
    count(calls),
    ...tokens.map((value) => count(value ?? 0)),
    usd(costUsd),
    usd(longestUsd),
  ]
}

function sums(rows: readonly PlanRow[]): string[] {
  const sum = (of: (row: PlanRow) => number | null) => rows.reduce((all, row) => all + (of(row) ?? 0), 0)
  const money = (of: (row: PlanRow) => number | null) =>
    rows.every((row) => of(row) === null)
      ? usd(null)
      : `${rows.some((row) => of(row) === null) ? 'at least ' : ''}${usd(sum(of))}`
  return [
    'all',
    count(sum(({ role, conversations }) => (role === 'clinician' ? conversations : 0))),
    count(sum(({ calls }) => calls)),
    count(sum(({ usage }) => usage.inputTokens)),
    count(sum(({ usage }) => usage.cacheReadTokens)),
    count(sum(({ usage }) => usage.cacheWriteTokens)),
    count(sum(({ usage }) => usage.outputTokens)),
    money(({ costUsd }) => costUsd),
    money(({ longestUsd }) => longestUsd),
  ]
}

function assumptions(rows: readonly PlanRow[], assumed: Assumptions): string[] {
  const { replies, replyTokens, reasoningTokens, patientTokens, jurorTokens } = assumed
  const reasoning = rows.filter(({ model }) => reasons(model)).map(({ model }) => model.label)
  return [
    'Assumed; what is billed comes from the replies:',
    `- ${replies} replies in a conversation, the last one included (--replies)`,
    '- longest: as many replies as the configuration allows in every conversation, and no cache',
    `- ${replyTokens} tokens a reply (--reply-tokens), ${patientTokens} an answer of the patient (--patient-tokens), 4 characters a token`,
    `- ${reasoningTokens} tokens of reasoning a reply (--reasoning-tokens) of ${reasoning.length === 0 ? 'models that reason, here none' : reasoning.join(', ')}`,
    '- tokens of an image by its size and each vendor’s documented rule; 1,600 where none is known',
    `- a request finds the one before it in the cache, if that was long enough: ${share(rows)} of all input here. Tokens from which it is:`,
    `  ${smallestCaches(rows)}`,
    ...(rows.some(({ role }) => role === 'patient')
      ? ['- a simulated patient takes one request to choose facts and one for the words for each answer but the closing one']
      : []),
    ...(rows.some(({ role }) => role === 'juror')
      ? [
          `- ${jurorTokens} tokens a verdict (--juror-tokens), three verdicts a conversation; instructions of ${JUROR_INSTRUCTIONS.shared} tokens and ${JUROR_INSTRUCTIONS.perDimension} a dimension`,
        ]
      : []),
    '- an empty store, and no call made twice',
  ]
}

function notes(rows: readonly PlanRow[]): string[] {
  const unknown = rows.filter(({ costUsd }) => costUsd === null).map(({ model }) => model.label)
  const refused = rows.filter((row) => row.refused > 0).map((row) => `${row.model.label} ${row.refused}`)
  return [
    ...(unknown.length === 0 ? [] : [`Price not known, which does not mean free: ${unknown.join(', ')}`]),
    ...(refused.length === 0
      ? []
      : [`Not held (the image may not go to a third party, or no other image fits): ${refused.join(', ')} conversations`]),
  ]
}

function share(rows: readonly PlanRow[]): string {
  const read = rows.reduce((sum, { usage }) => sum + (usage.cacheReadTokens ?? 0), 0)
  const all = rows.reduce(
    (sum, { usage }) => sum + (usage.inputTokens ?? 0) + (usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0),
    0,
  )
  return all === 0 ? 'none' : `${Math.round((100 * read) / all)} %`
}

function smallestCaches(rows: readonly PlanRow[]): string {
  const least = rows.map(({ model: { label, vendor, name } }) => {
    const tokens = vendor === undefined ? Number.POSITIVE_INFINITY : smallestCache(vendor, name)
    return `${label} ${Number.isFinite(tokens) ? count(tokens) : 'never'}`
  })
  return least.join(', ')
}

function table(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
  const pad = (cell: string, i: number) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))
  return lines.map((line) => line.map(pad).join('  ').trimEnd())
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function usd(value: number | null): string {
  return value === null ? 'not known' : value.toFixed(2)
}
