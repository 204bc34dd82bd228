import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Cluster, clusteredDifference, clusteredMean, tInterval } from '../../analysis/cr2.ts'
import { normalCdf } from '../../analysis/normal.ts'

const RUNS = 10_000
const IMAGES = [12, 20, 40, 300]
/** Three standard errors of a share of 95 % over the runs. */
const MONTE_CARLO = 3 * Math.sqrt((0.95 * 0.05) / RUNS)

/** How simulated scores come about, in points: a level, and spreads of images, cases, an image's response to the arm, jurors. */
const LEVEL = 3.4
const MALIGNANT = -0.3
const WITHOUT_IMAGE = -0.2
const SPREAD = { image: 0.5, case: 0.4, response: 0.25, juror: 0.6 }
const JURORS = 3

type Estimand = 'mean' | 'delta' | 'effect'
type Row = { images: number; estimand: Estimand; cr2: number; naive: number }

/** Independent standard normal numbers by Box and Muller's rule, from a seed. */
function normals(seed: number): () => number {
  const stream = xoroshiro128plus(seed)
  const uniform = () => ((stream.next() >>> 0) + 0.5) / 2 ** 32
  let kept: number | null = null
  return () => {
    if (kept !== null) {
      const value = kept
      kept = null
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()))
    const angle = 2 * Math.PI * uniform()
    kept = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

/** The mean of jurors who each round the same level with their own noise to a whole score from 1 to 5. */
function pooled(level: number, next: () => number): number {
  let sum = 0
  for (let juror = 0; juror < JURORS; juror++) sum += Math.min(5, Math.max(1, Math.round(level + SPREAD.juror * next())))
  return sum / JURORS
}

/** The expected score at a level: 1 plus the chances to lie above 1.5, 2.5, 3.5 and 4.5. */
function expectedScore(level: number, spreads: readonly number[]): number {
  const spread = Math.hypot(...spreads)
  return [1.5, 2.5, 3.5, 4.5].reduce((sum, border) => sum + normalCdf((level - border) / spread), 1)
}

const { image: IMAGE, case: CASE, response: RESPONSE, juror: JUROR } = SPREAD
const FULL = [IMAGE, CASE, JUROR]
const TRUTH: Record<Estimand, number> = {
  mean: expectedScore(LEVEL, FULL),
  delta: expectedScore(LEVEL + MALIGNANT, FULL) - expectedScore(LEVEL, FULL),
  effect: expectedScore(LEVEL + WITHOUT_IMAGE, [...FULL, RESPONSE]) - expectedScore(LEVEL, FULL),
}

/** Images of one to three cases, scored in full and without the image; `level` is that of full. */
function study(images: number, level: number, next: () => number): { full: Cluster[]; effect: Cluster[] } {
  const full: Cluster[] = []
  const effect: Cluster[] = []
  for (let i = 0; i < images; i++) {
    const [own, response] = [IMAGE * next(), RESPONSE * next()]
    // Sizes 1, 2 and 3 in turn: as uneven as the bank, and no source of chance.
    const cases = Array.from({ length: 1 + (i % 3) }, () => {
      const middle = level + own + CASE * next()
      const score = pooled(middle, next)
      return { score, effect: pooled(middle + WITHOUT_IMAGE + response, next) - score }
    })
    full.push(cases.map(({ score }) => score))
    effect.push(cases.map((one) => one.effect))
  }
  return { full, effect }
}

/** ±1.96 standard errors as if every case were independent of the others. */
function naive(groups: readonly (readonly Cluster[])[]): { low: number; high: number } {
  const parts = groups.map((group) => {
    const values = group.flat()
    const mean = values.reduce((sum, y) => sum + y, 0) / values.length
    return { mean, variance: values.reduce((sum, y) => sum + (y - mean) ** 2, 0) / (values.length - 1) / values.length }
  })
  const value = (parts[0]?.mean ?? Number.NaN) - (parts[1]?.mean ?? 0)
  const half = 1.96 * Math.sqrt(parts.reduce((sum, { variance }) => sum + variance, 0))
  return { low: value - half, high: value + half }
}

function simulate(images: number): Row[] {
  const next = normals(images)
  const flagged = Math.round(images * 0.3)
  const hits: Record<Estimand, { cr2: number; naive: number }> = {
    mean: { cr2: 0, naive: 0 },
    delta: { cr2: 0, naive: 0 },
    effect: { cr2: 0, naive: 0 },
  }
  const count = (estimand: Estimand, closed: { low: number; high: number }, plain: { low: number; high: number }) => {
    const truth = TRUTH[estimand]
    if (closed.low <= truth && truth <= closed.high) hits[estimand].cr2++
    if (plain.low <= truth && truth <= plain.high) hits[estimand].naive++
  }
  for (let run = 0; run < RUNS; run++) {
    const { full, effect } = study(images, LEVEL, next)
    count('mean', tInterval(clusteredMean(full), 0.95), naive([full]))
    count('effect', tInterval(clusteredMean(effect), 0.95), naive([effect]))
    const malignant = study(flagged, LEVEL + MALIGNANT, next).full
    const benign = study(images - flagged, LEVEL, next).full
    count('delta', tInterval(clusteredDifference(malignant, benign), 0.95), naive([malignant, benign]))
  }
  return (['mean', 'delta', 'effect'] as const).map((estimand) => ({
    images,
    estimand,
    cr2: hits[estimand].cr2 / RUNS,
    naive: hits[estimand].naive / RUNS,
  }))
}

function asTable(rows: readonly Row[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  const lines = rows.map(
    ({ images, estimand, cr2, naive: plain }) => `| ${images} | ${estimand} | ${percent(cr2)} | ${percent(plain)} |`,
  )
  return ['| images | estimand | CR2 t | naive |', '| --- | --- | --- | --- |', ...lines].join('\n')
}

describe(`what 95 % intervals cover in ${RUNS} simulated studies`, () => {
  let rows: Row[] = []

  beforeAll(() => {
    rows = IMAGES.flatMap(simulate)
    process.stdout.write(`${asTable(rows)}\n`)
  }, 600_000)

  test('CR2 t covers 95 % of means, deltas and effects within the error of the simulation', () => {
    expect(rows).toHaveLength(12)
    for (const { images, estimand, cr2 } of rows)
      expect(Math.abs(cr2 - 0.95), `${estimand} on ${images} images: ${cr2}`).toBeLessThan(MONTE_CARLO)
  })

  test('an interval that ignores images covers less than 95 % of means and deltas at every size, 300 images included', () => {
    for (const { estimand, naive: plain } of rows) if (estimand !== 'effect') expect(plain).toBeLessThan(0.95 - MONTE_CARLO)
  })

  test('the README shows this table', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../analysis/README.md'), 'utf8')
    const plain = (text: string) => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---')
    expect(plain(readme)).toContain(asTable(rows))
  })
})
