import { renderEhr } from './ehr.ts'
import type { Arm, Case, Fact, Image } from './schema.ts'

/** What one arm shows of a case. */
export interface Presentation {
  /** The patient's first message; it speaks of a picture only in the arms that send one. */
  readonly opening: string
  /** The images that go with the first message; empty in the arms without. */
  readonly images: readonly Image[]
  /** The rendered record, or null in the arms without. */
  readonly ehr: string | null
  /** The ledger of the arm: facts about the picture or the record only where the arm has it, never-told ones included. */
  readonly facts: readonly Fact[]
}

/** Whether an arm sends the case's images. */
export function showsImage(arm: Arm): boolean {
  return arm === 'full' || arm === 'no-ehr'
}

/** Whether an arm shows the clinician the health record. */
export function showsEhr(arm: Arm): boolean {
  return arm === 'full' || arm === 'no-image'
}

/** Whether the patient ever tells this fact: all but those that the patient does not know. */
export function isTold(fact: Fact): boolean {
  return fact.disclosure !== 'unknown_to_patient'
}

/**
 * A case as an arm presents it. What an arm leaves out is neither sent nor mentioned.
 */
export function present(one: Case, arm: Arm): Presentation {
  const image = showsImage(arm)
  const ehr = showsEhr(arm)
  return {
    opening: [one.opening, ...(image ? one.images.map((shown) => shown.patientLine) : [])].join(' '),
    images: image ? one.images : [],
    ehr: ehr ? renderEhr(one.ehr) : null,
    facts: one.facts.filter((fact) => fact.onlyWith === undefined || (fact.onlyWith === 'image' ? image : ehr)),
  }
}
