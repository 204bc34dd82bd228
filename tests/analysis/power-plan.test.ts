import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusteredDifference, clusteredMean } from '../../analysis/cr2.ts'
import { planContrasts, planRate, type StudyPlan, sdOfModelMean } from '../../analysis/power-plan.ts'
import { powerTable } from '../../analysis/power-table.ts'
import { wilsonInterval } from '../../analysis/wilson.ts'

const PLAN: StudyPlan = Object.freeze({
  ...{ cases: 200, images: 200, icc: 0, models: 8, malignant: 0.3, rare: null, sd: 0.9, sdDiff: 0.7, sdMean: 0.6 },
  ...{ rate: null, effect: null, significance: 0.05, power: 0.8 },
})

function contrast(plan: StudyPlan, name: string) {
  const found = planContrasts(plan).find((row) => row.contrast.startsWith(name))
  if (found === undefined) throw new Error(`no contrast ${name}`)
  return found
}

describe('a plan against minimum detectable effects from R pwr', () => {
  // statistics by pwr.t2n.test and pwr.t.test, rounded to the digits given; two groups there share one variance.
  test.each([
    [100, 0.56, 0.37],
    [200, 0.39, 0.26],
    [400, 0.276, 0.18],
  ])('of the malignant delta with 30 %% malignant of %d cases', (cases, one, mean) => {
    const plan = { ...PLAN, cases, images: cases }
    expect(Math.abs(contrast(plan, 'malignant delta, one').detectable - one)).toBeLessThan(0.006)
    expect(Math.abs(contrast(plan, 'malignant delta, mean').detectable - mean)).toBeLessThan(0.006)
  })

  test.each([
    [50, 0.28, null],
    [100, 0.2, 0.285],
    [400, 0.098, 0.14],
  ])('of two models on %d cases, and in Holm’s strictest of 28 steps', (cases, alone, holm) => {
    const row = contrast({ ...PLAN, cases, images: cases }, 'two models')
    expect(row.comparisons).toBe(28)
    expect(Math.abs(row.detectable - alone)).toBeLessThan(0.005)
    if (holm !== null) expect(Math.abs(row.detectableHolm - holm)).toBeLessThan(0.005)
  })
})

describe('a plan', () => {
  test('uses the standard error and the degrees of freedom that CR2 gives for equal images', () => {
    // 12 malignant and 28 other cases on 20 images of two; in an image both scores are equal, so icc 1.
    const plan = { ...PLAN, cases: 40, images: 20, icc: 1 }
    const flagged = Array.from({ length: 6 }, (_, g) => [g % 2, g % 2])
    const others = Array.from({ length: 14 }, (_, g) => [g % 2, g % 2])
    const cr2 = clusteredDifference(flagged, others)
    expect(contrast(plan, 'malignant delta, one').df).toBeCloseTo(cr2.df, 8)
    expect(contrast(plan, 'two models').df).toBeCloseTo(clusteredMean([...flagged, ...others]).df, 8)
    const independent = contrast({ ...PLAN, cases: 20, images: 20 }, 'two models').detectable
    expect(contrast(plan, 'two models').detectable).toBeCloseTo(independent, 10)
  })

  test('that names an effect says how many cases reach the power, and one fewer does not', () => {
    const plan = { ...PLAN, effect: 0.27 }
    for (const { contrast: name, casesNeeded } of planContrasts(plan)) {
      const cases = casesNeeded ?? Number.NaN
      const powerWith = (n: number) => contrast({ ...plan, cases: n, images: n }, name).powerAtEffect ?? Number.NaN
      expect(powerWith(cases)).toBeGreaterThanOrEqual(0.8)
      expect(powerWith(cases - 1)).toBeLessThan(0.8)
    }
  })

  test('detects its own detectable effect with the wanted power', () => {
    const { detectable } = contrast(PLAN, 'malignant delta, one')
    expect(contrast({ ...PLAN, effect: detectable }, 'malignant delta, one').powerAtEffect).toBeCloseTo(0.8, 8)
  })

  test('never sees more with larger spread, fewer cases or more images shared', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 1.2, noNaN: true }),
        fc.integer({ min: 20, max: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sd, images, icc) => {
          const plan = { ...PLAN, sd, cases: 2 * images, images, icc }
          const seen = (changed: Partial<StudyPlan>) => contrast({ ...plan, ...changed }, 'malignant delta, one').detectable
          expect(seen({ sd: sd * 1.1 })).toBeGreaterThan(seen({}))
          expect(seen({ cases: 4 * images, images: 2 * images })).toBeLessThan(seen({}))
          expect(seen({ icc: icc / 2 })).toBeLessThanOrEqual(seen({}) + 1e-12)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('with one model has neither pairs nor a mean over models', () => {
    expect(planContrasts({ ...PLAN, models: 1 }).map((row) => row.contrast)).toEqual([
      'malignant delta, one model',
      'an arm against full, one model',
    ])
  })

  test('gives the SD of a mean of models that correlate as the two SDs say', () => {
    // Models that never differ: the mean has the SD of one. Independent ones (sdDiff = √2·sd): sd/√k.
    expect(sdOfModelMean({ sd: 0.9, sdDiff: 1e-9, models: 8 })).toBeCloseTo(0.9, 8)
    expect(sdOfModelMean({ sd: 0.9, sdDiff: 0.9 * Math.SQRT2, models: 8 })).toBeCloseTo(0.9 / Math.sqrt(8), 10)
    expect(() => sdOfModelMean({ sd: 0.5, sdDiff: 2, models: 8 })).toThrow('--sd-diff')
  })

  test('gives a rate the Wilson interval of as many cases as the images leave', () => {
    const whole = planRate({ ...PLAN, rate: 0.1 })
    const { low, high } = wilsonInterval(20, 200, 0.95)
    expect(whole).toMatchObject({ rate: 0.1, low, high })
    const shared = planRate({ ...PLAN, images: 100, icc: 1, rate: 0.1 })
    expect(shared).toMatchObject(wilsonInterval(10, 100, 0.95))
    expect(planRate(PLAN)).toBeNull()
  })

  test.each([
    [{ cases: 1 }, 'cases'],
    [{ images: 201 }, 'images'],
    [{ icc: 2 }, 'icc'],
    [{ models: 0 }, 'model'],
    [{ malignant: 1.4 }, 'malignant'],
    [{ malignant: 0.001 }, '2 images on each side of malignant'],
    [{ sd: Number.NaN }, 'sd'],
    [{ effect: -1 }, 'effect'],
    [{ power: 0.01 }, 'power'],
  ])('refuses %j by name', (changed, name) => {
    expect(() => planContrasts({ ...PLAN, ...changed })).toThrow(name)
  })
})

describe('the command', () => {
  const run = promisify(execFile)
  const file = join(import.meta.dirname, '../../analysis/power-main.ts')
  const options = ['--cases', '200', '--models', '8', '--malignant', '0.3', '--sd', '0.9', '--sd-diff', '0.7']

  test('prints the table of the plan with its assumptions', async () => {
    const { stdout } = await run(process.execPath, [file, ...options, '--effect', '0.27'])
    expect(stdout).toBe(`${powerTable({ ...PLAN, sdMean: null, effect: 0.27 })}\n`)
    expect(stdout).toMatch(/malignant delta, one model +60 \+ 140 +0\.90 +112 +0\.392 +0\.505 \(8\)/)
    expect(stdout).toContain('each on its own image')
  })

  test('asks for the correlation where cases share images, and exits with 1', async () => {
    await expect(run(process.execPath, [file, ...options, '--images', '100'])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('requires --icc'),
    })
  })
})
