import { expect, test } from 'vitest'
import { TrialIdentity } from '../../cases/identity.ts'
import { loadBank } from '../../cases/load.ts'
import { generateTests } from '../../cases/tests.ts'

test('every test of the demo bank tells the patient, the modalities and the acceptable urgency of its own case', async () => {
  const tests = await generateTests({ bank: 'demo' })
  const { cases } = await loadBank('demo')
  expect(tests).toHaveLength(cases.length)
  for (const { metadata } of tests) {
    const identity = TrialIdentity.parse(metadata?.imcbench)
    const one = cases.find(({ id }) => id === identity.caseId)
    expect(one?.patient).toMatchObject(identity.patient)
    expect(identity.modalities).toEqual(one?.images.map((image) => image.modality))
    expect(identity.acceptableTriage).toEqual(one?.truth.triage.acceptable)
  }
})
