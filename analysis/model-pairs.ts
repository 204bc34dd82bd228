import { pairedDifference } from './case-scores.ts'
import type { CaseTable } from './case-table.ts'
import { cliffsDelta } from './cliffs-delta.ts'
import { meanNumbers } from './clustered-numbers.ts'
import type { Study } from './estimands.ts'
import type { ModelPair } from './estimate-models.ts'
import { imagesOf, valuesOf } from './image-clusters.ts'
import { Measure } from './measure.ts'
import { TIE } from './mid-ranks.ts'
import { adjustP } from './multiplicity.ts'
import { paired } from './paired.ts'
import { type Permutation, signFlip } from './sign-flip.ts'

/** Under so many images the sign-flip test stands beside the t test. */
const FEW_IMAGES = 20
/** Sign patterns drawn where they cannot all be counted. */
const DRAWS = 10_000

type Unadjusted = Omit<ModelPair, 'pHolm' | 'pBh' | 'nTests'>

/**
 * Every pair of models on every measure in arm `full`: first minus second on the cases that both have, repeats averaged first.
 *
 * CR2 t by image; Holm and Benjamini–Hochberg within the pairs of a measure that have a p. Under 20 images the signs of whole
 * images are flipped beside. Pairs stand in the order of the models; one model gives none.
 */
export function comparePairs({ models, rule }: Study, table: CaseTable): ModelPair[] {
  return Measure.options.flatMap((measure) => {
    const pairs = pairsOf(models).map(([first, second]): Unadjusted => {
      const [a, b] = [table(first, 'full', measure), table(second, 'full', measure)]
      return { measure, first, second, ...comparison(a, b, rule.level, rule.seed) }
    })
    const ps = pairs.map(({ p }) => p)
    const [holm, bh] = [adjustP(ps, 'holm'), adjustP(ps, 'bh')]
    const nTests = ps.filter((p) => p !== null).length
    return pairs.map((pair, i) => ({ ...pair, pHolm: holm[i] ?? null, pBh: bh[i] ?? null, nTests }))
  })
}

/** Every pair of items, the earlier one first. */
export function pairsOf<Item>(items: readonly Item[]): [Item, Item][] {
  return items.flatMap((first, i) => items.slice(i + 1).map((second): [Item, Item] => [first, second]))
}

type Scores = Parameters<typeof pairedDifference>[0]

function comparison(a: Scores, b: Scores, level: number, seed: number): Omit<Unadjusted, 'measure' | 'first' | 'second'> {
  const differences = pairedDifference(a, b)
  const values = differences.map(({ value }) => value)
  const n = values.length
  const images = imagesOf(differences)
  const common = new Set(differences.map(({ caseId }) => caseId))
  const inBoth = (scores: Scores) => scores.filter(({ caseId }) => common.has(caseId)).map(({ value }) => value)
  return {
    ...meanNumbers(differences, level),
    dz: n < 2 ? null : paired(values).dz,
    cliffsDelta: n === 0 ? null : cliffsDelta(inBoth(a), inBoth(b)).delta,
    shareHigher: n === 0 ? null : values.filter((value) => value > TIE).length / n,
    shareLower: n === 0 ? null : values.filter((value) => value < -TIE).length / n,
    permutation: n === 0 || images.length >= FEW_IMAGES ? null : flipped(images.map(valuesOf), seed),
    nCases: n,
    nImages: images.length,
    nTrials: differences.reduce((sum, { trials }) => sum + trials, 0),
  }
}

function flipped(clusters: readonly number[][], seed: number): Permutation {
  const sums = clusters.map((cluster) => cluster.reduce((sum, value) => sum + value, 0))
  return signFlip(sums, { draws: DRAWS, seed })
}
