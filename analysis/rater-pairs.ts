import { AGREEMENT_SUMS, agreementFrom, agreementSums } from './agreement.ts'
import type { RaterPair } from './estimate-jury.ts'
import type { Quantity } from './estimate-quantity.ts'
import { isExploratory } from './exploratory.ts'
import { type Addend, type SumStatistic, sumQuantities } from './image-sums.ts'
import type { Conversation, JuryData } from './jury-data.ts'
import { LEVELS, levelOf } from './level.ts'
import { noQuantity } from './quantity.ts'
import { type KappaWeights, weightedKappa } from './weighted-kappa.ts'

type Rater = RaterPair['a']

/** One row a pair of single raters: jurors first, then jurors with clinicians, then clinicians. */
export function raterPairs(data: JuryData): RaterPair[] {
  const jurors = data.jurors.map(({ id }): Rater => ({ rater: id, kind: 'juror' }))
  const clinicians = data.clinicians.map((rater): Rater => ({ rater, kind: 'clinician' }))
  const raters = [...jurors, ...clinicians]
  const pairs = raters.flatMap((a, i) => raters.slice(i + 1).map((b) => ({ a, b })))
  return pairs.map(({ a, b }) => pairRow(data, a, b, sharedBy(data.conversations, a, b)))
}

type Shared = { image: string; x: number; y: number }

function sharedBy(conversations: readonly Conversation[], a: Rater, b: Rater): Shared[] {
  const scoreOf = ({ votes, clinicians }: Conversation, { rater, kind }: Rater) =>
    (kind === 'juror' ? votes : clinicians).get(rater)
  return conversations.flatMap((conversation): Shared[] => {
    const [x, y] = [scoreOf(conversation, a), scoreOf(conversation, b)]
    return x === undefined || y === undefined ? [] : [{ image: conversation.image, x, y }]
  })
}

/** On whole scores Lin’s concordance is the quadratic weighted kappa. */
const QUADRATIC: SumStatistic = {
  of: (sums) => ((sums[0] as number) > 0 ? agreementFrom(sums).concordance : null),
  reason: 'both raters give one and the same score throughout',
}

function pairRow({ dimension, rule }: JuryData, a: Rater, b: Rater, shared: readonly Shared[]): RaterPair {
  const kappa = (weights: KappaWeights) => (shared.length > 0 ? weightedKappa(tableOf(shared), weights) : null)
  const [quadratic, linear, unweighted] = [kappa('quadratic'), kappa('linear'), kappa('unweighted')]
  const agreement = shared.length === 0 ? null : agreementFrom(totalOf(shared))
  const nImages = new Set(shared.map(({ image }) => image)).size
  return {
    dimension,
    a,
    b,
    nConversations: shared.length,
    nImages,
    quadraticKappa: quadraticKappa(shared, rule),
    quadraticKappaStandardError: quadratic?.standardError ?? null,
    linearKappa: linear?.kappa ?? null,
    linearKappaStandardError: linear?.standardError ?? null,
    unweightedKappa: unweighted?.kappa ?? null,
    unweightedKappaStandardError: unweighted?.standardError ?? null,
    exactAgreement: agreement?.exact ?? null,
    adjacentAgreement: agreement?.adjacent ?? null,
    exploratory: isExploratory(nImages, nImages - 1),
  }
}

function quadraticKappa(shared: readonly Shared[], rule: JuryData['rule']): Quantity {
  if (shared.length === 0) return noQuantity('the two raters share no conversation')
  const addends = shared.map(({ image, x, y }): Addend => ({ image, sums: agreementSums(x, y) }))
  return sumQuantities(addends, [QUADRATIC], rule)[0] as Quantity
}

function tableOf(shared: readonly Shared[]): number[][] {
  const table = Array.from({ length: LEVELS }, () => new Array<number>(LEVELS).fill(0))
  for (const { x, y } of shared) {
    const [row, column] = [levelOf(x) - 1, levelOf(y) - 1]
    ;(table[row] as number[])[column] = (table[row]?.[column] as number) + 1
  }
  return table
}

function totalOf(shared: readonly Shared[]): number[] {
  const totals = new Array<number>(AGREEMENT_SUMS).fill(0)
  for (const { x, y } of shared) for (const [k, term] of agreementSums(x, y).entries()) totals[k] = (totals[k] as number) + term
  return totals
}
