import type { Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import { count, type PaperTable, words } from './paper-table.ts'
import { type RunFacts, runFacts } from './run-facts.ts'

/**
 * A subitem of a reporting guideline: its number there, its matter in our own short words, which facts of the run belong to
 * it, and what an author must write; null where the run says all.
 */
export type Subitem = {
  number: string
  matter: string
  known: readonly (keyof RunFacts)[]
  authors: string | null
}

/**
 * A reporting guideline as a skeleton: what the run knows is filled in, what only authors know stands as `[AUTHORS: …]`. It
 * says nothing of whether a study was done well.
 */
export function checklistTable(
  estimates: Estimates,
  name: string,
  title: string,
  caption: string,
  subitems: readonly Subitem[],
): PaperTable {
  const facts = runFacts(estimates)
  const filled = ({ known, authors }: Subitem) =>
    [...known.map((fact) => facts[fact]), ...(authors === null ? [] : [`[AUTHORS: ${authors}]`])]
      .filter((text) => text !== '')
      .join(' ')
  return {
    kind: 'table',
    name,
    title,
    caption,
    columns: [
      { heading: 'Item', kind: 'count' },
      { heading: 'Matter', kind: 'text' },
      { heading: 'Text', kind: 'text' },
    ],
    groups: [
      {
        heading: null,
        rows: subitems.map((subitem) => ({
          average: false,
          cells: [count(subitem.number), words(subitem.matter), words(filled(subitem))],
        })),
      },
    ],
    notes: [],
    data: banner(estimates),
  }
}
