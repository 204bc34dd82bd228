import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { madeUpTable } from './scale-table.ts'

const CASES = [625, 1250, 2500, 5000]
const [MOST_SECONDS, MOST_MEGABYTES] = [30, 2000]

type Measured = { readSeconds: number; analyzeSeconds: number; cpuSeconds: number; peakMegabytes: number; estimates: number }

/**
 * Time and peak memory of the whole analysis, all estimands with 10,000 resamples, of made-up tables of four sizes up to
 * 5,000 cases × 8 models × 4 arms × 3 dimensions × 3 jurors; a process each. The memory is that of the
 * whole process; Node has the same flag as `npm run analyze`. As lines to print.
 */
export async function* scaleLines(): AsyncGenerator<string> {
  yield 'Analysis of one table, all estimands, 10,000 resamples, one run a size'
  const dir = mkdtempSync(join(tmpdir(), 'imcbench-bench-'))
  let last: Measured | undefined
  for (const cases of CASES) {
    const one = measure(cases, join(dir, 'scores.csv'))
    const votes = cases * 8 * 4 * 3 * 3
    const { readSeconds, analyzeSeconds, cpuSeconds, peakMegabytes } = one
    const perVote = ((1e6 * (readSeconds + analyzeSeconds)) / votes).toFixed(2)
    yield `${String(cases).padStart(5)} cases ${String(votes).padStart(8)} votes  read ${readSeconds.toFixed(1)} s  analyze ${analyzeSeconds.toFixed(1)} s  CPU ${cpuSeconds.toFixed(1)} s  ${perVote} µs a vote  peak ${peakMegabytes.toFixed(0)} MB`
    last = one
  }
  rmSync(dir, { recursive: true })
  if (last === undefined) return
  const met = last.readSeconds + last.analyzeSeconds < MOST_SECONDS && last.peakMegabytes < MOST_MEGABYTES
  yield `goal for the largest, under ${MOST_SECONDS} s and ${MOST_MEGABYTES} MB: ${met ? 'met' : 'NOT met'}`
}

function measure(cases: number, file: string): Measured {
  writeFileSync(file, madeUpTable(cases))
  const done = spawnSync(process.execPath, ['--max-semi-space-size=64', join(import.meta.dirname, 'scale-run.ts'), file], {
    encoding: 'utf8',
  })
  if (done.status !== 0) throw new Error(`scale requires a run that ends, got\n${done.stderr}`)
  return JSON.parse(done.stdout) as Measured
}
