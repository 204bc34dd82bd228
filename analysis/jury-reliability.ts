import type { JuryReliability } from './estimate-jury.ts'
import type { Quantity } from './estimate-quantity.ts'
import { isExploratory } from './exploratory.ts'
import { fleissKappa } from './fleiss-kappa.ts'
import { type IccForm, iccs, meanSquares } from './icc.ts'
import { type Addend, type SumStatistic, sumQuantities } from './image-sums.ts'
import { type Conversation, casesAndImages, type JuryData } from './jury-data.ts'
import { kendallW } from './kendall-w.ts'
import { type AlphaMetric, addCoincidences, alphaOf, coincidencesOf } from './krippendorff.ts'
import { levelOf } from './level.ts'
import { bareQuantity, noQuantity } from './quantity.ts'

const FORMS: readonly IccForm[] = ['1,1', '2,1', '3,1', '1,k', '2,k', '3,k']

/** How far the jurors agree among themselves on one dimension. */
export function juryReliability(data: JuryData): JuryReliability {
  const { dimension, conversations, voters, abstentions, rule } = data
  const rated = conversations.filter(({ votes }) => votes.size >= 2)
  const complete = rated.filter(({ votes }) => votes.size === voters.length)
  const counts = casesAndImages(rated)
  const [alphaOrdinal, alphaInterval, alphaNominal] = alphas(rated, ['ordinal', 'interval', 'nominal'], rule) as [
    Quantity,
    Quantity,
    Quantity,
  ]
  const table = complete.map(({ votes }) => voters.map((id) => votes.get(id) as number))
  const tableReason = 'fewer than 2 conversations that every juror scored, or they do not differ'
  const pointOnly = 'no interval is made for this number'
  return {
    dimension,
    nConversations: rated.length,
    nComplete: complete.length,
    ...counts,
    nJurors: voters.length,
    nVerdicts: conversations.reduce((sum, { votes }) => sum + votes.size, 0),
    nAbstentions: [...abstentions.values()].reduce((sum, count) => sum + count, 0),
    alphaOrdinal,
    alphaInterval,
    alphaNominal,
    fleissKappa: pointOf(fullTable(table) ? fleissKappa(countsOf(table)) : null, pointOnly, tableReason),
    kendallW: pointOf(fullTable(table) ? kendallW(table) : null, pointOnly, tableReason),
    icc: iccRows(table, rule.level),
    exploratory: isExploratory(counts.nImages, counts.nImages - 1),
  }
}

/** Krippendorff’s ordinal alpha of the conversations that have two verdicts or more of the jurors, or null. */
export function ordinalAlpha(conversations: readonly Conversation[], jurors: readonly string[]): number | null {
  const units = conversations.map(({ votes }) => jurors.flatMap((juror) => votes.get(juror) ?? []))
  const paired = units.filter((unit) => unit.length >= 2)
  return paired.length === 0 ? null : alphaOf(coincidencesOf(paired), 'ordinal')
}

function alphas(rated: readonly Conversation[], metrics: readonly AlphaMetric[], rule: JuryData['rule']): Quantity[] {
  const values = valuesOf(rated)
  const place = new Map(values.map((value, index) => [value, index]))
  // Whole numbers are summed fastest and exactly; a unit of m verdicts adds multiples of 1/(m − 1).
  const scale = [...new Set(rated.map(({ votes }) => votes.size - 1))].reduce((product, size) => product * size, 1)
  const addends = rated.map(({ image, votes }): Addend => {
    const matrix = new Float64Array(values.length ** 2)
    const places = [...votes.values()].map((score) => place.get(score) as number)
    addCoincidences(matrix, values.length, places)
    return { image, sums: upperHalf(matrix, values.length).map((cell) => Math.round(cell * scale)) }
  })
  const statistics = metrics.map((metric): SumStatistic => {
    const of = (sums: Float64Array) => alphaOf({ values, matrix: wholeOf(sums, values.length, scale) }, metric)
    return { of, reason: 'every verdict is the same: nothing shows whether jurors would tell scores apart' }
  })
  return sumQuantities(addends, statistics, rule)
}

/** The scores that occur, in rising order. */
function valuesOf(rated: readonly Conversation[]): number[] {
  return [...new Set(rated.flatMap(({ votes }) => [...votes.values()]))].sort((a, b) => a - b)
}

/** The cells on and above the diagonal, row by row. */
function upperHalf(matrix: Float64Array, width: number): number[] {
  return [...matrix].filter((_, cell) => cell % width >= Math.floor(cell / width))
}

function wholeOf(half: Float64Array, width: number, scale: number): Float64Array {
  const matrix = new Float64Array(width ** 2)
  let place = 0
  for (let a = 0; a < width; a++)
    for (let b = a; b < width; b++) {
      const cell = (half[place++] as number) / scale
      matrix[a * width + b] = cell
      matrix[b * width + a] = cell
    }
  return matrix
}

/** How many jurors gave each level that occurs, for Fleiss’ kappa, which knows no fractions. */
function countsOf(table: readonly (readonly number[])[]): number[][] {
  const levels = [...new Set(table.flat().map(levelOf))].sort((a, b) => a - b)
  return table.map((row) => levels.map((level) => row.filter((score) => levelOf(score) === level).length))
}

function fullTable(table: readonly (readonly number[])[]): boolean {
  return table.length >= 2 && (table[0]?.length ?? 0) >= 2
}

function iccRows(table: readonly (readonly number[])[], level: number): JuryReliability['icc'] {
  const reason =
    'fewer than 2 conversations that every juror scored, or no spread between them, or no disagreement to test against'
  const all = fullTable(table) ? iccs(meanSquares(table), level) : null
  return FORMS.map((form) => {
    const found = all?.find((icc) => icc.form === form)
    if (found === undefined) return { form, ...noQuantity(reason) }
    const { value, low, high } = found
    return { form, value, low, high, method: 'f' as const, reason: null }
  })
}

function pointOf(value: number | null, pointOnly: string, reason: string): Quantity {
  return value === null ? noQuantity(reason) : bareQuantity(value, pointOnly)
}
