import { fQuantile, fUpper } from './f-distribution.ts'

/** Shrout and Fleiss’ six forms: 1 one-way, 2 two-way random (absolute agreement), 3 two-way mixed (consistency). */
export type IccForm = '1,1' | '2,1' | '3,1' | '1,k' | '2,k' | '3,k'

/** An intraclass correlation with its F test against 0 and F-based interval. */
export type Icc = { form: IccForm; value: number; f: number; df1: number; df2: number; p: number; low: number; high: number }

/** Mean squares of a table of subjects × raters without gaps. */
export type MeanSquares = { n: number; k: number; subjects: number; raters: number; error: number; within: number }

/**
 * Mean squares of a complete table, one row a subject and one column a rater: of subjects, raters, residual, and within
 * subjects. Under two rows or columns, rows of different length or a rating that is not finite is a RangeError.
 */
export function meanSquares(ratings: readonly (readonly number[])[]): MeanSquares {
  const n = ratings.length
  const k = ratings[0]?.length ?? 0
  if (n < 2 || k < 2) throw new RangeError(`meanSquares requires at least 2 subjects and 2 raters, got ${n} and ${k}`)
  if (ratings.some((row) => row.length !== k || !row.every(Number.isFinite)))
    throw new RangeError(`meanSquares requires ${k} finite ratings a subject`)
  const rowMeans = ratings.map(mean)
  const columnMeans = Array.from({ length: k }, (_, j) => mean(ratings.map((row) => row[j] as number)))
  const grand = mean(rowMeans)
  const ofSubjects = k * sumOfSquares(rowMeans, grand)
  const ofRaters = n * sumOfSquares(columnMeans, grand)
  const within = ratings.reduce((sum, row, i) => sum + sumOfSquares(row, rowMeans[i] as number), 0)
  return {
    n,
    k,
    subjects: ofSubjects / (n - 1),
    raters: ofRaters / (k - 1),
    error: Math.max(0, within - ofRaters) / ((n - 1) * (k - 1)),
    within: within / (n * (k - 1)),
  }
}

/**
 * The six intraclass correlations of Shrout and Fleiss (1979) with the intervals of McGraw and Wong (1996) at `level`, in
 * the order 1,1 2,1 3,1 1,k 2,k 3,k. Subjects are taken as independent. Null when there is no error at all within subjects, so that F
 * is not finite, or no spread between subjects.
 */
export function iccs(squares: MeanSquares, level: number): Icc[] | null {
  const { n, k, subjects, raters, error, within } = squares
  if (error <= 1e-12 * subjects || subjects <= 1e-12 * within) return null
  const one = test(subjects / within, n - 1, n * (k - 1), level)
  const three = test(subjects / error, n - 1, (n - 1) * (k - 1), level)
  const two = (subjects - error) / (subjects + (k - 1) * error + (k * (raters - error)) / n)
  const ends2 = endsOfTwo(squares, two, level)
  const single = (f: number) => (f - 1) / (f + k - 1)
  const average = (f: number) => 1 - 1 / f
  const stepUp = (icc: number) => (k * icc) / (1 + (k - 1) * icc)
  const row = (form: IccForm, { f, df1, df2, p, low, high }: FTest, map: (f: number) => number): Icc => {
    return { form, value: map(f), f, df1, df2, p, low: map(low), high: map(high) }
  }
  return [
    row('1,1', one, single),
    { ...row('2,1', three, () => two), low: ends2.low, high: ends2.high },
    row('3,1', three, single),
    row('1,k', one, average),
    { ...row('2,k', three, () => stepUp(two)), low: stepUp(ends2.low), high: stepUp(ends2.high) },
    row('3,k', three, average),
  ]
}

type FTest = { f: number; df1: number; df2: number; p: number; low: number; high: number }

function test(f: number, df1: number, df2: number, level: number): FTest {
  const p = (1 + level) / 2
  return { f, df1, df2, p: fUpper(f, df1, df2), low: f / fQuantile(p, df1, df2), high: f * fQuantile(p, df2, df1) }
}

/** McGraw and Wong (1996), case 2A, with Satterthwaite degrees of freedom. */
function endsOfTwo({ n, k, subjects, raters, error }: MeanSquares, icc: number, level: number): { low: number; high: number } {
  const f = raters / error
  const other = n * (1 + (k - 1) * icc) - k * icc
  const df = ((k - 1) * (n - 1) * (k * icc * f + other) ** 2) / ((n - 1) * (k * icc * f) ** 2 + other ** 2)
  const p = (1 + level) / 2
  const lower = fQuantile(p, n - 1, df)
  const upper = fQuantile(p, df, n - 1)
  const rest = k * raters + (k * n - k - n) * error
  return {
    low: (n * (subjects - lower * error)) / (lower * rest + n * subjects),
    high: (n * (upper * subjects - error)) / (rest + n * upper * subjects),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function sumOfSquares(values: readonly number[], centre: number): number {
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
}
