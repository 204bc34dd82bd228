import type { Case } from './schema.ts'

/** How many cases, and how many different images they stand on. */
export interface Count {
  readonly cases: number
  readonly images: number
}

/** A row of the table: `unclear` holds the neoplasms of unclear behaviour, in situ and uncertain, which belong to neither side. */
export type MalignancyRow = 'malignant' | 'not_malignant' | 'unclear'
/** A column of the table; `unknown` is a class of its own and never counts as not rare. */
type RarityColumn = Case['truth']['rarity']['class']

/** What a bank is made of. */
export interface Composition {
  readonly total: Count
  /** Malignant by rare, with the unclear row and the unknown column beside; every cell is there, also an empty one. */
  readonly strata: Readonly<Record<MalignancyRow, Readonly<Record<RarityColumn, Count>>>>
  /** Counts by value, in the order of the alphabet; a case counts under each of its values, so the sums may exceed the total. */
  readonly by: Readonly<Record<'modality' | 'triage' | 'licence' | 'split', ReadonlyMap<string, Count>>>
}

const ROWS: readonly MalignancyRow[] = ['malignant', 'not_malignant', 'unclear']
const COLUMNS: readonly RarityColumn[] = ['rare', 'not_rare', 'unknown']

/** The row of a neoplasm: malignant means invasive only; premalignant, benign and no neoplasm are not malignant. */
export function malignancyOf(neoplasm: Case['truth']['neoplasm']): MalignancyRow {
  if (neoplasm === 'malignant') return 'malignant'
  return neoplasm === 'in_situ' || neoplasm === 'uncertain' ? 'unclear' : 'not_malignant'
}

/**
 * Counts the cases and images of a bank by stratum, modality, triage level, licence and split.
 *
 * An image is known by the sha256 of its source, so two cases on one image count it once in a cell.
 *
 * @returns zeros for no cases
 */
export function composition(cases: readonly Case[]): Composition {
  const cell = (row: MalignancyRow, column: RarityColumn) =>
    count(cases.filter((one) => malignancyOf(one.truth.neoplasm) === row && one.truth.rarity.class === column))
  const row = (name: MalignancyRow) =>
    Object.fromEntries(COLUMNS.map((column) => [column, cell(name, column)])) as Record<RarityColumn, Count>
  return {
    total: count(cases),
    strata: Object.fromEntries(ROWS.map((name) => [name, row(name)])) as Record<MalignancyRow, Record<RarityColumn, Count>>,
    by: {
      modality: grouped(cases, (one) => one.images.map((image) => image.modality)),
      triage: grouped(cases, (one) => one.truth.triage.acceptable),
      licence: grouped(cases, (one) => one.images.map((image) => image.licence.id)),
      split: grouped(cases, (one) => [one.split]),
    },
  }
}

function count(cases: readonly Case[]): Count {
  return { cases: cases.length, images: new Set(cases.flatMap((one) => one.images.map((image) => image.sha256))).size }
}

function grouped(cases: readonly Case[], valuesOf: (one: Case) => readonly string[]): Map<string, Count> {
  const values = [...new Set(cases.flatMap(valuesOf))].toSorted()
  return new Map(values.map((value) => [value, count(cases.filter((one) => valuesOf(one).includes(value)))]))
}
