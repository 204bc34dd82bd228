import type { CsvRow } from './csv-rows.ts'

const WHOLE = /^\d+(\.0+)?$/

/** A cell that must hold text, such as the name of a case. A blank one is an Error naming place and column. */
export function textCell(row: CsvRow, column: string, place: string): string {
  const text = row(column)
  if (text === undefined || text === '') throw new Error(`${place} requires a value in column ${column}, got a blank cell`)
  return text
}

/** A whole score from 1 to 5, or null for a blank cell. Anything else is an Error: it is never read as a number. */
export function scoreCell(row: CsvRow, column: string, place: string): number | null {
  const text = row(column)
  if (text === undefined || text === '') return null
  const score = WHOLE.test(text) ? Number(text) : Number.NaN
  if (score >= 1 && score <= 5) return score
  throw new Error(`${place} requires a whole score from 1 to 5 or a blank cell in column ${column}, got ${JSON.stringify(text)}`)
}

/** A flag written 1 or 0 (also true or false), or null for a blank cell: unknown. Anything else is an Error. */
export function flagCell(row: CsvRow, column: string, place: string): boolean | null {
  const text = row(column) ?? ''
  if (text === '') return null
  if (text === '1' || text === 'true') return true
  if (text === '0' || text === 'false') return false
  throw new Error(`${place} requires 1, 0 or a blank cell in column ${column}, got ${JSON.stringify(text)}`)
}

/** One of the allowed words; underscores count as hyphens. Anything else is an Error that lists them. */
export function wordCell<Word extends string>(row: CsvRow, column: string, words: readonly Word[], place: string): Word {
  const text = textCell(row, column, place)
  const hyphened = text.includes('_') ? text.replaceAll('_', '-') : text
  const word = words.find((one) => one === hyphened)
  if (word !== undefined) return word
  throw new Error(`${place} requires one of ${words.join(', ')} in column ${column}, got ${JSON.stringify(text)}`)
}

/** A whole number from 0 upwards, or 0 where the file has no such column. Anything else is an Error. */
export function countCell(row: CsvRow, column: string, place: string): number {
  const text = row(column)
  if (text === undefined) return 0
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`${place} requires a whole number from 0 upwards in column ${column}, got ${JSON.stringify(text)}`)
}
