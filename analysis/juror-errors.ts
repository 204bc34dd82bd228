import { pearson } from './correlation.ts'
import type { ErrorCorrelation } from './estimate-jury-clinicians.ts'
import type { Quantity } from './estimate-quantity.ts'
import { isExploratory } from './exploratory.ts'
import { type Addend, type SumStatistic, sumQuantities } from './image-sums.ts'
import { casesAndImages, type JuryData, meanScore } from './jury-data.ts'
import { noQuantity } from './quantity.ts'

/** How far the jurors’ errors against the clinicians go together. No clinician gives null. */
export function errorCorrelation(data: JuryData): ErrorCorrelation | null {
  const { conversations, voters, clinicians, dimension, rule } = data
  if (clinicians.length === 0) return null
  const complete = conversations.filter(({ votes, clinicians: scores }) => votes.size === voters.length && scores.size > 0)
  const errors = complete.map(({ votes, clinicians: scores }) => {
    const target = meanScore(scores.values())
    return voters.map((id) => (votes.get(id) as number) - target)
  })
  const counts = casesAndImages(complete)
  const common = { dimension, nJurors: voters.length, nConversations: complete.length, nImages: counts.nImages }
  const exploratory = isExploratory(counts.nImages, counts.nImages - 1)
  if (voters.length < 2) {
    const none = noQuantity('fewer than 2 jurors')
    return { ...common, correlation: none, effectiveJurors: none, pairs: [], exploratory }
  }
  const addends = complete.map(({ image }, i): Addend => ({ image, sums: sumsOf(errors[i] as number[]) }))
  const reason = 'the errors of some juror do not differ'
  const rho = (sums: Float64Array) => meanCorrelation(sums, voters.length)
  const statistics: SumStatistic[] = [
    { of: rho, reason },
    { of: (sums) => effectiveJurors(rho(sums), voters.length), reason: `${reason}, or they cancel out` },
  ]
  const [correlation, effective] = sumQuantities(addends, statistics, rule) as [Quantity, Quantity]
  const column = (place: number) => errors.map((row) => row[place] as number)
  const pairs = voters.flatMap((a, i) =>
    voters.slice(i + 1).map((b, k) => {
      return { a, b, correlation: errors.length < 2 ? null : pearson(column(i), column(i + 1 + k)) }
    }),
  )
  return { ...common, correlation, effectiveJurors: effective, pairs, exploratory }
}

/** Independent jurors worth as much as k whose errors correlate by ρ; null when 1 + (k − 1)ρ is not above 0. */
function effectiveJurors(rho: number | null, k: number): number | null {
  if (rho === null) return null
  const inflation = 1 + (k - 1) * rho
  return inflation > 1e-9 ? k / inflation : null
}

/** 1, every error, and every product of two errors, a juror’s own square included. */
function sumsOf(errors: readonly number[]): number[] {
  return [1, ...errors, ...errors.flatMap((x, i) => errors.slice(i).map((y) => x * y))]
}

function meanCorrelation(sums: Float64Array, k: number): number | null {
  const n = sums[0] as number
  if (!(n > 1)) return null
  const place = (i: number, j: number) => 1 + k + i * k - (i * (i - 1)) / 2 + (j - i)
  const moment = (i: number, j: number) =>
    (sums[place(i, j)] as number) / n - ((sums[1 + i] as number) / n) * ((sums[1 + j] as number) / n)
  let sum = 0
  for (let i = 0; i < k; i++)
    for (let j = i + 1; j < k; j++) {
      const spread = moment(i, i) * moment(j, j)
      if (!(moment(i, i) > 1e-12 && moment(j, j) > 1e-12)) return null
      sum += moment(i, j) / Math.sqrt(spread)
    }
  return sum / ((k * (k - 1)) / 2)
}
