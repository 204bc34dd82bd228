import type { Case } from '../cases/schema.ts'
import type { Transcript } from '../cases/transcript.ts'
import { Dimension, type Grade } from '../cases/verdict.ts'
import type { Ask } from '../providers/ask.ts'
import type { Model } from '../providers/model.ts'
import { capsOf } from './caps.ts'
import { checklist } from './checklist.ts'
import { jurorRequest } from './juror-prompt.ts'
import { majority, pool } from './pool.ts'
import { jurorView } from './reference.ts'
import { RUBRIC, RUBRIC_SHA256 } from './rubric.ts'
import { voteOf } from './verdict.ts'

/** What a deliberation needs beside the conversation. */
export interface Jury {
  readonly jurors: readonly Model[]
  /** Verdicts that a score needs; more than half of the jurors when undefined. */
  readonly quorum?: number | undefined
  readonly ask: Ask
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks every juror about every dimension of one conversation and pools the votes.
 *
 * Juror and dimension are asked apart, so that a failed reply costs one vote. Faults are abstentions.
 *
 * @throws Error when the conversation is of another case or broke off, when there is no juror, and when the caller’s
 *   signal is aborted
 */
export async function deliberate(one: Case, transcript: Transcript, jury: Jury): Promise<Grade> {
  const view = jurorView(one, transcript)
  const list = checklist(view)
  const caps = capsOf(view, list)
  const quorum = jury.quorum ?? majority(jury.jurors.length)
  const votes = await Promise.all(
    Dimension.options.flatMap((dimension) => {
      const request = jurorRequest(view, dimension, 0)
      return jury.jurors.map(async (juror) => {
        const answer = await jury.ask(juror, request, { deadlineMs: jury.deadlineMs, signal: jury.signal })
        return voteOf(answer, juror, dimension, view)
      })
    }),
  )
  return {
    version: 1,
    rubric: { version: RUBRIC.version, sha256: RUBRIC_SHA256 },
    calibrated: false,
    quorum,
    votes,
    caps,
    pooled: pool(votes, caps, quorum),
    checklist: [...list.items],
    triage: { ...list.triage },
  }
}
