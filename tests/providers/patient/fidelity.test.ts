import { describe, expect, test } from 'vitest'
import type { Fidelity } from '../../../cases/transcript.ts'
import { fidelityOf, Quarantine, quarantineReason } from '../../../providers/patient/fidelity.ts'
import { NO_NOTES, type PatientNotes, type PatientStep } from '../../../providers/patient/patient.ts'

function step(notes: Partial<PatientNotes>, outcome?: PatientStep['outcome']): PatientStep {
  const said = { kind: 'answer' as const, text: 'yes', facts: [], unlisted: false }
  return { outcome: outcome ?? said, calls: [], notes: { ...NO_NOTES, ...notes } }
}

describe('fidelityOf', () => {
  test('sums the notes, and counts answers, unlisted ones and the end', () => {
    const steps = [
      step({ leaks: 1, rejected: 2 }),
      step({ leaks: 2, disallowed: 3 }, { kind: 'answer', text: '?', facts: [], unlisted: true }),
      step({ malformed: 1 }, { kind: 'done' }),
    ]
    const sums = { leaks: 3, rejected: 2, disallowed: 3, malformed: 1, answers: 2, unlisted: 1, done: true }
    expect(fidelityOf(steps)).toMatchObject(sums)
  })
  test('of a conversation in which the patient never answered is all zeros', () => {
    expect(new Set(Object.values(fidelityOf([])))).toEqual(new Set([0, false]))
  })
})

describe('quarantineReason', () => {
  const limits = Quarantine.parse({ maxLeaks: 2, maxDisallowedPerAnswer: 1, maxOversharedPerAnswer: 1, maxFallbackShare: 0.5 })
  const reason = (found: Partial<Fidelity>) => quarantineReason({ ...fidelityOf([]), answers: 4, ...found }, limits)
  test.each([
    [{ leaks: 2 }, { leaks: 3 }, 'more than 2 leaks caught'],
    [{ disallowed: 4 }, { disallowed: 5 }, 'more than 1 disallowed facts chosen an answer'],
    [{ overshared: 4 }, { overshared: 5 }, 'more than 1 facts overshared an answer'],
    [{ fallbacks: 2 }, { fallbacks: 3 }, 'more than 50 % of answers read out'],
  ])('%o is borne and %o is not', (borne, tooMuch, why) => {
    expect(reason(borne)).toBeNull()
    expect(reason(tooMuch)).toBe(why)
  })
  test('names the limit and not the value, so that equal faults are counted together', () => {
    expect(reason({ leaks: 3 })).toBe(reason({ leaks: 30 }))
  })
})
