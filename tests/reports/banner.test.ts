import { expect, test } from 'vitest'
import { banner } from '../../reports/banner.ts'
import { madeUp } from './estimates.ts'

test('a run on embedded rules says so for models, jurors, patient and images, and that the jury is not calibrated', () => {
  expect(banner(madeUp({ images: 8 }))).toBe(
    'Simulated data: all 3 models are embedded rules; all 3 jurors are embedded rules; the patient is scripted; 8 of 8 images are drawn. Uncalibrated jury: no clinician labels.',
  )
})

test('a run that is partly simulated names the simulated ones only', () => {
  const estimates = madeUp()
  const simulated = { models: ['beta'], jurors: [], patient: false, drawnImages: 0 }
  expect(banner({ ...estimates, simulated })).toBe(
    'Simulated data: 1 of 3 models is embedded rules (beta). Uncalibrated jury: no clinician labels.',
  )
})

test('a run without simulation still says that the jury is not calibrated', () => {
  const simulated = { models: [], jurors: [], patient: false, drawnImages: 0 }
  expect(banner({ ...madeUp(), simulated })).toBe('Uncalibrated jury: no clinician labels.')
})
