import { commonCases, placesByImage } from './aligned-scores.ts'
import type { CaseScore } from './case-scores.ts'
import type { CaseTable } from './case-table.ts'
import type { Study } from './estimands.ts'
import type { ModelPair, ModelRanking } from './estimate-models.ts'
import { effectiveClusters, intervalRefusal, isExploratory } from './exploratory.ts'
import { Measure } from './measure.ts'
import { rankBootstrap } from './rank-bootstrap.ts'
import { inseparableGroups } from './separable-groups.ts'

/**
 * The ranks of all models on every measure in arm `full`, over the cases that every model has. Images are resampled for all
 * models together, in the order of their names. `pairs` are those of `comparePairs` in the same study: a pair without a
 * corrected p counts as not separated.
 */
export function rankModels(study: Study, table: CaseTable, pairs: readonly ModelPair[]): ModelRanking[] {
  const { models, rule } = study
  return Measure.options.map((measure) => {
    const lists = commonCases(models.map((model) => table(model, 'full', measure)))
    const images = placesByImage(lists[0] ?? [])
    const nCases = images.reduce((sum, places) => sum + places.length, 0)
    const shared = { measure, level: rule.level, nCases, nImages: images.length }
    if (images.length === 0)
      return { ...shared, models: [], groups: [], resamples: 0, exploratory: true, reason: 'no case has a score of every model' }
    const resamples = rule.draw([images.length])
    const clusters = images.map((places) => ({
      sums: lists.map((list) => places.reduce((sum, place) => sum + (list[place] as CaseScore).value, 0)),
      cases: places.length,
    }))
    const spreads = rankBootstrap(clusters, resamples, rule.level)
    const separated = separatedBy(pairs, measure, 1 - rule.level)
    const effective = effectiveClusters(images)
    const reason = intervalRefusal(effective)
    const ranked = models.flatMap((model, m) => {
      const spread = spreads[m]
      const notSeparable = models.filter((other) => other !== model && !separated(model, other))
      const interval = reason === null ? {} : { low: null, high: null }
      return spread === undefined ? [] : [{ model, ...spread, ...interval, notSeparable }]
    })
    ranked.sort((a, b) => a.rank - b.rank)
    const names = ranked.map(({ model }) => model)
    const exploratory = isExploratory(effective, Number.POSITIVE_INFINITY)
    const groups = inseparableGroups(names, separated)
    return { ...shared, models: ranked, groups, resamples: resamples.count, exploratory, reason }
  })
}

type Separated = (a: string, b: string) => boolean

function separatedBy(pairs: readonly ModelPair[], measure: Measure, alpha: number): Separated {
  const found = pairs.filter((pair) => pair.measure === measure && pair.pHolm !== null && pair.pHolm < alpha)
  const names = new Set(found.flatMap(({ first, second }) => [JSON.stringify([first, second]), JSON.stringify([second, first])]))
  return (a, b) => names.has(JSON.stringify([a, b]))
}
