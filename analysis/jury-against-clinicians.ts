import { agreementFrom, agreementSums } from './agreement.ts'
import { limitsOfAgreement } from './bland-altman.ts'
import { clusteredUpperBound } from './clustered-bound.ts'
import { kendall, pearson, spearman } from './correlation.ts'
import type { Cluster } from './cr2.ts'
import type { JuryAgainstClinicians } from './estimate-jury-clinicians.ts'
import type { Quantity } from './estimate-quantity.ts'
import { isExploratory } from './exploratory.ts'
import { type Addend, type SumStatistic, sumQuantities } from './image-sums.ts'
import { type Conversation, casesAndImages, type JuryData, meanScore } from './jury-data.ts'
import { isDeficient, LEVELS, levelOf } from './level.ts'
import { clustersOf, meanQuantity, noQuantity } from './quantity.ts'

type Rater = { rater: string; kind: JuryAgainstClinicians['kind'] }
/** A conversation with the rater’s score and the target’s. */
type Scored = { conversation: Conversation; image: string; score: number; target: number }

const JURY: Rater = { rater: 'jury', kind: 'jury' }

/**
 * The jury and each juror against all clinicians; and, with two clinicians or more, against all but each in turn, with the
 * one left out as the ceiling on the same conversations. No clinician gives no row.
 */
export function juryAgainstClinicians(data: JuryData): JuryAgainstClinicians[] {
  const { clinicians } = data
  if (clinicians.length === 0) return []
  const raters: Rater[] = [JURY, ...data.jurors.map(({ id }): Rater => ({ rater: id, kind: 'juror' }))]
  const against = (rater: Rater, leftOut: string | null) => agreementRow(data, rater, leftOut)
  const turns = clinicians.length < 2 ? [] : clinicians
  return [
    ...raters.map((rater) => against(rater, null)),
    ...turns.flatMap((leftOut) => {
      const ceiling: Rater = { rater: leftOut, kind: 'clinician' }
      return [ceiling, ...raters].map((rater) => against(rater, leftOut))
    }),
  ]
}

function agreementRow(data: JuryData, rater: Rater, leftOut: string | null): JuryAgainstClinicians {
  const clinicians = data.clinicians.filter((name) => name !== leftOut)
  const scored = scoredBy(data, rater, leftOut, clinicians)
  const errors = scored.map(({ image, score, target }) => ({ image, value: score - target }))
  const { level } = data.rule
  const { quantity: bias, df } = meanQuantity(errors, level)
  const counts = casesAndImages(scored.map(({ conversation }) => conversation))
  return {
    dimension: data.dimension,
    ...rater,
    leftOut,
    clinicians,
    nConversations: scored.length,
    ...counts,
    bias,
    ...intervalsOf(scored, data.rule),
    ...correlationsOf(scored),
    constantJurors: scored.length === 0 ? [] : levels().map((constant) => constantJuror(scored, constant)),
    confusion: confusionOf(scored),
    ...errorRates(scored, level),
    exploratory: isExploratory(counts.nImages, df),
  }
}

function scoredBy(
  { conversations }: JuryData,
  { rater, kind }: Rater,
  leftOut: string | null,
  clinicians: readonly string[],
): Scored[] {
  return conversations.flatMap((conversation): Scored[] => {
    const { jury, votes, clinicians: scores } = conversation
    const score = kind === 'jury' ? jury : (kind === 'juror' ? votes : scores).get(rater)
    const targets = clinicians.flatMap((name) => scores.get(name) ?? [])
    const sameConversations = leftOut === null || scores.has(leftOut)
    if (score === undefined || score === null || targets.length === 0 || !sameConversations) return []
    return [{ conversation, image: conversation.image, score, target: meanScore(targets) }]
  })
}

type Agreement = ReturnType<typeof agreementFrom>

function intervalsOf(
  scored: readonly Scored[],
  rule: JuryData['rule'],
): Pick<
  JuryAgainstClinicians,
  'meanAbsoluteError' | 'rootMeanSquareError' | 'concordance' | 'exactAgreement' | 'adjacentAgreement' | 'limitsOfAgreement'
> {
  const addends = scored.map(({ image, score, target }): Addend => ({ image, sums: agreementSums(score, target) }))
  const statistic = (of: (agreement: Agreement) => number | null, reason: string): SumStatistic => {
    return { of: (sums) => ((sums[0] as number) > 0 ? of(agreementFrom(sums)) : null), reason }
  }
  const none = 'no conversation that both scored'
  const limit =
    (sign: number) =>
    ({ bias, standardDeviation }: Agreement) =>
      standardDeviation === null ? null : bias + sign * 1.96 * standardDeviation
  const quantities = sumQuantities(
    addends,
    [
      statistic(({ meanAbsoluteError }) => meanAbsoluteError, none),
      statistic(({ rootMeanSquareError }) => rootMeanSquareError, none),
      statistic(({ concordance }) => concordance, 'both give one and the same score throughout'),
      statistic(({ exact }) => exact, none),
      statistic(({ adjacent }) => adjacent, none),
      statistic(limit(-1), 'fewer than 2 conversations'),
      statistic(limit(1), 'fewer than 2 conversations'),
    ],
    rule,
  )
  const [meanAbsoluteError, rootMeanSquareError, concordance, exactAgreement, adjacentAgreement, low, high] = quantities as Seven
  const spread = scored.length < 2 ? null : limitsOfAgreement(scored.map(({ score, target }) => score - target)).standardDeviation
  const limits = spread === null ? null : { standardDeviation: spread, low, high }
  return { meanAbsoluteError, rootMeanSquareError, concordance, exactAgreement, adjacentAgreement, limitsOfAgreement: limits }
}

type Seven = [Quantity, Quantity, Quantity, Quantity, Quantity, Quantity, Quantity]

function correlationsOf(scored: readonly Scored[]): Pick<JuryAgainstClinicians, 'pearson' | 'spearman' | 'kendallTauB'> {
  if (scored.length < 2) return { pearson: null, spearman: null, kendallTauB: null }
  const x = scored.map(({ score }) => score)
  const y = scored.map(({ target }) => target)
  return { pearson: pearson(x, y), spearman: spearman(x, y), kendallTauB: kendall(x, y) }
}

function constantJuror(scored: readonly Scored[], level: number): JuryAgainstClinicians['constantJurors'][number] {
  const share = (fits: (one: Scored) => boolean) => scored.filter(fits).length / scored.length
  const errors = scored.map(({ target }) => level - target)
  return {
    level,
    exactAgreement: share(({ target }) => levelOf(target) === level),
    adjacentAgreement: share(({ target }) => Math.abs(levelOf(target) - level) <= 1),
    meanAbsoluteError: meanScore(errors.map(Math.abs)),
    rootMeanSquareError: Math.sqrt(meanScore(errors.map((error) => error * error))),
  }
}

function confusionOf(scored: readonly Scored[]): number[][] {
  const table = levels().map(() => levels().map(() => 0))
  for (const { score, target } of scored) {
    const row = table[levelOf(target) - 1] as number[]
    row[levelOf(score) - 1] = (row[levelOf(score) - 1] as number) + 1
  }
  return table
}

function errorRates(
  scored: readonly Scored[],
  level: number,
): Pick<JuryAgainstClinicians, 'falseCredit' | 'nDeficient' | 'falseAlarm' | 'nFine'> {
  const deficient = scored.filter(({ target }) => isDeficient(target))
  const fine = scored.filter(({ target }) => !isDeficient(target))
  const rate = (among: readonly Scored[], wrong: boolean, reason: string): Quantity => {
    if (among.length === 0) return noQuantity(reason)
    const clusters: Cluster[] = clustersOf(
      among.map(({ image, score }) => ({ image, value: Number(isDeficient(score) === wrong) })),
    )
    return { ...clusteredUpperBound(clusters, level), low: null, method: 'korn-graubard', reason: null }
  }
  return {
    falseCredit: rate(deficient, false, 'the clinicians put no conversation at 2 or less'),
    nDeficient: deficient.length,
    falseAlarm: rate(fine, true, 'the clinicians put no conversation above 2'),
    nFine: fine.length,
  }
}

function levels(): number[] {
  return Array.from({ length: LEVELS }, (_, i) => i + 1)
}
