import { z } from 'zod'
import { modelOf } from '../models/registry.ts'
import { Settings } from '../models/settings.ts'
import { Quarantine } from './fidelity.ts'
import type { Patient } from './patient.ts'
import { scriptedPatient } from './scripted.ts'
import { type SimulatedPatientSetup, simulatedPatient } from './simulated.ts'

/** Who speaks for the patient, as it stands in promptfooconfig.yaml: rules, or a pinned model with its settings. */
export const PatientConfig = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('scripted') }),
  z.strictObject({
    mode: z.literal('simulated'),
    model: z.string().min(1).describe('a model of a family that is not under test'),
    settings: Settings.default({}),
    quarantine: Quarantine.default(Quarantine.parse({})),
  }),
])
export type PatientConfig = z.infer<typeof PatientConfig>

/**
 * The patient of one conversation.
 *
 * @throws Error that names the known ids when the model is not known
 */
export function patientOf(config: PatientConfig, rest: Pick<SimulatedPatientSetup, 'one' | 'repeat' | 'ask'>): Patient {
  if (config.mode === 'scripted') return scriptedPatient
  return simulatedPatient({ ...rest, model: modelOf(config.model, config.settings), quarantine: config.quarantine })
}
