import { expect, test } from 'vitest'
import { recover } from './calibration-recovery.ts'
import { preferenceTruth } from './simulated-jury.ts'

test.each([60, 150, 300])(
  'on %i labels a harsh jury’s error falls, its bias shrinks, and the refitted interval holds the truth',
  (labels) => {
    const found = recover(1, labels, 400)
    expect(found.calibratedError).toBeLessThanOrEqual(found.rawError)
    expect(Math.abs(found.calibratedBias)).toBeLessThan(Math.abs(found.rawBias))
    expect(found.refittedHolds).toBe(true)
    expect(found.rawHolds).toBe(false)
  },
)

test('each juror’s liking for its own family is found in sign and size', () => {
  const { preferences } = recover(1, 60, 10)
  // Of 100 cases; the standard error is about 0.06.
  expect(preferences).toHaveLength(2)
  for (const [i, truth] of preferenceTruth().entries()) expect(Math.abs((preferences[i] as number) - truth)).toBeLessThan(0.18)
})
