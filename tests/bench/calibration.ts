import { type Recovery, recover } from '../analysis/calibration-recovery.ts'
import { preferenceTruth } from '../analysis/simulated-jury.ts'

const RUNS = 200
const RESAMPLES = 1000

/** The table of the recovery study: what a calibration on 60, 150 and 300 labels makes of a simulated jury. */
export async function* calibrationLines(): AsyncGenerator<string> {
  yield `Recovery of a simulated jury (harsh by 0.5, own family + 0.5): 300 conversations on 100 images, ${RUNS} runs, ${RESAMPLES} resamples`
  const liking = (preferenceTruth().reduce((sum, one) => sum + one, 0) / preferenceTruth().length).toFixed(2)
  yield `| labels | maps chosen | raw error | calibrated error | not worse | raw bias | its interval | calibrated bias | raw interval | map as given | refitted | own-family liking (truth ${liking}) |`
  yield '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |'
  for (const labelled of [60, 150, 300]) {
    const runs = Array.from({ length: RUNS }, (_, i) => recover(i + 1, labelled, RESAMPLES))
    const mean = (of: (run: Recovery) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length
    const share = (of: (run: Recovery) => boolean) => `${(100 * mean((run) => Number(of(run)))).toFixed(1)} %`
    const kinds = Map.groupBy(runs, ({ kind, severityRemoved }) => (severityRemoved ? `${kind} after severities` : kind))
    const cells = [
      labelled,
      [...kinds].map(([kind, some]) => `${kind} ${some.length}`).join(', '),
      mean((run) => run.rawError).toFixed(3),
      mean((run) => run.calibratedError).toFixed(3),
      share((run) => run.calibratedError <= run.rawError),
      mean((run) => run.rawBias).toFixed(3),
      share((run) => run.biasHolds),
      mean((run) => run.calibratedBias).toFixed(3),
      share((run) => run.rawHolds),
      share((run) => run.fixedHolds),
      share((run) => run.refittedHolds),
      mean((run) => run.preferences.reduce((sum, one) => sum + one, 0) / run.preferences.length).toFixed(2),
    ]
    yield `| ${cells.join(' | ')} |`
  }
}
