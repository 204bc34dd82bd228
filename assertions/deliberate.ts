import { pool } from '../cases/pool.ts'
import type { Case } from '../cases/schema.ts'
import type { Transcript } from '../cases/transcript.ts'
import { Dimension, type Grade, type JuryMark, type Vote } from '../cases/verdict.ts'
import type { Answer, Ask } from '../providers/ask.ts'
import { spentOn } from '../providers/spent.ts'
import { blindTurns } from './blind.ts'
import { capsOf } from './caps.ts'
import { checklist } from './checklist.ts'
import type { Juror } from './juror.ts'
import { type Hearing, hearingOf, jurorQuestion } from './juror-prompt.ts'
import { juryMark } from './jury-mark.ts'
import { jurorView } from './reference.ts'
import { voteOf } from './verdict.ts'

/** What a deliberation needs beside the conversation. */
export interface Jury {
  readonly jurors: readonly Juror[]
  /** Times that each juror is asked about a dimension; 1 when undefined. */
  readonly repeats?: number | undefined
  /** Jurors with a verdict that a score needs; more than half of the jurors when undefined. */
  readonly quorum?: number | undefined
  readonly ask: Ask
  readonly deadlineMs: number
  /** The case’s own picture for a juror that sees it, or an Error that says why it cannot be shown to it. */
  readonly picture: (juror: Juror) => Promise<Uint8Array>
}

/** How often a juror whose reply cannot be parsed is asked again. */
const MORE_TRIES = 2

/**
 * Asks every juror about every dimension of one conversation and pools the votes.
 *
 * Juror and dimension are asked apart, so that a failed reply costs one vote. A reply that cannot be parsed is asked for
 * again twice. Faults are abstentions, a picture that cannot be shown among them.
 *
 * @throws Error when the conversation is of another case or broke off; RangeError when there is no juror
 */
export async function deliberate(one: Case, transcript: Transcript, jury: Jury): Promise<Grade> {
  const view = jurorView(one, transcript)
  const list = checklist(view)
  const caps = capsOf(view, list)
  const mark = juryMark(jury)
  const hearing = hearingOf(view, blindTurns(transcript))
  const heard = await Promise.all(jury.jurors.map((juror) => hear(juror, hearing, jury, mark)))
  // By dimension, then juror, then repeat: as a reader goes through them.
  const votes = Dimension.options.flatMap((dimension) =>
    heard.flatMap((own) => own.votes.filter((vote) => vote.dimension === dimension)),
  )
  return {
    version: 2,
    jury: mark,
    votes,
    caps,
    pooled: pool(votes, caps, mark.quorum),
    checklist: [...list.items],
    triage: { ...list.triage },
    spent: heard.map(({ juror, answers }) => ({ juror, ...spentOn(answers) })),
  }
}

interface Heard {
  readonly juror: string
  readonly votes: readonly Vote[]
  readonly answers: readonly Answer[]
}

async function hear(juror: Juror, hearing: Hearing, jury: Jury, { repeats }: JuryMark): Promise<Heard> {
  const { id, model, sees } = juror
  const name = { id, family: model.family, simulated: model.simulated, saw: sees }
  const asked = Dimension.options.flatMap((dimension) => Array.from({ length: repeats }, (_, repeat) => ({ dimension, repeat })))
  let picture: Uint8Array | undefined
  try {
    picture = sees === 'image' ? await jury.picture(juror) : undefined
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return {
      juror: id,
      answers: [],
      votes: asked.map((of) => ({ kind: 'abstention', juror: name, ...of, reason: 'error', detail })),
    }
  }
  const heard = await Promise.all(
    asked.map(async ({ dimension, repeat }) => {
      const answers: Answer[] = []
      for (let attempt = 0; ; attempt++) {
        const ask = repeat * (MORE_TRIES + 1) + attempt
        const { request, code, ticks } = jurorQuestion(hearing, dimension, sees, picture, ask)
        const answer = await jury.ask(model, request, { deadlineMs: jury.deadlineMs })
        answers.push(answer)
        const vote = voteOf(answer, { juror: name, dimension, repeat, code, ticks, turns: hearing.turns })
        const parsed = vote.kind === 'verdict' || vote.reason !== 'unparsable'
        if (parsed || attempt === MORE_TRIES) return { vote, answers }
      }
    }),
  )
  return { juror: id, votes: heard.map(({ vote }) => vote), answers: heard.flatMap(({ answers }) => answers) }
}
