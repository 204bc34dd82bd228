import { Arm } from '../cases/schema.ts'
import type { Fidelity, Transcript } from '../cases/transcript.ts'
import type { PatientFidelity, Patients } from './estimate-patient.ts'
import { comparePlace, compareText } from './order.ts'
import type { RowContent } from './row-content.ts'
import { trialKey } from './trial.ts'

/** What a table of scores says of patients: nothing. */
export const NO_PATIENTS: Patients = { speakers: [], fidelity: [] }

/**
 * The models that spoke for patients, by id, and the sums of what was found in their answers, by model under test and arm. A
 * trial that several rows repeat counts once; conversations that broke off count with what was said. Scripted patients are not
 * in it: they say what the ledger says.
 */
export function patientsOf(contents: readonly RowContent[]): Patients {
  const transcripts = new Map(
    contents.flatMap(({ identity, arm, model, transcript }) =>
      transcript === null
        ? []
        : [[trialKey({ caseId: identity.caseId, repeat: identity.repeat, arm, model }), { model, arm, transcript }] as const],
    ),
  )
  const families = new Set([...transcripts.values()].map(({ transcript }) => transcript.model.family))
  const spoken = [...transcripts.values()].flatMap(({ model, arm, transcript: { patient } }) =>
    patient.mode === 'simulated' ? [{ model, arm, patient }] : [],
  )
  const speakers = new Map(spoken.map(({ patient }) => [patient.model.id, patient.model]))
  const groups = Map.groupBy(spoken, ({ model, arm }) => JSON.stringify([model, arm]))
  return {
    speakers: [...speakers.values()]
      .map((speaker) => ({ ...speaker, underTest: families.has(speaker.family) }))
      .sort((a, b) => compareText(a.id, b.id)),
    fidelity: [...groups.values()]
      .flatMap(sumOf)
      .sort((a, b) => compareText(a.model, b.model) || comparePlace(Arm.options, a.arm, b.arm)),
  }
}

interface Spoken {
  readonly model: string
  readonly arm: Arm
  readonly patient: Extract<Transcript['patient'], { mode: 'simulated' }>
}

function sumOf(group: readonly Spoken[]): PatientFidelity[] {
  const [first] = group
  if (first === undefined) return []
  const sum = (field: keyof Fidelity) => group.reduce((all, { patient }) => all + Number(patient.fidelity[field]), 0)
  return [
    {
      ...{ model: first.model, arm: first.arm, conversations: group.length },
      quarantined: group.filter(({ patient }) => patient.quarantined !== null).length,
      ...{ answers: sum('answers'), malformed: sum('malformed'), disallowed: sum('disallowed'), overLimit: sum('overLimit') },
      ...{ overshared: sum('overshared'), unlisted: sum('unlisted'), leaks: sum('leaks'), rejected: sum('rejected') },
      ...{ regenerations: sum('regenerations'), fallbacks: sum('fallbacks'), done: sum('done') },
    },
  ]
}
