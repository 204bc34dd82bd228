import { csv } from './csv.ts'
import type { Cell, FigureRow } from './figure.ts'

function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`)
}

/**
 * The numbers that a figure draws, as CSV: a column for each key of its rows, in the order of the first. Before `model`
 * stands `scope`, which tells the average of models (null) from a model of any name; `label` is what `model` says already and
 * is left out where both are. Rows with other keys than the first are an Error; no rows give the header `data` alone.
 */
export function figureCsv(rows: readonly FigureRow[], banner: string): string {
  const keys = Object.keys(rows[0] ?? {})
  const odd = rows.find((row) => Object.keys(row).sort().join() !== keys.toSorted().join())
  if (odd !== undefined) throw new Error(`figureCsv requires rows with the keys ${keys.join()}, got ${Object.keys(odd).join()}`)
  const columns = keys
    .filter((key) => key !== 'label' || !keys.includes('model'))
    .flatMap((key): [string, (row: FigureRow) => Cell][] => {
      const column = [snakeCase(key), (row: FigureRow) => row[key] ?? null] as [string, (row: FigureRow) => Cell]
      return key === 'model' ? [['scope', (row) => (row.model === null ? 'average of models' : 'model')], column] : [column]
    })
  return csv(rows, banner, Object.fromEntries(columns))
}
