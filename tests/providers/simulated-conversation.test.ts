import { describe, expect, test } from 'vitest'
import { Arm } from '../../cases/schema.ts'
import { type Fidelity, Transcript } from '../../cases/transcript.ts'
import { createAsk } from '../../providers/ask.ts'
import { CLOSING_QUESTION, converse } from '../../providers/conversation.ts'
import type { Model, Request } from '../../providers/model.ts'
import { Quarantine } from '../../providers/patient/fidelity.ts'
import { simulatedPatient } from '../../providers/patient/simulated.ts'
import { aCase } from '../cases/a-case.ts'
import { scriptedModel, storeFolder, textsOf } from './models.ts'
import { choice, speaker } from './patient/speakers.ts'
import { setupOf } from './setups.ts'

const PLAN = 'See a dermatologist within two weeks.'
const replies = (request: Request) => request.messages.filter((message) => message.role === 'assistant').length
const asks = (count: number) => scriptedModel((request) => (replies(request) < count ? 'Does it bleed?' : PLAN))

async function held(patientModel: Model, clinician: Model = asks(2), arm: Arm = 'full', limits = {}): Promise<Transcript> {
  const ask = createAsk(storeFolder(), { maxTries: 1 })
  const quarantine = Quarantine.parse(limits)
  const patient = simulatedPatient({ one: aCase(), model: patientModel, ask, repeat: 0, quarantine })
  const transcript = await converse(setupOf(clinician, arm, { ask, patient }))
  expect(Transcript.parse(transcript)).toEqual(transcript)
  return transcript
}

function recordOf({ patient }: Transcript) {
  if (patient.mode !== 'simulated') throw new Error('recordOf requires a simulated patient')
  return patient
}

describe('a conversation with a simulated patient', () => {
  test('says who spoke, with the patient’s cost beside and not in the model’s', async () => {
    const transcript = await held(
      speaker(
        () => choice(['bleeding']),
        () => 'It bleeds.',
      ),
    )
    expect(transcript.turns[2]).toEqual({ id: 't3', role: 'patient', text: 'It bleeds.', facts: ['bleeding'], unlisted: false })
    expect(transcript.costUsd).toBe(1)
    expect(recordOf(transcript)).toMatchObject({ mode: 'simulated', model: { id: 'speaker' }, quarantined: null })
    // Both answers choose anew, since “told” differs, and repeat the fact; each is two calls of 0.25 USD.
    expect(recordOf(transcript)).toMatchObject({ spent: { costUsd: 1, calls: { made: 4 } }, fidelity: { answers: 2 } })
  })
  test('that the patient ends gets the closing question, and is whole', async () => {
    const clinician = scriptedModel((request) =>
      textsOf(request).at(-1) === CLOSING_QUESTION ? PLAN : 'It is a common kind of bump.',
    )
    const { stop, turns } = await held(
      speaker(() => choice([], { done: true })),
      clinician,
    )
    expect(stop).toEqual({ reason: 'patient_done', detail: 'after 1 of at most 8 replies' })
    expect(turns.map((turn) => turn.text).slice(2)).toEqual([CLOSING_QUESTION, PLAN])
  })
  test('whose patient’s model fails ends there, names the patient, and has no utterance for it', async () => {
    let choices = 0
    const failing = speaker(
      () => {
        if (choices++ === 1) throw new Error('the line is dead')
        return choice(['bleeding'])
      },
      () => 'It bleeds.',
    )
    const transcript = await held(failing)
    expect(transcript.stop).toEqual({ reason: 'error', detail: 'patient speaker: the line is dead' })
    expect(transcript.turns.map((turn) => turn.role)).toEqual(['patient', 'clinician', 'patient', 'clinician'])
    expect(recordOf(transcript).spent.calls).toMatchObject({ made: 3, failed: 1 })
  })
  test('is set aside when its patient is not faithful, and says by which limit', async () => {
    const naming = speaker(
      () => choice(['bleeding']),
      () => 'It bleeds, it is a basal cell carcinoma.',
    )
    const { quarantined, fidelity } = recordOf(await held(naming))
    expect(fidelity satisfies Fidelity).toMatchObject({ leaks: 4, fallbacks: 2 })
    expect(quarantined).toBe('more than 2 leaks caught')
    expect(recordOf(await held(naming, asks(2), 'full', { maxLeaks: 4, maxFallbackShare: 1 })).quarantined).toBeNull()
  })
  test.each(Arm.options)('in arm %s never lets the diagnosis through, whatever the patient’s model writes', async (arm) => {
    const naming = speaker(undefined, () => 'The doctor said basal cell carcinoma.')
    const { turns } = await held(naming, asks(3), arm)
    expect(
      turns
        .filter((turn) => turn.role === 'patient')
        .map((turn) => turn.text)
        .join(' '),
    ).not.toMatch(/carcinoma/)
  })
  test('has the same patient in every arm that tells the same facts, from one store', async () => {
    const one = aCase({ facts: aCase().facts.filter((fact) => fact.onlyWith === undefined) })
    const ask = createAsk(storeFolder())
    let count = 0
    const moody = speaker(
      () => choice(['bleeding']),
      () => `It bleeds, I noticed ${'again '.repeat(count++)}today.`,
    )
    const said: string[][] = []
    for (const arm of Arm.options)
      for (const id of ['first', 'second']) {
        const patient = simulatedPatient({ one, model: moody, ask, repeat: 0, quarantine: Quarantine.parse({}) })
        const { turns } = await converse(setupOf({ ...asks(2), id }, arm, { ask, patient }, one))
        said.push(
          turns
            .filter((turn) => turn.role === 'patient')
            .map((turn) => turn.text)
            .slice(1),
        )
      }
    expect(said).toEqual(said.map(() => said[0]))
  })
})
