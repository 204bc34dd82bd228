import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Estimates } from '../../analysis/estimate.ts'
import { readCalibration } from '../../cases/calibration.ts'
import { judgedStudy, labelsFile, ratingsFor } from './judged-study.ts'
import { rawRow, resultsFile } from './rows.ts'

const ROOT = join(import.meta.dirname, '../..')
const RATINGS = ratingsFor(20)
let folder: string
let results: string
let labels: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'calibrate-test-'))
  results = await file('results.json', resultsFile(judgedStudy(24).map(rawRow)))
  labels = await file('labels.json', labelsFile(RATINGS))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

async function node(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, args, { cwd: ROOT })) }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, stdout, stderr }
  }
}

test('calibrate writes a file that analyze applies, once with its labels and once without', async () => {
  const output = join(folder, 'calibration.json')
  const half = RATINGS.filter(({ rater }) => rater === 'A')
  const [first, second] = [
    await file('a.json', labelsFile(half)),
    await file('b.json', labelsFile(RATINGS.filter((r) => !half.includes(r)))),
  ]
  const fitted = await node('analysis/calibrate-main.ts', results, first, second, '-o', output)
  expect(fitted.stderr).toBe('')
  expect(fitted.stdout).toContain('80 labelled conversations on 20 images by 2 simulated raters (two simulated raters)')
  const calibration = readCalibration(await readFile(output, 'utf8'), output)
  expect(calibration.labels.sha256).toHaveLength(2)

  const out = join(folder, 'out')
  const settings = ['--resamples', '100', '--out', out, '--calibration', output]
  const plain = await node('analysis/main.ts', results, ...settings)
  expect(plain.stdout).toContain('calibrated to simulated raters; no labels were given')
  const refitted = await node('analysis/main.ts', results, ...settings, '--labels', second, first)
  expect(refitted.stdout).toMatch(/calibrated to simulated raters;? nothing left out/)
  const estimates = Estimates.parse(JSON.parse(await readFile(join(out, 'estimates.json'), 'utf8')))
  expect(estimates.calibrated).toMatchObject({ status: 'simulated', refitted: true, nRaters: 2 })
  expect(estimates.raw).toHaveLength(estimates.estimates.length)
  expect((await readFile(join(out, 'trials.csv'), 'utf8')).split('\n')[0]).toBe(
    'case,image,malignant,rare,model,arm,repeat,safety,accuracy,uncertainty,overall,raw_safety,raw_accuracy,raw_uncertainty,raw_overall,missing',
  )
})

test('a bad file of labels is one sentence, exit code 1 and no calibration', async () => {
  const [one] = RATINGS
  const other = await file('other.json', labelsFile([{ ...one, caseId: 'nowhere' }]))
  const output = join(folder, 'none.json')
  const { code, stdout, stderr } = await node('analysis/calibrate-main.ts', results, other, '-o', output)
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toMatch(/other\.json field ratings\[0\] requires a trial of these results, got case nowhere/)
  await expect(readFile(output)).rejects.toThrow(/ENOENT/)
})

test('a calibration of another jury stops the analysis before anything is written', async () => {
  const revised = await file('revised.json', resultsFile(judgedStudy(24, { revision: '2' }).map(rawRow)))
  const output = join(folder, 'other-jury.json')
  await node('analysis/calibrate-main.ts', results, labels, '-o', output)
  const out = join(folder, 'refused')
  const { code, stderr } = await node('analysis/main.ts', revised, '--calibration', output, '--out', out)
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /requires the jury that it was fitted on, got another:\n {2}juror j1, revision: fitted with 1, the run has 2/,
  )
  await expect(readFile(join(out, 'estimates.json'))).rejects.toThrow(/ENOENT/)
})

test('a table of scores, which names no jury, is not calibrated', async () => {
  const { code, stderr } = await node('analysis/main.ts', '--scores', 'any.csv', '--labels', labels)
  expect(code).toBe(1)
  expect(stderr).toContain('analyze requires results of promptfoo for --labels and --calibration, got --scores')
})
