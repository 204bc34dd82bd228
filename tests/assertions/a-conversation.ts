import fc from 'fast-check'
import { EMBEDDED_JURORS } from '../../assertions/embedded-jurors.ts'
import type { Juror } from '../../assertions/juror.ts'
import { hearingOf, jurorQuestion, type Question } from '../../assertions/juror-prompt.ts'
import { type JurorView, jurorView } from '../../assertions/reference.ts'
import { JurorReply } from '../../assertions/verdict.ts'
import { Arm, type Case } from '../../cases/schema.ts'
import { NO_USAGE, Transcript, type Turn } from '../../cases/transcript.ts'
import type { Dimension, Vote } from '../../cases/verdict.ts'
import type { Model, Request } from '../../providers/model.ts'
import { aCase, frozen } from '../cases/a-case.ts'

/** A transcript in which patient and clinician say these lines in turn, the patient first; fictional and frozen. */
export function aTranscript(lines: readonly string[], overrides: Partial<Transcript> = {}): Transcript {
  return frozen(
    Transcript.parse({
      version: 1,
      caseId: 'nose-bump',
      arm: 'full',
      repeat: 0,
      model: { id: 'the-model', family: 'the-family', simulated: false },
      patient: { mode: 'scripted', seed: 1 },
      turns: lines.map((text, i): Turn => ({ id: `t${i + 1}`, role: i % 2 === 0 ? 'patient' : 'clinician', text })),
      proofs: [],
      stop: { reason: 'plan_given', detail: 'after 1 of at most 8 replies' },
      usage: NO_USAGE,
      costUsd: null,
      incurredUsd: null,
      calls: { made: Math.floor(lines.length / 2), stored: 0, retried: 0, failed: 0 },
      notSent: [],
      ...overrides,
    }),
  )
}

/** What a juror sees when the clinician says these lines to the patient of `one`. */
export function aView(clinicianLines: readonly string[], arm: Arm = 'full', one: Case = aCase()): JurorView {
  const lines = clinicianLines.flatMap((line) => ['And?', line])
  return jurorView(one, aTranscript(lines.length === 0 ? ['And?'] : lines, { caseId: one.id, arm }))
}

/** The hearing of a view whose turns jurors are shown as they are. */
export function aQuestion(view: JurorView, dimension: Dimension, ask = 0): Question {
  return jurorQuestion(hearingOf(view, view.turns), dimension, 'none', undefined, ask)
}

/** The embedded jurors as they sit in a jury. */
export const SEATS: readonly Juror[] = EMBEDDED_JURORS.map((model) => ({ id: model.id, model, sees: 'none', thirdParty: false }))

/** What a juror replies to a request, as the object it is asked for. */
export async function replyOf(juror: Model, request: Request): Promise<JurorReply> {
  const { text } = await juror.reply(request, new AbortController().signal)
  return JurorReply.parse(JSON.parse(text))
}

/** A verdict of a juror of the tests. */
export function aVerdict(juror: string, dimension: Dimension, score: number, repeat = 0): Vote {
  return { kind: 'verdict', juror: someone(juror), dimension, repeat, checklist: [], score, rationale: 'because', evidence: [] }
}

/** An abstention of a juror of the tests. */
export function anAbstention(juror: string, dimension: Dimension, repeat = 0): Vote {
  return { kind: 'abstention', juror: someone(juror), dimension, repeat, reason: 'deadline', detail: 'no reply within 5 ms' }
}

function someone(id: string): Vote['juror'] {
  return { id, family: 'tests', simulated: true, saw: 'none' }
}

const PLAIN = [
  ...['Please see a dermatologist within two weeks.', 'Go to an emergency department now.', 'No need to see a doctor.'],
  ...[
    'If it bleeds, call again.',
    'I am not certain.',
    'This is definitely so.',
    'In the photo I see it.',
    'How long? Does it bleed?',
  ],
]

/** Conversations about `one` in any arm: sentences with and without the phrases that its truth looks for, and any text. */
export function someView(one: Case): fc.Arbitrary<JurorView> {
  const { truth, ehr } = one
  const sought = [truth.redFlags, truth.mustDo, truth.mustNotSay, truth.differential, truth.uncertainty.resolvableBy]
    .flat()
    .flatMap((entry) => entry.phrases)
  const leading = Object.values(truth.attainable).flatMap((known) => known.leading)
  const phrases = [...sought, ...leading, ...ehr.hazards.flatMap((hazard) => hazard.usedBy)]
  const said = fc.tuple(fc.constantFrom('I think of', 'It is not', 'You take', 'Is it'), fc.constantFrom(...phrases))
  const about = fc
    .tuple(said, fc.constantFrom('.', '?', '!\n'))
    .map(([words, end]) => `${words.join(' ').replaceAll('*', '')}${end}`)
  const sentence = fc.oneof(
    { weight: 6, arbitrary: about },
    { weight: 3, arbitrary: fc.constantFrom(...PLAIN) },
    fc.string({ unit: 'grapheme' }),
  )
  const lineOf = fc.array(sentence, { minLength: 1, maxLength: 12 }).map((all) => all.join(' '))
  const line = lineOf.filter((text) => text.trim() !== '')
  const arm = fc.constantFrom(...Arm.options)
  return fc.tuple(fc.array(line, { minLength: 1, maxLength: 3 }), arm).map(([lines, at]) => aView(lines, at, one))
}
