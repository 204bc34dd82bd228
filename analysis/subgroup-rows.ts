import { byImage } from './by-image.ts'
import { averageOverModels, type CaseScore, caseScores } from './case-scores.ts'
import { type Cluster, type Cr2, clusteredDifference, clusteredMean, pooledMean, tInterval } from './cr2.ts'
import type { Study } from './estimands.ts'
import type { SubgroupRow } from './estimate-subgroups.ts'
import { effectiveClusters, intervalRefusal } from './exploratory.ts'
import { Measure } from './measure.ts'
import { adjustP } from './multiplicity.ts'
import { compareText } from './order.ts'
import { tTwoSided } from './student-t.ts'
import type { Subgroups } from './subgroups.ts'

type Part = SubgroupRow['mean']
type Difference = Part & { p: number | null }
type Member = { score: CaseScore; scale: string | null; group: string }

const ATTRIBUTES: readonly {
  attribute: SubgroupRow['attribute']
  of: (groups: Subgroups) => { scale: string | null; group: string | null }
}[] = [
  { attribute: 'age band', of: ({ ageBand }) => ({ scale: null, group: ageBand }) },
  { attribute: 'sex', of: ({ sex }) => ({ scale: null, group: sex }) },
  { attribute: 'skin tone', of: ({ skinTone }) => ({ scale: skinTone?.scale ?? null, group: skinTone?.value ?? null }) },
  { attribute: 'modality', of: ({ modality }) => ({ scale: null, group: modality }) },
]

/**
 * Mean score of every age band, sex, skin tone (by scale and rater) and modality, and its difference from the rest, in the
 * arm `full`, each case averaged over all models first. CR2 t by image; p adjusted by Benjamini and Hochberg within a
 * measure. Cases whose group is not known are in no row and in no rest. Without the arm `full` the result is [].
 */
export function subgroupRows({ trials, models, rule }: Study): SubgroupRow[] {
  const groupsOf = new Map(trials.map((trial) => [trial.caseId, trial.subgroups]))
  return Measure.options.flatMap((measure) => {
    const scores = averageOverModels(models.map((model) => caseScores(trials, model, 'full', measure)))
    const rows = ATTRIBUTES.flatMap(({ attribute, of }) => {
      const members = scores.flatMap((score): Member[] => {
        const groups = groupsOf.get(score.caseId)
        const { scale, group } = groups === undefined ? { scale: null, group: null } : of(groups)
        return group === null ? [] : [{ score, scale, group }]
      })
      return rowsOfAttribute(members, rule.level).map((row) => ({ measure, attribute, ...row }))
    })
    const adjusted = adjustP(
      rows.map((row) => row.difference.p),
      'bh',
    )
    const family = adjusted.filter((p) => p !== null).length
    return rows.map((row, place) => ({
      ...row,
      difference: { ...row.difference, pBh: adjusted[place] ?? null, family },
    }))
  })
}

type Row = Omit<SubgroupRow, 'measure' | 'attribute' | 'difference'> & { difference: Difference }

function rowsOfAttribute(members: readonly Member[], level: number): Row[] {
  const groups = [...Map.groupBy(members, ({ scale, group }) => JSON.stringify([scale, group])).values()]
  return groups
    .flatMap((own) => {
      const first = own[0]
      if (first === undefined) return []
      const { scale, group } = first
      const rest = members.filter((other) => other.scale === scale && other.group !== group)
      const one = byImage(own.map(({ score }) => score))
      const zero = byImage(rest.map(({ score }) => score))
      const straddling = new Set([...own, ...rest].map(({ score }) => score.image)).size < one.length + zero.length
      return [
        {
          ...{ scale, group, mean: meanPart(one, level), difference: differencePart(one, zero, straddling, level) },
          ...{ nCases: own.length, nImages: one.length, nRestCases: rest.length, nRestImages: zero.length },
          exploratory: true as const,
        },
      ]
    })
    .sort((a, b) => compareText(a.scale ?? '', b.scale ?? '') || byNumberThenText(a.group, b.group))
}

function meanPart(clusters: readonly Cluster[], level: number): Part {
  const { value } = pooledMean(clusters)
  if (clusters.length < 2) return without(value, 'only one image: no interval')
  return withInterval(clusteredMean(clusters), refusalOf(clusters), level)
}

function differencePart(one: readonly Cluster[], zero: readonly Cluster[], straddling: boolean, level: number): Difference {
  if (zero.length === 0) return { ...without(null, 'no other group to compare with'), p: null }
  const value = pooledMean(one).value - pooledMean(zero).value
  if (straddling) return { ...without(value, 'an image has cases in both groups: no closed form, no interval'), p: null }
  if (one.length < 2 || zero.length < 2) return { ...without(value, 'only one image in a group: no interval'), p: null }
  const estimate = clusteredDifference(one, zero)
  const part = withInterval(estimate, refusalOf(one, zero), level)
  const tested = part.interval !== null && estimate.standardError > 0
  return { ...part, p: tested ? tTwoSided(estimate.value / estimate.standardError, estimate.df) : null }
}

function withInterval(estimate: Cr2, refusal: string | null, level: number): Part {
  if (refusal !== null) return { ...estimate, interval: null, reason: refusal }
  const point = estimate.standardError === 0 ? 'no spread between images: the interval is only a point' : null
  return { ...estimate, interval: { method: 'cr2-t', ...tInterval(estimate, level), level }, reason: point }
}

function without(value: number | null, reason: string): Part {
  return { value, standardError: null, df: null, interval: null, reason }
}

function refusalOf(...groups: readonly (readonly Cluster[])[]): string | null {
  return intervalRefusal(groups.reduce((sum, clusters) => sum + effectiveClusters(clusters), 0))
}

/** Numbers by size and words by text: a skin tone 10 stands after 2. */
function byNumberThenText(a: string, b: string): number {
  const difference = Number(a) - Number(b)
  return Number.isNaN(difference) ? compareText(a, b) : difference
}
