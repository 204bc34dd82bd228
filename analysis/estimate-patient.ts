import { z } from 'zod'
import { Arm } from '../cases/schema.ts'
import { Fidelity } from '../cases/transcript.ts'

const count = z.int().min(0)

/** A model that spoke for patients. */
const PatientSpeaker = z.strictObject({
  id: z.string(),
  family: z.string(),
  simulated: z.boolean().describe('rules that only stand in for a model'),
  underTest: z.boolean().describe('whether its family is also among the models under test, which it may then favour'),
})

/** How faithfully patients were spoken for, summed over the conversations of one model under test in one arm. */
export const PatientFidelity = z.strictObject({
  model: z.string(),
  arm: Arm,
  conversations: z.int().min(1).describe('conversations with a patient that a model spoke for, quarantined ones included'),
  quarantined: count.describe('conversations set aside and not judged; the exclusions say why'),
  ...Fidelity.omit({ done: true }).shape,
  done: count.describe('conversations that the patient ended'),
})
export type PatientFidelity = z.infer<typeof PatientFidelity>

/** Who spoke for the patients, and how faithfully; empty where rules did, and for a table of scores. */
export const Patients = z.strictObject({ speakers: z.array(PatientSpeaker), fidelity: z.array(PatientFidelity) })
export type Patients = z.infer<typeof Patients>
