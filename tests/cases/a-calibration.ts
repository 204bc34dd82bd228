import type { Calibration, DimensionCalibration } from '../../cases/calibration.ts'
import type { JuryMark } from '../../cases/verdict.ts'

/** A jury of three. */
export function aJury(): JuryMark {
  const juror = (id: string) => ({ id, family: `family ${id}`, simulated: true, saw: 'none' as const, revision: '1' })
  return {
    sha256: 'c'.repeat(64),
    jurors: [juror('j1'), juror('j2'), juror('j3')],
    repeats: 1,
    quorum: 2,
    prompt: 'a'.repeat(64),
    rubric: { version: '1', sha256: 'a'.repeat(64) },
  }
}

/** A calibration of that jury to simulated raters that shifts every dimension by half a point. */
export function aCalibration(): Calibration {
  const dimension = (): DimensionCalibration => ({
    map: { kind: 'shift', by: 0.5 },
    severities: null,
    support: { low: 1, high: 5 },
    nConversations: 40,
    nImages: 20,
    nCannotJudge: 1,
    nWithoutScore: 0,
    candidates: [{ kind: 'shift', severityRemoved: false, rootMeanSquareError: 0.5, standardError: 0.1, reason: null }],
    chosen: 'made up for tests',
  })
  return {
    version: 1,
    software: { name: 'made-up-for-tests', version: '0.0.0' },
    simulated: true,
    labels: { sha256: ['d'.repeat(64)], raters: 'two simulated raters', nRaters: 2, nConversations: 40, nImages: 20 },
    jury: aJury(),
    dimensions: { safety: dimension(), accuracy: dimension(), uncertainty: dimension() },
  }
}
