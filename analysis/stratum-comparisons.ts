import { type CaseScore, pairedDifference } from './case-scores.ts'
import type { CaseTable } from './case-table.ts'
import { cliffsDelta, cliffsInterval } from './cliffs-delta.ts'
import { deltaNumbers, type Flag, noGroupInterval } from './clustered-numbers.ts'
import { clusteredMean } from './cr2.ts'
import type { Study } from './estimands.ts'
import type { DeltaContrast, StratumCount, StratumDominance } from './estimate-models.ts'
import { effectiveClusters, intervalRefusal, isExploratory } from './exploratory.ts'
import { type ImageCluster, imagesOf } from './image-clusters.ts'
import { Measure } from './measure.ts'
import { pairsOf } from './model-pairs.ts'
import { adjustP } from './multiplicity.ts'
import { tQuantile } from './student-t.ts'
import type { Trial } from './trial.ts'

/** The two flags that a case has, each true, false or null (in neither group). */
export const FLAGS: readonly Flag[] = ['malignant', 'rare']

/** Cases and images by malignancy and rarity, all nine classes; an image with cases in two classes counts in both. */
export function countStrata(trials: readonly Trial[]): StratumCount[] {
  const cases = [...new Map(trials.map((trial) => [trial.caseId, trial])).values()]
  const malignancies = { malignant: true, 'not malignant': false, unclear: null } as const
  const rarities = { rare: true, 'not rare': false, unknown: null } as const
  return (Object.keys(malignancies) as (keyof typeof malignancies)[]).flatMap((malignancy) =>
    (Object.keys(rarities) as (keyof typeof rarities)[]).map((rarity) => {
      const here = cases.filter((one) => one.malignant === malignancies[malignancy] && one.rare === rarities[rarity])
      return { malignancy, rarity, nCases: here.length, nImages: new Set(here.map(({ image }) => image)).size }
    }),
  )
}

/**
 * Cliff's delta and the probability of superiority of flagged over unflagged cases, per model and of the case means over models.
 *
 * The standard error is that of DeLong, DeLong and Clarke-Pearson (1988) by cluster (Obuchowski 1997): the placements of the
 * flagged and of the unflagged cases are two sets of values whose means are delta, each with its CR2 variance by image. The
 * interval is Cliff's asymmetric one with t and the degrees of freedom of the sum.
 */
export function compareDominance({ models, rule }: Study, table: CaseTable): StratumDominance[] {
  return FLAGS.flatMap((flag) =>
    Measure.options.flatMap((measure) =>
      [...models, null].map((model) => {
        const { flagged, unflagged } = sidesOf(table(model, 'full', measure), flag)
        return { flag, measure, model, ...dominance(flagged, unflagged, flag, rule.level) }
      }),
    ),
  )
}

/** Whether the delta of one model differs from another's: two-group CR2 t of the case-wise differences, Holm within the pairs. */
export function contrastDeltas({ models, rule }: Study, table: CaseTable): DeltaContrast[] {
  return FLAGS.flatMap((flag) =>
    Measure.options.flatMap((measure) => {
      const rows = pairsOf(models).map(([first, second]) => {
        const differences = pairedDifference(table(first, 'full', measure), table(second, 'full', measure))
        const { flagged, unflagged } = sidesOf(differences, flag)
        const counts = {
          nGroups: { flagged: flagged.length, unflagged: unflagged.length },
          ...countsOf([...flagged, ...unflagged]),
        }
        return { flag, measure, first, second, ...deltaNumbers(flagged, unflagged, flag, rule.level), ...counts }
      })
      const ps = rows.map(({ p }) => p)
      const holm = adjustP(ps, 'holm')
      const nTests = ps.filter((p) => p !== null).length
      return rows.map((row, i) => ({ ...row, pHolm: holm[i] ?? null, nTests }))
    }),
  )
}

/** The flagged and the unflagged cases; those in neither group are in neither list. */
export function sidesOf(scores: readonly CaseScore[], flag: Flag): { flagged: CaseScore[]; unflagged: CaseScore[] } {
  return { flagged: scores.filter((score) => score[flag] === true), unflagged: scores.filter((score) => score[flag] === false) }
}

/** How many cases and images scores stand on. */
export function countsOf(scores: readonly CaseScore[]): { nCases: number; nImages: number } {
  return { nCases: scores.length, nImages: new Set(scores.map(({ image }) => image)).size }
}

type Dominated = Omit<StratumDominance, 'flag' | 'measure' | 'model'>

function dominance(flagged: readonly CaseScore[], unflagged: readonly CaseScore[], flag: Flag, level: number): Dominated {
  const [one, zero] = [imagesOf(flagged), imagesOf(unflagged)]
  const counts = {
    nGroups: { flagged: flagged.length, unflagged: unflagged.length },
    nImagesOfGroups: { flagged: one.length, unflagged: zero.length },
    ...countsOf([...flagged, ...unflagged]),
  }
  const none = { standardError: null, df: null, interval: null, exploratory: true }
  if (flagged.length === 0 || unflagged.length === 0) {
    const reason = flagged.length === 0 ? `no ${flag} case has the score` : `no case that is not ${flag} has the score`
    return { cliffsDelta: null, superiority: null, ...none, ...counts, reason }
  }
  const values = (scores: readonly CaseScore[]) => scores.map(({ value }) => value)
  const result = cliffsDelta(values(flagged), values(unflagged))
  const point = { cliffsDelta: result.delta, superiority: result.superiority, ...counts }
  const reason = noGroupInterval(flagged, unflagged, flag)
  if (reason !== null) return { ...point, ...none, reason }
  const parts = [
    clusteredMean(placed(one, flagged, result.placementsX)),
    clusteredMean(placed(zero, unflagged, result.placementsY)),
  ]
  const [v1, v0] = parts.map(({ standardError }) => standardError ** 2) as [number, number]
  const standardError = Math.sqrt(v1 + v0)
  if (standardError === 0) return { ...point, ...none, standardError, reason: 'no spread between images: no interval' }
  const df = (v1 + v0) ** 2 / (v1 ** 2 / (parts[0]?.df ?? 1) + v0 ** 2 / (parts[1]?.df ?? 1))
  const images = [one, zero].reduce((sum, group) => sum + effectiveClusters(group.map(({ scores }) => scores)), 0)
  const refusal = intervalRefusal(images)
  const interval = { ...cliffsInterval(result.delta, standardError, tQuantile((1 + level) / 2, df)), level }
  return {
    ...point,
    standardError,
    df,
    interval: refusal === null ? interval : null,
    exploratory: isExploratory(images, df),
    reason: refusal,
  }
}

/** The placements, one per score, by image. */
function placed(images: readonly ImageCluster[], scores: readonly CaseScore[], placements: readonly number[]): number[][] {
  const ofCase = new Map(scores.map(({ caseId }, i) => [caseId, placements[i] as number]))
  return images.map((cluster) => cluster.scores.map(({ caseId }) => ofCase.get(caseId) as number))
}
