import type { CaseScore } from './case-scores.ts'
import type { CaseTable } from './case-table.ts'
import { type ClusteredNumbers, type Flag, noGroupInterval, noNumbers, numbersOf, valueOnly } from './clustered-numbers.ts'
import { type Coefficient, regressClusters } from './cr2-regression.ts'
import type { Study } from './estimands.ts'
import type { AdjustedDelta } from './estimate-models.ts'
import { type ImageCluster, imagesOf, valuesOf } from './image-clusters.ts'
import { Measure } from './measure.ts'
import { countsOf, FLAGS, sidesOf } from './stratum-comparisons.ts'

/**
 * The malignant delta at equal rarity and the rare delta at equal malignancy, arm `full`, per model and of the case means.
 *
 * One least-squares fit on both flags. Unclear malignancy and unknown rarity are classes of their own with a term each, so
 * that their cases tell of the other flag and are never taken for "not". CR2 by image; where an image has cases of two
 * classes there is no closed form, and no interval.
 */
export function adjustDeltas({ models, rule }: Study, table: CaseTable): AdjustedDelta[] {
  return Measure.options.flatMap((measure) =>
    [...models, null].flatMap((model) => {
      const scores = table(model, 'full', measure)
      const fitted = fitFlags(scores)
      return FLAGS.map((flag): AdjustedDelta => {
        const { flagged, unflagged } = sidesOf(scores, flag)
        return {
          flag,
          adjustedFor: flag === 'malignant' ? 'rare' : 'malignant',
          measure,
          model,
          ...numbers(fitted, flag, flagged, unflagged, rule.level),
          nGroups: { flagged: flagged.length, unflagged: unflagged.length },
          nImagesOfGroups: { flagged: countsOf(flagged).nImages, unflagged: countsOf(unflagged).nImages },
          ...countsOf(scores),
        }
      })
    }),
  )
}

type Fit = { images: ImageCluster[]; mixed: boolean; coefficients: ReadonlyMap<Flag, Coefficient> }

function fitFlags(scores: readonly CaseScore[]): Fit {
  const images = imagesOf(scores)
  const terms = FLAGS.flatMap((flag) =>
    [true, null]
      .filter((wanted) => scores.some((score) => score[flag] === wanted))
      .map((wanted) => ({ flag, wanted, of: (score: CaseScore) => (score[flag] === wanted ? 1 : 0) })),
  )
  // An image of two classes is split, which keeps the coefficient right; its standard error is then not used.
  const blocks = images.map(({ scores: members }) => [...Map.groupBy(members, classOf).entries()].map(([, block]) => block))
  const clusters = blocks.flat().map((block) => ({
    row: [1, ...terms.map((term) => term.of(block[0] as CaseScore))],
    values: valuesOf({ image: '', scores: block }),
  }))
  const fitted = clusters.length === 0 ? [] : regressClusters(clusters)
  const own = terms.flatMap(({ flag, wanted }, i) => {
    const coefficient = fitted[i + 1]
    return wanted === true && coefficient !== undefined ? [[flag, coefficient] as const] : []
  })
  return { images, mixed: blocks.some((parts) => parts.length > 1), coefficients: new Map(own) }
}

function classOf({ malignant, rare }: CaseScore): string {
  return `${malignant} ${rare}`
}

function numbers(
  { images, mixed, coefficients }: Fit,
  flag: Flag,
  flagged: readonly CaseScore[],
  unflagged: readonly CaseScore[],
  level: number,
): ClusteredNumbers {
  const coefficient = coefficients.get(flag)
  if (flagged.length === 0 || coefficient === undefined) return noNumbers(`no ${flag} case has the score`)
  if (unflagged.length === 0) return noNumbers(`no case that is not ${flag} has the score`)
  if (coefficient.kind === 'none') return noNumbers(coefficient.reason)
  const reason =
    noGroupInterval(flagged, unflagged, flag) ?? (mixed ? 'an image has cases of two classes: no closed form, no interval' : null)
  return reason === null ? numbersOf(coefficient, [images.map(valuesOf)], level) : valueOnly(coefficient.value, reason)
}
