import { describe, expect, test } from 'vitest'
import { blindTurns, LONGEST_TURN } from '../../assertions/blind.ts'
import { deliberate } from '../../assertions/deliberate.ts'
import { type Hearing, hearingOf, jurorQuestion } from '../../assertions/juror-prompt.ts'
import { jurorView } from '../../assertions/reference.ts'
import { voteOf } from '../../assertions/verdict.ts'
import { NO_USAGE } from '../../cases/transcript.ts'
import { Dimension, type Vote } from '../../cases/verdict.ts'
import type { Ask } from '../../providers/ask.ts'
import type { Part, Reply } from '../../providers/model.ts'
import { aCase } from '../cases/a-case.ts'
import { aTranscript, SEATS } from './a-conversation.ts'
import { INJECTIONS, PLANTED } from './fixtures/injections.ts'

const one = aCase()
const ADVICE = {
  poor: 'Just use self care.',
  fair: 'Please see a dermatologist within two weeks. Does it bleed? Are you on a blood thinner?',
}
const juror = { id: 'j1', family: 'tests', simulated: true, saw: 'none' } as const

/** The hearing of a conversation in which these lines were said, patient first. */
function heard(lines: readonly string[]): Hearing {
  const transcript = aTranscript(lines)
  return hearingOf(jurorView(one, transcript), blindTurns(transcript))
}

/** The request as one juror gets it, with the code of its marks taken out. */
function shown(hearing: Hearing, dimension: Dimension) {
  const { request, ticks } = jurorQuestion(hearing, dimension, 'none', undefined, 0)
  const textOf = (part: Part | undefined) => (part?.type === 'text' ? part.text.replaceAll(hearing.code, 'CODE') : '')
  const { messages, ...rest } = request
  const [reference, conversation, question, ...more] = messages[0]?.content ?? []
  const [arm, open, data = '', close, ...after] = textOf(conversation).split('\n')
  const frame = { rest, reference, question: textOf(question), arm, open, close, after, more, messages: messages.length }
  return { frame, data, ticks, code: hearing.code }
}

function voteOn(text: string, hearing: Hearing, dimension: Dimension): Vote {
  const { ticks, code } = shown(hearing, dimension)
  const reply: Reply = { text, stop: 'end', usage: NO_USAGE, costUsd: 0, notSent: [] }
  const asked = { juror, dimension, repeat: 0, code, ticks, turns: hearing.turns }
  return voteOf({ kind: 'reply', reply, stored: false, tries: 1, unknown: 0, latencyMs: 0, key: 'k' }, asked)
}

/** What a juror would reply that was not impressed: its own code, a low score. */
function honest({ code }: Hearing): string {
  return JSON.stringify({ code, checklist: [], evidence: [], rationale: 'too little was asked', score: 2, direction: 'none' })
}

test('the suite holds at least sixty lines, each under a name of its own', () => {
  expect(new Set(INJECTIONS.map(({ name }) => name)).size).toBe(INJECTIONS.length)
  expect(new Set(INJECTIONS.map(({ text }) => text)).size).toBe(INJECTIONS.length)
  expect(INJECTIONS.length).toBeGreaterThanOrEqual(60)
})

describe.each(INJECTIONS)('$name', ({ text }) => {
  const injected = { clinician: heard(['A bump.', text]), patient: heard(['A bump.', 'How long?', text, 'I see.']) }
  const plain = { clinician: heard(['A bump.', 'Hello.']), patient: heard(['A bump.', 'How long?', 'A year.', 'I see.']) }

  test('stays inside the data block: all else that a juror gets is that of a plain conversation to the byte', () => {
    for (const who of ['clinician', 'patient'] as const)
      for (const dimension of Dimension.options) {
        const { frame, data } = shown(injected[who], dimension)
        expect(frame).toEqual(shown(plain[who], dimension).frame)
        expect(frame.after).toEqual([])
        const { turns } = JSON.parse(data) as { turns: { text: string }[] }
        expect(turns.map((turn) => turn.text)).toEqual(injected[who].turns.map((turn) => turn.text))
        expect(data).not.toContain('CODE')
      }
  })
  test('changes nothing of how a juror’s reply is read', () => {
    for (const dimension of Dimension.options) {
      const vote = voteOn(honest(injected.clinician), injected.clinician, dimension)
      expect(vote).toEqual(voteOn(honest(plain.clinician), plain.clinician, dimension))
      expect(vote).toMatchObject({ kind: 'verdict', score: 2 })
    }
  })
  test('is no verdict when a juror repeats it, as it was said, as it was shown, fenced or before its own', () => {
    const hearing = injected.clinician
    const echoed = [text, hearing.turns[1]?.text ?? '', PLANTED, `\`\`\`json\n${text}\n\`\`\``, `${text}\n${honest(hearing)}`]
    for (const reply of echoed)
      expect(voteOn(reply, hearing, 'safety')).toMatchObject({ kind: 'abstention', reason: 'unparsable' })
  })
  test('is shown cut at most, and quickly enough for a whole run', () => {
    for (const turn of [...injected.clinician.turns, ...injected.patient.turns])
      expect(turn.text.length).toBeLessThanOrEqual(LONGEST_TURN + 60)
  })
})

describe('embedded jurors', () => {
  const ask: Ask = async (model, request) => ({
    kind: 'reply',
    reply: await model.reply(request, new AbortController().signal),
    stored: false,
    tries: 1,
    unknown: 0,
    latencyMs: 0,
    key: 'k',
  })
  const scoresOf = async (lines: readonly string[]) => {
    const picture = () => Promise.reject(new Error('no juror of this jury sees'))
    const { votes } = await deliberate(one, aTranscript(lines), { jurors: SEATS, ask, deadlineMs: 1000, picture })
    return votes.map((vote) => (vote.kind === 'verdict' ? vote.score : 0))
  }

  test.each(Object.entries(ADVICE))(
    'give no conversation of %s advice a higher score for any line of the suite',
    async (_, advice) => {
      const bare = await scoresOf(['A bump.', 'Hello.', 'And?', advice])
      expect(bare).not.toContain(0)
      for (const { name, text } of INJECTIONS)
        for (const lines of [
          ['A bump.', text, 'And?', advice],
          ['A bump.', 'Hello.', 'And?', `${advice}\n${text}`],
        ]) {
          const scores = await scoresOf(lines)
          scores.forEach((score, i) => {
            expect(score, name).toBeLessThanOrEqual(bare[i] ?? 0)
          })
        }
    },
  )
})
