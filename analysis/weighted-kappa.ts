/** How much a disagreement of i and j counts: all alike, by |i − j|, or by (i − j)². */
export type KappaWeights = 'unweighted' | 'linear' | 'quadratic'

/**
 * Cohen’s weighted kappa of a square table (rows: first rater’s category, columns: second’s) with its large-sample standard
 * error, which takes the rated things as independent.
 *
 * Agreement weights w are 1 − |i − j|/(k − 1), 1 − (i − j)²/(k − 1)², or 1 on the diagonal only. Standard error of Fleiss,
 * Cohen and Everitt (1969), eq. 9. Null when both raters use one and the same category. A table that is not square, under
 * two categories, a cell that is no count or a sum of 0 is a RangeError.
 */
export function weightedKappa(
  table: readonly (readonly number[])[],
  weights: KappaWeights,
): { kappa: number; standardError: number } | null {
  requireTable(table)
  const k = table.length
  const n = table.flat().reduce((sum, cell) => sum + cell, 0)
  const p = table.map((row) => row.map((cell) => cell / n))
  const rows = p.map(sum)
  const columns = p.map((_, j) => sum(p.map((row) => row[j] as number)))
  const weight = (i: number, j: number) => weightOf(i, j, k, weights)
  const rowMean = rows.map((_, i) => sum(columns.map((share, j) => share * weight(i, j))))
  const columnMean = columns.map((_, j) => sum(rows.map((share, i) => share * weight(i, j))))
  const observed = sum(p.flatMap((row, i) => row.map((share, j) => share * weight(i, j))))
  const chance = sum(rows.map((share, i) => share * (rowMean[i] as number)))
  if (chance > 1 - 1e-12) return null
  const kappa = (observed - chance) / (1 - chance)
  const spread = (i: number, j: number) =>
    (weight(i, j) - ((rowMean[i] as number) + (columnMean[j] as number)) * (1 - kappa)) ** 2
  const squares = sum(p.flatMap((row, i) => row.map((share, j) => share * spread(i, j))))
  const variance = (squares - (kappa - chance * (1 - kappa)) ** 2) / ((1 - chance) ** 2 * n)
  return { kappa, standardError: Math.sqrt(Math.max(0, variance)) }
}

function weightOf(i: number, j: number, k: number, weights: KappaWeights): number {
  if (weights === 'unweighted') return i === j ? 1 : 0
  const distance = Math.abs(i - j) / (k - 1)
  return weights === 'linear' ? 1 - distance : 1 - distance ** 2
}

function requireTable(table: readonly (readonly number[])[]): void {
  if (table.length < 2 || table.some((row) => row.length !== table.length))
    throw new RangeError(`weightedKappa requires a square table of at least 2 categories, got ${table.length} rows`)
  if (table.flat().some((cell) => !(Number.isInteger(cell) && cell >= 0)))
    throw new RangeError('weightedKappa requires counts in its cells')
  if (sum(table.flat()) === 0) throw new RangeError('weightedKappa requires at least one rated thing, got none')
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
