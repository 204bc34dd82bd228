import { REVIEW_RANGE, scoreRange } from '../cases/pool.ts'
import { Dimension } from '../cases/verdict.ts'
import type { Analysis, Run } from './analyze.ts'
import { type Conversation, type Conversations, Thumbnail } from './conversations.ts'
import { compareText } from './order.ts'
import type { ResultRow } from './results.ts'
import { type RowContent, rowContent } from './row-content.ts'
import { type Trial, trialKey } from './trial.ts'

/**
 * What was said and voted in every trial of an analysis, from the same runs. Pure: rows in any order give the same bytes.
 * Of rows that repeat a trial, the one whose text sorts first is kept. A trial without a row keeps its place, with the
 * reason. A picture is taken from the rows’ variables, once for each image; one that is not a small embedded picture is not.
 */
export function collectConversations(runs: readonly Run[], { estimates, trials }: Analysis): Conversations {
  const rows = runs.flatMap(({ rows, source }) =>
    rows.map((row, index) => ({ row, content: rowContent(row, `${source} row ${index + 1}`) })),
  )
  const contents = new Map<string, RowContent>()
  for (const { content } of rows) {
    const key = keyOf(content)
    const known = contents.get(key)
    if (known === undefined || compareText(JSON.stringify(content), JSON.stringify(known)) < 0) contents.set(key, content)
  }
  return {
    version: 1,
    bank: { name: estimates.bank.name, sha256: estimates.bank.sha256 },
    thumbnails: thumbnailsOf(rows),
    trials: trials.map((trial) => conversationOf(trial, contents.get(trialKey(trial)))),
  }
}

function keyOf({ identity: { caseId, repeat }, arm, model }: RowContent): string {
  return trialKey({ caseId, arm, model, repeat })
}

function conversationOf(trial: Trial, content: RowContent | undefined): Conversation {
  const { caseId, image, malignant, rare, model, arm, repeat, scores, missing } = trial
  const grade = content?.grade ?? null
  return {
    ...{ caseId, image, malignant, rare, model, arm, repeat, scores, missing },
    transcript: content?.transcript == null ? null : heldAs(content.transcript),
    grade: grade === null ? null : judgedAs(grade),
    review: grade === null ? [] : reviewOf(grade),
  }
}

function heldAs({ model, patient, turns, proofs, stop, usage, costUsd, incurredUsd, calls, notSent }: Held) {
  return { model, patient, turns, proofs, stop, usage, costUsd, incurredUsd, calls, notSent }
}
type Held = NonNullable<RowContent['transcript']>

function judgedAs({ votes, caps, pooled, checklist, triage, spent }: NonNullable<RowContent['grade']>) {
  return { votes, caps, pooled, checklist, triage, spent }
}

function reviewOf({ votes }: NonNullable<RowContent['grade']>): Conversation['review'] {
  return Dimension.options
    .map((dimension) => ({ dimension, range: scoreRange(votes, dimension) }))
    .filter(({ range }) => range >= REVIEW_RANGE)
}

function thumbnailsOf(rows: readonly { row: ResultRow; content: RowContent }[]): Record<string, string> {
  const found = rows.flatMap(({ row, content }): [string, string][] => {
    const picture = Thumbnail.safeParse(pictureOf(row))
    return picture.success ? [[content.identity.image, picture.data]] : []
  })
  found.sort(([a, one], [b, other]) => compareText(a, b) || compareText(other, one))
  return Object.fromEntries(found)
}

function pictureOf(row: ResultRow): unknown {
  const own = row.vars as { picture?: unknown } | null | undefined
  const of = row.testCase?.vars as { picture?: unknown } | null | undefined
  return own?.picture ?? of?.picture
}
