import { error, type Fault, type Finding } from './finding.ts'
import type { Case } from './schema.ts'
import { sameDiagnosis } from './wrong-image.ts'

/**
 * Finds cases on one image that disagree about what it shows: in the strata, since they form one cluster of the analysis,
 * or in the primary diagnosis. Two names agree when either case would count the other's as right, or both give one code.
 *
 * @returns one error for each field and case, against the first case that says otherwise
 */
export function sharedImagesDisagree(cases: readonly Case[]): Finding[] {
  return cases.flatMap((one, i) => {
    const hashes = new Set(one.images.map((image) => image.sha256))
    const earlier = cases.slice(0, i).filter((other) => other.images.some((image) => hashes.has(image.sha256)))
    return [
      ...differing(one, earlier, 'truth.neoplasm', (other) => other.truth.neoplasm),
      ...differing(one, earlier, 'truth.rarity.class', (other) => other.truth.rarity.class),
      ...differing(
        one,
        earlier.filter((other) => !sameDiagnosis(one, other)),
        'truth.primary.name',
        (other) => other.truth.primary.name,
      ),
    ].map((fault) => ({ caseId: one.id, ...fault }))
  })
}

function differing(one: Case, earlier: readonly Case[], field: string, of: (one: Case) => string): Fault[] {
  const other = earlier.find((candidate) => of(candidate) !== of(one))
  return other === undefined
    ? []
    : [error(field, `requires what ${other.id} says of the same image, ${of(other)}, got ${of(one)}`)]
}
