import { z } from 'zod'
import type { Fidelity } from '../../cases/transcript.ts'
import { NO_NOTES, type PatientNotes, type PatientStep } from './patient.ts'

/**
 * How unfaithful a simulated patient may be before its conversation is set aside. Nothing that is counted here reached the
 * clinician except what was overshared; the limits guard against a model that is not up to the part. They are choices, not
 * findings: a report must say them.
 */
export const Quarantine = z.strictObject({
  maxLeaks: z.int().min(0).default(2).describe('texts caught in one conversation'),
  maxDisallowedPerAnswer: z.number().min(0).default(1),
  maxOversharedPerAnswer: z.number().min(0).default(1),
  maxFallbackShare: z.number().min(0).max(1).default(0.5).describe('answers read out from the ledger, of all answers'),
})
export type Quarantine = z.infer<typeof Quarantine>

/** The sum of the notes of all steps. No steps give zeros. */
export function fidelityOf(steps: readonly PatientStep[]): Fidelity {
  const sum = (field: keyof PatientNotes) => steps.reduce((all, { notes }) => all + notes[field], 0)
  const said = steps.flatMap(({ outcome }) => (outcome.kind === 'answer' ? [outcome] : []))
  const sums = Object.fromEntries(Object.keys(NO_NOTES).map((field) => [field, sum(field as keyof PatientNotes)]))
  return {
    ...(sums as Record<keyof PatientNotes, number>),
    answers: said.length,
    unlisted: said.filter((answer) => answer.unlisted).length,
    done: steps.some(({ outcome }) => outcome.kind === 'done'),
  }
}

/** Why a conversation is set aside, in words that name the limit and not the value, so that they can be counted; or null. */
export function quarantineReason(fidelity: Fidelity, limits: Quarantine): string | null {
  const answers = Math.max(1, fidelity.answers)
  if (fidelity.leaks > limits.maxLeaks) return `more than ${limits.maxLeaks} leaks caught`
  if (fidelity.disallowed / answers > limits.maxDisallowedPerAnswer)
    return `more than ${limits.maxDisallowedPerAnswer} disallowed facts chosen an answer`
  if (fidelity.overshared / answers > limits.maxOversharedPerAnswer)
    return `more than ${limits.maxOversharedPerAnswer} facts overshared an answer`
  if (fidelity.fallbacks / answers > limits.maxFallbackShare)
    return `more than ${limits.maxFallbackShare * 100} % of answers read out`
  return null
}
