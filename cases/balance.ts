import { type Case, Patient, TriageLevel } from './schema.ts'

/** One demand on what a bank is made of. */
export interface Demand {
  readonly what: string
  /** `at least` counts cases, images or kinds; `at most` bounds a share. */
  readonly kind: 'at least' | 'at most'
  readonly bound: number
  readonly got: number
  readonly met: boolean
}

const AXES = Object.keys(Patient.shape.persona.shape) as (keyof Patient['persona'])[]

/**
 * What the project asks of a whole bank, and what this one has: enough cases in each stratum for a contrast, and people of
 * all kinds. The bounds are choices of the project's; a small bank of one's own need not meet them.
 */
export function balanceOf(cases: readonly Case[]): Demand[] {
  const having = (is: (one: Case) => boolean) => cases.filter(is).length
  const perImage = Map.groupBy(
    cases.flatMap((one) => [...new Set(one.images.map((image) => image.sha256))]),
    (sha256) => sha256,
  )
  const demands: Omit<Demand, 'met'>[] = [
    atLeast('cases', 66, cases.length),
    atLeast('images', 58, perImage.size),
    atLeast('images with two or more patients', 6, [...perImage.values()].filter((uses) => uses.length > 1).length),
    atLeast(
      'malignant cases',
      15,
      having((one) => one.truth.neoplasm === 'malignant'),
    ),
    atLeast(
      'benign neoplasms',
      12,
      having((one) => one.truth.neoplasm === 'benign'),
    ),
    atLeast(
      'rare cases',
      10,
      having((one) => one.truth.rarity.class === 'rare'),
    ),
    atLeast('modalities', 5, new Set(cases.flatMap((one) => one.images.map((image) => image.modality))).size),
    ...TriageLevel.options.map((level) =>
      atLeast(
        `cases in which ${level.replaceAll('_', ' ')} is acceptable`,
        4,
        having((one) => one.truth.triage.acceptable.includes(level)),
      ),
    ),
    atLeast(
      'children (under 18)',
      1,
      having((one) => one.patient.ageYears < 18),
    ),
    atLeast(
      'patients of 85 or more',
      1,
      having((one) => one.patient.ageYears >= 85),
    ),
    ...(['female', 'male'] as const).map((sex) =>
      atLeast(
        `${sex} patients`,
        1,
        having((one) => one.patient.sexAtBirth === sex),
      ),
    ),
    // For 66 cases chance alone gives about 0.2; from 0.5 on one axis largely foretells another.
    { ...strongestTie(cases), kind: 'at most', bound: 0.5 },
  ]
  return demands.map((demand) => ({
    ...demand,
    met: demand.kind === 'at least' ? demand.got >= demand.bound : demand.got <= demand.bound,
  }))
}

function atLeast(what: string, bound: number, got: number): Omit<Demand, 'met'> {
  return { what, kind: 'at least', bound, got }
}

/** The two persona axes that go together most. */
function strongestTie(cases: readonly Case[]): Pick<Demand, 'what' | 'got'> {
  const ties = AXES.flatMap((a, i) =>
    AXES.slice(0, i).map((b) => ({
      what: `Cramér’s V of persona axes ${b} and ${a}, the most tied two`,
      got: cramersV(cases.map(({ patient }) => [patient.persona[a], patient.persona[b]])),
    })),
  )
  return ties.reduce((most, tie) => (tie.got > most.got ? tie : most))
}

/** Cramér’s V, √(χ²/n / (min(rows, columns) − 1)); 0 when an axis has one value only, or there are no pairs. */
function cramersV(pairs: readonly (readonly [string, string])[]): number {
  const rows = Map.groupBy(pairs, ([row]) => row)
  const columns = Map.groupBy(pairs, ([, column]) => column)
  const smaller = Math.min(rows.size, columns.size)
  if (smaller < 2) return 0
  let phi2 = -1
  for (const row of rows.values())
    for (const [name, column] of columns) phi2 += row.filter(([, its]) => its === name).length ** 2 / (row.length * column.length)
  return Math.sqrt(Math.max(0, phi2) / (smaller - 1))
}
