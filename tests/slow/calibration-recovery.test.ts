import { describe, expect, test } from 'vitest'
import { recover } from '../analysis/calibration-recovery.ts'
import { preferenceTruth } from '../analysis/simulated-jury.ts'

const RUNS = 200
/** Three standard errors of a share of 95 % over the runs. */
const MONTE_CARLO = 3 * Math.sqrt((0.95 * 0.05) / RUNS)

/** The same study as `node tests/bench/main.ts calibration`, held to what it must show. */
describe.each([60, 150, 300])('a simulated harsh jury calibrated on %i of its 300 conversations', (labelled) => {
  const runs = Array.from({ length: RUNS }, (_, i) => recover(i + 1, labelled, 1000))
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

  test('is never farther from the truth than the raw jury', () => {
    expect(runs.filter(({ calibratedError, rawError }) => calibratedError > rawError)).toEqual([])
  })

  test('has intervals that cover the true mean about as often as they say, and those of the raw jury do not', () => {
    const share = mean(runs.map(({ refittedHolds }) => Number(refittedHolds)))
    expect(Math.abs(share - 0.95)).toBeLessThan(MONTE_CARLO)
    expect(mean(runs.map(({ rawHolds }) => Number(rawHolds)))).toBeLessThan(0.1)
    // Without refitting they are too narrow: that is why it is done.
    expect(mean(runs.map(({ fixedHolds }) => Number(fixedHolds)))).toBeLessThan(share)
  })

  test('has a raw bias that lies in its interval about as often as the interval says', () => {
    const share = mean(runs.map(({ biasHolds }) => Number(biasHolds)))
    expect(Math.abs(share - 0.95)).toBeLessThan(MONTE_CARLO)
  })

  test('keeps its bias within the error of the labels', () => {
    // Of one run the bias of 60 labels has a standard error of about 0.07, the mean of the runs a fourteenth of it.
    expect(Math.abs(mean(runs.map(({ calibratedBias }) => calibratedBias)))).toBeLessThan(0.03)
  })

  test('finds each juror’s liking for its own family in sign and size', () => {
    for (const [juror, truth] of preferenceTruth().entries()) {
      const found = runs.map(({ preferences }) => preferences[juror] as number)
      expect(Math.min(...found)).toBeGreaterThan(0)
      expect(mean(found)).toBeCloseTo(truth, 1)
    }
  })
})
