/**
 * Fleiss’ kappa (1971) for nominal categories: rows are subjects, columns categories, cells the raters who chose them.
 *
 * (P̄ − P̄_e)/(1 − P̄_e), where P̄ is the mean share of agreeing pairs and P̄_e the sum of squared category shares. Null when all
 * ratings are in one category. No row, rows of different sums, under two raters or a cell that is no count is a RangeError.
 */
export function fleissKappa(counts: readonly (readonly number[])[]): number | null {
  const { agreement, shares } = agreementOf(counts)
  return chanceCorrected(
    agreement,
    shares.reduce((sum, share) => sum + share * share, 0),
  )
}

/** Randolph’s free-marginal kappa: as `fleissKappa`, with 1/categories as the agreement by chance. */
export function randolphKappa(counts: readonly (readonly number[])[]): number | null {
  const { agreement, shares } = agreementOf(counts)
  return chanceCorrected(agreement, 1 / shares.length)
}

function chanceCorrected(agreement: number, chance: number): number | null {
  return chance < 1 - 1e-12 ? (agreement - chance) / (1 - chance) : null
}

function agreementOf(counts: readonly (readonly number[])[]): { agreement: number; shares: number[] } {
  const [first] = counts
  if (first === undefined) throw new RangeError('fleissKappa requires at least one subject, got none')
  const raters = first.reduce((sum, n) => sum + n, 0)
  if (!(raters >= 2)) throw new RangeError(`fleissKappa requires at least 2 raters, got ${raters}`)
  const shares = first.map(() => 0)
  let agreement = 0
  for (const row of counts) {
    if (row.length !== first.length || row.reduce((sum, n) => sum + n, 0) !== raters)
      throw new RangeError(`fleissKappa requires ${raters} ratings in ${first.length} categories a subject, got [${row}]`)
    for (const [category, n] of row.entries()) {
      if (!(Number.isInteger(n) && n >= 0)) throw new RangeError(`fleissKappa requires counts, got ${n}`)
      shares[category] = (shares[category] as number) + n / (raters * counts.length)
      agreement += (n * (n - 1)) / (raters * (raters - 1) * counts.length)
    }
  }
  return { agreement, shares }
}
