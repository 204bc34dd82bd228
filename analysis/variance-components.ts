/** A factor of a balanced design: its name and its level at every value. */
export type Factor = { name: string; levels: readonly string[] }

/** The spread that one effect adds; below 0 when the data show less than chance would. */
type VarianceComponent = { effect: readonly string[]; df: number; meanSquare: number; variance: number }

/** All components of a design, the residual, and the grand mean with its standard error over all factors. */
export type VarianceComponents = {
  mean: number
  meanStandardError: number
  components: VarianceComponent[]
  residual: { df: number; variance: number }
}

/**
 * Variance components of crossed random factors, from the expected mean squares of a balanced analysis of variance (Searle,
 * Casella and McCulloch 1992, ch. 4). They equal REML where all are above 0.
 *
 * `effects` are the ones to estimate, such as [['case'], ['juror'], ['case', 'juror']]; all else is residual. Every
 * combination of levels must occur equally often, and the residual needs a degree of freedom; else, or with a value that is
 * not finite, a RangeError. In the standard error a component below 0 counts as 0.
 */
export function varianceComponents(
  values: readonly number[],
  factors: readonly Factor[],
  effects: readonly (readonly string[])[],
): VarianceComponents {
  requireBalanced(values, factors)
  const size = new Map(factors.map(({ name, levels }) => [name, new Set(levels).size]))
  const cells = (effect: readonly string[]) => effect.reduce((product, name) => product * (size.get(name) as number), 1)
  const means = meansOf(values, factors, effects)
  const mean = means([])[0] as number
  const squares = effects.map((effect) => {
    const df = effect.reduce((product, name) => product * ((size.get(name) as number) - 1), 1)
    return { effect, df, sum: sumOfSquares(effect, means, values.length) }
  })
  const total = values.reduce((sum, y) => sum + (y - mean) ** 2, 0)
  const df = values.length - 1 - squares.reduce((sum, square) => sum + square.df, 0)
  if (df < 1 || squares.some((square) => square.df < 1))
    throw new RangeError('varianceComponents requires at least 1 degree of freedom for each effect and the residual')
  const residual = Math.max(0, total - squares.reduce((sum, square) => sum + square.sum, 0)) / df
  const components: VarianceComponent[] = []
  for (const { effect, df, sum } of squares.toSorted((a, b) => b.effect.length - a.effect.length)) {
    const wider = components.filter((other) => effect.every((name) => other.effect.includes(name)))
    const expected = wider.reduce((all, other) => all + (values.length / cells(other.effect)) * other.variance, residual)
    const variance = (sum / df - expected) * (cells(effect) / values.length)
    components.push({ effect, df, meanSquare: sum / df, variance })
  }
  const ofMean = components.reduce(
    (sum, { effect, variance }) => sum + Math.max(0, variance) / cells(effect),
    residual / values.length,
  )
  const inOrder = effects.flatMap((effect) => components.find((component) => component.effect === effect) ?? [])
  return { mean, meanStandardError: Math.sqrt(ofMean), components: inOrder, residual: { df, variance: residual } }
}

type MeansOf = (effect: readonly string[]) => Float64Array

/** For every value, the mean of the values that share its levels of the factors named. */
function meansOf(values: readonly number[], factors: readonly Factor[], effects: readonly (readonly string[])[]): MeansOf {
  const known = new Map<string, Float64Array>()
  const codes = new Map(factors.map(({ name, levels }) => [name, codesOf(levels)]))
  for (const effect of effects.flatMap(subsets)) {
    const key = effect.join('\n')
    if (known.has(key)) continue
    const cells = new Float64Array(values.length)
    const keys = values.map((_, i) => effect.map((name) => codes.get(name)?.[i]).join(' '))
    const sums = new Map<string, { sum: number; n: number }>()
    for (const [i, y] of values.entries()) {
      const cell = sums.get(keys[i] as string)
      if (cell === undefined) sums.set(keys[i] as string, { sum: y, n: 1 })
      else {
        cell.sum += y
        cell.n++
      }
    }
    for (let i = 0; i < cells.length; i++) {
      const { sum, n } = sums.get(keys[i] as string) as { sum: number; n: number }
      cells[i] = sum / n
    }
    known.set(key, cells)
  }
  return (effect) => known.get(effect.join('\n')) as Float64Array
}

function sumOfSquares(effect: readonly string[], means: MeansOf, n: number): number {
  const parts = subsets(effect).map((part) => ({ sign: (effect.length - part.length) % 2 === 0 ? 1 : -1, cells: means(part) }))
  let sum = 0
  for (let i = 0; i < n; i++) {
    let deviation = 0
    for (const { sign, cells } of parts) deviation += sign * (cells[i] as number)
    sum += deviation * deviation
  }
  return sum
}

/** All subsets, the empty one first; the order of names stays. */
function subsets(effect: readonly string[]): string[][] {
  return Array.from({ length: 2 ** effect.length }, (_, bits) => effect.filter((_name, place) => (bits >> place) % 2 === 1))
}

function codesOf(levels: readonly string[]): number[] {
  const codes = new Map([...new Set(levels)].map((level, code) => [level, code]))
  return levels.map((level) => codes.get(level) as number)
}

function requireBalanced(values: readonly number[], factors: readonly Factor[]): void {
  if (values.length === 0) throw new RangeError('varianceComponents requires at least one value, got none')
  if (!values.every(Number.isFinite)) throw new RangeError('varianceComponents requires finite values')
  for (const { name, levels } of factors)
    if (levels.length !== values.length) throw new RangeError(`varianceComponents requires a level of ${name} for each value`)
  const counts = new Map<string, number>()
  for (const i of values.keys()) {
    const cell = JSON.stringify(factors.map(({ levels }) => levels[i]))
    counts.set(cell, (counts.get(cell) ?? 0) + 1)
  }
  const combinations = factors.reduce((product, { levels }) => product * new Set(levels).size, 1)
  if (counts.size !== combinations || new Set(counts.values()).size !== 1)
    throw new RangeError('varianceComponents requires every combination of levels equally often')
}
