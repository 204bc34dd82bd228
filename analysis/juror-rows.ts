import { pearson } from './correlation.ts'
import type { JurorRow } from './estimate-jury.ts'
import type { Quantity } from './estimate-quantity.ts'
import { isExploratory } from './exploratory.ts'
import { type Addend, type SumStatistic, sumQuantities } from './image-sums.ts'
import { jurorEffects } from './juror-severity.ts'
import { casesAndImages, type JurorName, type JuryData, meanScore } from './jury-data.ts'
import { ordinalAlpha } from './jury-reliability.ts'
import { levelOf } from './level.ts'
import { midRanks } from './mid-ranks.ts'
import { type ImageValue, meanQuantity } from './quantity.ts'

/** What one juror said of one conversation. */
type Said = { image: string; model: string; words: number | null; score: number; severity: number }

/** One row a juror: how often, how high, how much like the others, and whether length of reply goes with score. */
export function jurorRows(data: JuryData): JurorRow[] {
  const { conversations, jurors, voters } = data
  const votes = conversations.map((conversation) => conversation.votes)
  const effects = voters.length === 0 ? null : jurorEffects(votes, voters)
  return jurors.map((juror) => {
    const others = voters.filter((id) => id !== juror.id)
    return {
      ...jurorRow(data, juror),
      severityCentred: effects?.[voters.indexOf(juror.id)] ?? null,
      alphaWithout: ordinalAlpha(conversations, others),
    }
  })
}

function jurorRow(data: JuryData, { id, family }: JurorName): Omit<JurorRow, 'severityCentred' | 'alphaWithout'> {
  const said = saidBy(data, id)
  const severity = meanQuantity(
    said.map((one): ImageValue => ({ image: one.image, value: one.severity })),
    data.rule.level,
  )
  const { nImages } = casesAndImages(data.conversations.filter(({ votes }) => votes.has(id)))
  return {
    dimension: data.dimension,
    juror: id,
    family,
    nVerdicts: said.length,
    nAbstentions: data.abstentions.get(id) ?? 0,
    nImages,
    mean: said.length === 0 ? null : meanScore(said.map(({ score }) => score)),
    severity: severity.quantity,
    ...modeOf(said),
    ...lengthCorrelations(said, data),
    byModel: data.models.map((model) => {
      const own = said.filter((one) => one.model === model)
      return { model, nVerdicts: own.length, severity: own.length === 0 ? null : meanScore(own.map((one) => one.severity)) }
    }),
    exploratory: isExploratory(nImages, severity.df),
  }
}

function saidBy({ conversations }: JuryData, id: string): Said[] {
  return conversations.flatMap(({ image, model, clinicianWords, votes }): Said[] => {
    const score = votes.get(id)
    if (score === undefined) return []
    return [{ image, model, words: clinicianWords, score, severity: score - meanScore(votes.values()) }]
  })
}

function modeOf(said: readonly Said[]): Pick<JurorRow, 'modalScore' | 'modalShare'> {
  const counts = [...Map.groupBy(said, ({ score }) => levelOf(score))].sort(([a, x], [b, y]) => y.length - x.length || a - b)
  const [most] = counts
  return most === undefined
    ? { modalScore: null, modalShare: null }
    : { modalScore: most[0], modalShare: most[1].length / said.length }
}

function lengthCorrelations(
  said: readonly Said[],
  { rule }: JuryData,
): Pick<JurorRow, 'lengthCorrelation' | 'lengthCorrelationWithinModel'> {
  const known = said.filter(({ words }) => words !== null)
  const words = midRanks(known.map((one) => one.words as number))
  const scores = midRanks(known.map(({ score }) => score))
  // Ranks from the middle outwards keep the sums small, and so their differences exact.
  const centre = (known.length + 1) / 2
  const addends = known.map(({ image }, i): Addend => {
    const [x, y] = [(words[i] as number) - centre, (scores[i] as number) - centre]
    return { image, sums: [1, x, y, x * x, y * y, x * y] }
  })
  const reason = 'lengths or scores do not differ'
  const [lengthCorrelation] = sumQuantities(addends, [{ of: correlationFrom, reason }] satisfies SumStatistic[], rule)
  const models = known.map(({ model }) => model)
  const within = known.length < 2 ? null : pearson(withoutMeans(words, models), withoutMeans(scores, models))
  return {
    lengthCorrelation: known.length === 0 ? unknownLength : (lengthCorrelation as Quantity),
    lengthCorrelationWithinModel: within,
  }
}

const unknownLength: Quantity = {
  value: null,
  low: null,
  high: null,
  method: null,
  reason: 'no conversation with a known length',
}

function correlationFrom(sums: Float64Array): number | null {
  const [n, x, y, xx, yy, xy] = sums as unknown as [number, number, number, number, number, number]
  if (!(n > 1)) return null
  const spreadX = xx - (x * x) / n
  const spreadY = yy - (y * y) / n
  return spreadX > 1e-9 * xx && spreadY > 1e-9 * yy ? (xy - (x * y) / n) / Math.sqrt(spreadX * spreadY) : null
}

function withoutMeans(values: readonly number[], groups: readonly string[]): number[] {
  const members = Map.groupBy(values.keys(), (i) => groups[i] as string)
  const means = new Map([...members].map(([group, places]) => [group, meanScore(places.map((i) => values[i] as number))]))
  return values.map((value, i) => value - (means.get(groups[i] as string) as number))
}
