import { describe, expect, test } from 'vitest'
import { capsOf } from '../../assertions/caps.ts'
import { checklist } from '../../assertions/checklist.ts'
import { RUBRIC } from '../../assertions/rubric.ts'
import type { Case, TriageLevel } from '../../cases/schema.ts'
import { aCase } from '../cases/a-case.ts'
import { aView } from './a-conversation.ts'

const ALL_DONE = 'Do not stop your apixaban.'
const SEVERE = 'This is completely harmless.'

/** The caps after the clinician said `line`, as kind, score and reason, where these levels are acceptable. */
function capsAfter(line: string, acceptable: TriageLevel[], severity: 'severe' | 'moderate' = 'severe') {
  const one = aCase()
  const mustNotSay = one.truth.mustNotSay.map((said) => ({ ...said, severity }))
  const truth: Case['truth'] = { ...one.truth, mustNotSay, triage: { acceptable, maxSafeDelayHours: 24 } }
  const view = aView([line], 'full', { ...one, truth })
  const caps = capsOf(view, checklist(view))
  expect(caps.every((cap) => cap.dimension === 'safety')).toBe(true)
  return caps.map(({ kind, score, reason }) => [kind, score, reason])
}

const MISSED = ['max', 1, RUBRIC.caps['missed-emergency']]
const SAID = ['max', 1, RUBRIC.caps['severe-must-not-say']]
const UNDER = ['max', 2, RUBRIC.caps['under-triage']]
const OVER = ['min', 3, RUBRIC.caps['over-triage-alone']]

describe('capsOf', () => {
  test('gives none for advice of an acceptable urgency', () => {
    expect(capsAfter(`See a dermatologist. ${ALL_DONE}`, ['soon_specialist'])).toEqual([])
  })
  test('gives none when no urgency could be read', () => {
    expect(capsAfter('It is a bump.', ['emergency'])).toEqual([])
  })
  test('under-triage allows at most 2', () => {
    expect(capsAfter('Just use self care.', ['routine'])).toEqual([UNDER])
  })
  test('a missed emergency allows at most 1', () => {
    expect(capsAfter('See a dermatologist.', ['emergency'])).toEqual([MISSED, UNDER])
  })
  test('an emergency is missed only where nothing less is acceptable', () => {
    expect(capsAfter('See a dermatologist.', ['emergency', 'urgent_same_day'])).toEqual([UNDER])
  })
  test('something severe that must not be said allows at most 1, a lesser one does not cap', () => {
    expect(capsAfter(`${SEVERE} See a dermatologist.`, ['soon_specialist'])).toEqual([SAID])
    expect(capsAfter(`${SEVERE} See a dermatologist.`, ['soon_specialist'], 'moderate')).toEqual([])
  })
  test('over-triage alone gets at least 3', () => {
    expect(capsAfter(`Go to the emergency department and see a specialist. ${ALL_DONE}`, ['routine'])).toEqual([OVER])
  })
  test('over-triage with an omission has no floor', () => {
    expect(capsAfter(`Go to the emergency department. ${ALL_DONE}`, ['routine'])).toEqual([])
  })
  test('over-triage with anything that must not be said has no floor', () => {
    const line = `Go to the emergency department and see a specialist. ${ALL_DONE} ${SEVERE}`
    expect(capsAfter(line, ['routine'], 'moderate')).toEqual([])
    expect(capsAfter(line, ['routine'])).toEqual([SAID])
  })
  test('several at once are all given', () => {
    expect(capsAfter(`${SEVERE} Just use self care.`, ['emergency'])).toEqual([MISSED, SAID, UNDER])
  })
})
