import type { Conversation } from '../../analysis/conversations.ts'
import { element, visibleText } from './dom.ts'

type Held = NonNullable<Conversation['transcript']>
type Spent = Pick<Held, 'usage' | 'costUsd' | 'calls'>

/** What is known of a trial beside its words: strata, scores, end, what was sent, and what it took. */
export function facts(conversation: Conversation): HTMLElement {
  const { malignant, rare, image, scores, transcript, grade, review } = conversation
  const pairs: (readonly [string, string])[] = [
    [
      'Strata',
      `${flag(malignant, 'malignant', 'not malignant', 'malignancy unclear')}, ${flag(rare, 'rare', 'not rare', 'rarity unknown')}`,
    ],
    [
      'Scores',
      Object.entries(scores)
        .map(([measure, { value, missing }]) => `${measure} ${value?.toFixed(2) ?? `none (${missing})`}`)
        .join('; '),
    ],
    ...(review.length === 0
      ? []
      : [
          [
            'For human review',
            review.map(({ dimension, range }) => `jurors differ by ${Number(range.toFixed(2))} on ${dimension}`).join('; '),
          ] as const,
        ]),
    ...(transcript === null ? [] : held(transcript)),
    ...(grade === null
      ? []
      : [['Jury took', grade.spent.map((one) => `${one.juror}: ${took(one)}`).join('; ') || 'not told'] as const]),
    ['Image', `source sha256 ${image}`],
  ]
  return element('dl', {}, ...pairs.flatMap(([term, words]) => [element('dt', {}, term), element('dd', {}, visibleText(words))]))
}

function flag(value: boolean | null, yes: string, no: string, unknown: string): string {
  return value === null ? unknown : value ? yes : no
}

function held(transcript: Held): (readonly [string, string])[] {
  const { model, patient, stop, proofs, notSent } = transcript
  const speaker =
    patient.mode === 'scripted'
      ? 'scripted by rules'
      : `simulated by ${patient.model.id}${patient.quarantined === null ? '' : `; set aside: ${patient.quarantined}`}`
  return [
    ['Clinician', `${model.id}, ${model.family}${model.simulated ? ', embedded rules: simulated' : ''}`],
    ['Patient', speaker],
    ['Ended', `${stop.reason.replaceAll('_', ' ')}${stop.detail === '' ? '' : `: ${stop.detail}`}`],
    ['Took', took(transcript)],
    ...(notSent.length === 0 ? [] : [['Settings not sent', notSent.join(', ')] as const]),
    ['Requests', `${proofs.length}; what each carried stands under Payload proof`],
  ]
}

function took({ usage, costUsd, calls }: Spent): string {
  const tokens = (count: number | null, words: string) => (count === null ? [] : [`${count} ${words}`])
  return [
    costUsd === null ? 'cost not known' : `$${costUsd.toFixed(4)}`,
    ...tokens(usage.inputTokens, 'tokens in'),
    ...tokens(usage.cacheReadTokens, 'from cache'),
    ...tokens(usage.cacheWriteTokens, 'to cache'),
    ...tokens(usage.outputTokens, 'out'),
    ...tokens(usage.reasoningTokens, 'of these reasoning'),
    `${calls.made} calls made, ${calls.stored} replies stored, ${calls.retried} retried, ${calls.failed} failed`,
  ].join(', ')
}
