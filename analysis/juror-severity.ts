import { meanScore } from './jury-data.ts'

/**
 * Each juror’s effect in the additive model score = conversation + juror, by least squares, effects summing to 0; above 0 is
 * lenient. `votes` holds one map from juror to score a conversation. Unlike the plain difference from those present, it is
 * fair to a juror who was absent when the harsh ones were there.
 *
 * Null when the jurors fall into groups that share no conversation, so that nothing compares them. No juror is a RangeError.
 */
export function jurorEffects(votes: readonly ReadonlyMap<string, number>[], jurors: readonly string[]): number[] | null {
  if (jurors.length === 0) throw new RangeError('jurorEffects requires at least one juror, got none')
  const place = new Map(jurors.map((juror, index) => [juror, index]))
  // Adding 1 everywhere adds the condition that the effects sum to 0.
  const matrix = jurors.map(() => jurors.map(() => 1))
  const right = jurors.map(() => 0)
  for (const conversation of votes) {
    if (conversation.size < 2) continue
    const mean = meanScore(conversation.values())
    for (const [juror, score] of conversation) {
      const i = place.get(juror)
      if (i === undefined) throw new RangeError(`jurorEffects requires the votes of its jurors, got one of ${juror}`)
      const row = matrix[i] as number[]
      right[i] = (right[i] as number) + score - mean
      row[i] = (row[i] as number) + 1
      for (const other of conversation.keys()) {
        const j = place.get(other) as number
        row[j] = (row[j] as number) - 1 / conversation.size
      }
    }
  }
  return solve(matrix, right)
}

/** Gaussian elimination with pivoting, null for a singular matrix. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const rows = matrix.map((row, i) => [...row, right[i] as number])
  for (let column = 0; column < rows.length; column++) {
    const size = (i: number) => Math.abs(rows[i]?.[column] as number)
    let pivot = column
    for (let i = column + 1; i < rows.length; i++) if (size(i) > size(pivot)) pivot = i
    if (size(pivot) < 1e-9) return null
    const top = rows[pivot] as number[]
    rows[pivot] = rows[column] as number[]
    rows[column] = top
    for (const [i, row] of rows.entries()) {
      if (i === column) continue
      const factor = (row[column] as number) / (top[column] as number)
      for (let k = column; k < row.length; k++) row[k] = (row[k] as number) - factor * (top[k] as number)
    }
  }
  return rows.map((row, i) => (row[rows.length] as number) / (row[i] as number))
}
