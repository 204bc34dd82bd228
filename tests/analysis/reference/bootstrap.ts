import { z } from 'zod'
import { bcaOf, type ClusterStatistic, jackknife, meanOf, replicate } from '../../../analysis/cluster-bootstrap.ts'
import { pearson } from '../../../analysis/correlation.ts'
import { normalCdf, normalQuantile } from '../../../analysis/normal.ts'
import { quantilesOf } from '../../../analysis/quantiles.ts'
import { type ReferenceFile, requireClose } from './reference-file.ts'

const ends = z.tuple([z.number(), z.number()])
const Input = z.strictObject({
  data: z.array(z.record(z.string(), z.number())),
  columns: z.array(z.string()).min(1),
  resample_indices_one_based: z.array(z.array(z.int().min(1))),
})
const RInterval = z.strictObject({ normal: ends, basic: ends, percent: ends, bca: ends, bca_levels: ends })
const Expected = z.strictObject({
  theta_hat: z.number(),
  replicates_first5: z.array(z.number()),
  replicates_mean: z.number(),
  bias: z.number(),
  se_boot: z.number(),
  jackknife: z.array(z.number()),
  se_jack: z.number(),
  z0_midrank: z.number(),
  z0_strict: z.number(),
  acceleration_centred_jackknife: z.number(),
  acceleration_R_uncentred: z.number(),
  intervals: z.array(
    z.strictObject({
      conf: z.number(),
      percentile_type7: ends,
      basic_type7: ends,
      bca: z.strictObject({ levels: ends, interval_type7: ends }),
      r_boot_ci: RInterval,
    }),
  ),
})
type Column = readonly number[]

const mean = (x: Column) => x.reduce((sum, value) => sum + value, 0) / x.length
const squares = (x: Column) => x.reduce((sum, value) => sum + (value - mean(x)) ** 2, 0)

/** What a title may call the statistic; where a word has two definitions, the file’s estimate tells them apart. */
const STATISTICS: Record<string, readonly ((...columns: Column[]) => number)[]> = {
  correlation: [(x = [], y = []) => pearson(x, y) ?? Number.NaN],
  ratio: [(x = [], y = []) => mean(y) / mean(x), (x = [], y = []) => mean(x) / mean(y)],
  variance: [(x = []) => squares(x) / x.length, (x = []) => squares(x) / (x.length - 1)],
  median: [(x = []) => quantilesOf(x, [0.5])[0] as number],
  mean: [mean],
}

/** The bootstrap on given resamples against R boot: our conventions and R’s own beside them. */
export function check(file: ReferenceFile): void {
  const { data, columns, resample_indices_one_based: rows } = Input.parse(file.input)
  const wanted = Expected.parse(file.expected)
  const statistic = statisticOf(file, data, columns, wanted.theta_hat)
  const all = Uint32Array.from(data.keys())
  const estimate = statistic(all)
  const indices = Uint32Array.from(rows.flat(), (i) => i - 1)
  const replicates = replicate(statistic, { indices, width: data.length, count: rows.length })
  const left = jackknife(statistic, data.length)
  const average = mean([...replicates])
  const se = Math.sqrt(squares([...replicates]) / (rows.length - 1))
  requireClose(estimate, wanted.theta_hat, file, 'theta_hat')
  wanted.replicates_first5.forEach((value, i) => void requireClose(replicates[i], value, file, `replicate ${i + 1}`))
  requireClose(average, wanted.replicates_mean, file, 'replicates_mean')
  requireClose(average - estimate, wanted.bias, file, 'bias')
  requireClose(se, wanted.se_boot, file, 'se_boot')
  wanted.jackknife.forEach((value, i) => void requireClose(left[i], value, file, `jackknife ${i + 1}`))
  const n = data.length
  requireClose(Math.sqrt((squares(left) * (n - 1)) / n), wanted.se_jack, file, 'se_jack')
  const strict = normalQuantile(replicates.filter((t) => t < estimate).length / rows.length)
  requireClose(strict, wanted.z0_strict, file, 'z0_strict')
  const uncentred = skewness(left.map((t) => (n - 1) * (estimate - t)))
  requireClose(uncentred, wanted.acceleration_R_uncentred, file, 'acceleration_R_uncentred')
  for (const one of wanted.intervals) {
    const bca = bcaOf(estimate, replicates, left, one.conf)
    if (bca.kind === 'none') throw new Error(`${file.id} requires a BCa interval, got none: ${bca.reason}`)
    requireClose(bca.z0, wanted.z0_midrank, file, 'z0_midrank')
    requireClose(bca.acceleration, wanted.acceleration_centred_jackknife, file, 'acceleration')
    requireClose(bca.standardError, wanted.se_boot, file, 'the standard error beside BCa')
    const tails = [(1 - one.conf) / 2, (1 + one.conf) / 2] as const
    const percentile = quantilesOf(replicates, tails)
    const levels = tails.map((p) => bcaLevel(p, bca.z0, bca.acceleration))
    const sorted = [...replicates].toSorted((a, b) => a - b)
    const z = tails.map(normalQuantile)
    const rLevels = tails.map((p) => bcaLevel(p, strict, uncentred))
    const rEnds = (ps: readonly number[]) => ps.map((p) => normInter(sorted, p))
    const actual: [string, readonly number[], readonly number[]][] = [
      ['percentile_type7', percentile, one.percentile_type7],
      ['basic_type7', percentile.map((q) => 2 * estimate - q).toReversed(), one.basic_type7],
      ['bca levels', levels, one.bca.levels],
      ['bca', [bca.low, bca.high], one.bca.interval_type7],
      ['R normal', z.map((q) => estimate - (average - estimate) + q * se), one.r_boot_ci.normal],
      [
        'R basic',
        rEnds(tails)
          .map((q) => 2 * estimate - q)
          .toReversed(),
        one.r_boot_ci.basic,
      ],
      ['R percent', rEnds(tails), one.r_boot_ci.percent],
      ['R bca levels', rLevels, one.r_boot_ci.bca_levels],
      ['R bca', rEnds(rLevels), one.r_boot_ci.bca],
    ]
    for (const [what, got, expected] of actual)
      expected.forEach((end, i) => void requireClose(got[i], end, file, `${what} at ${one.conf}, end ${i + 1}`))
  }
}

function statisticOf(
  file: ReferenceFile,
  data: readonly Record<string, number>[],
  columns: Column | readonly string[],
  theta: number,
): ClusterStatistic {
  const word = Object.keys(STATISTICS).find((one) => file.title.toLowerCase().includes(one))
  const values = columns.map((name) => data.map((row) => row[name] as number))
  const candidates = (STATISTICS[word ?? ''] ?? []).map(
    (statistic): ClusterStatistic =>
      word === 'mean'
        ? meanOf((values[0] as Column).map((value) => [value]))
        : (indices) => statistic(...values.map((column) => Array.from(indices, (i) => column[i] as number))),
  )
  const all = Uint32Array.from(data.keys())
  const found = candidates.find((statistic) => Math.abs(statistic(all) - theta) <= 1e-6 * Math.max(1, Math.abs(theta)))
  if (found === undefined) throw new Error(`${file.id} requires a statistic known here, got "${file.title}"`)
  return found
}

/** R boot’s rule for a quantile: interpolation on the scale of the normal quantile at rank (R + 1)·p. */
function normInter(sorted: Column, p: number): number {
  const count = sorted.length
  const rank = (count + 1) * p
  const k = Math.floor(rank)
  if (k === 0) return sorted[0] as number
  if (k >= count) return sorted[count - 1] as number
  const [at, next] = [sorted[k - 1] as number, sorted[k] as number]
  if (k === rank) return at
  const [low, here, high] = [k / (count + 1), p, (k + 1) / (count + 1)].map(normalQuantile) as [number, number, number]
  return at + ((here - low) / (high - low)) * (next - at)
}

function bcaLevel(p: number, z0: number, acceleration: number): number {
  const moved = z0 + normalQuantile(p)
  return normalCdf(z0 + moved / (1 - acceleration * moved))
}

function skewness(influence: Column): number {
  const sum = (power: number) => influence.reduce((total, l) => total + l ** power, 0)
  return sum(3) / (6 * sum(2) ** 1.5)
}
