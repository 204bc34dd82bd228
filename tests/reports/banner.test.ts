import { expect, test } from 'vitest'
import type { Estimates } from '../../analysis/estimate.ts'
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

test('labels that adjust no score are not said to be absent', () => {
  const estimates = madeUp()
  const jury = { ...estimates.jury, againstClinicians: [{}] as Estimates['jury']['againstClinicians'] }
  expect(banner({ ...estimates, jury })).toMatch(/Uncalibrated jury: scores are compared with labels, not adjusted to them\.$/u)
})

test('a calibrated run says to whose scores, never clinicians’ when the raters are simulated, and what its intervals leave out', () => {
  const simulated = { models: [], jurors: [], patient: false, drawnImages: 0 }
  const accuracy = {
    ...{
      dimension: 'accuracy' as const,
      map: { kind: 'none' as const },
      severitiesRemoved: false,
      nConversations: 3,
      nImages: 2,
    },
    ...{ chosen: 'only 3', support: null, nScored: 9, nOutside: 0, shareOutside: null },
  }
  const to = (status: 'simulated' | 'clinicians', refitted: boolean, dimensions: (typeof accuracy)[] = []) =>
    banner({
      ...madeUp(),
      simulated,
      calibrated: {
        ...{ status, sha256: 'f'.repeat(64), raters: 'two dermatologists', nRaters: 2, nConversations: 40, nImages: 20 },
        ...{ dimensions, refitted, notRefitted: refitted ? null : 'no labels', transport: [] },
      },
    })
  expect(to('simulated', true)).toBe('Jury calibrated to simulated raters.')
  expect(to('clinicians', true)).toBe('Jury calibrated to two dermatologists.')
  expect(to('clinicians', false)).toBe('Jury calibrated to two dermatologists. Intervals leave out the error of the calibration.')
  expect(to('simulated', true, [accuracy])).toBe(
    'Jury calibrated to simulated raters but for accuracy, which had too few labels.',
  )
})
