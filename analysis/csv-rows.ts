import { parse } from 'csv-parse/sync'

/** One line: the text of a column, empty for a blank cell, undefined for an optional column that the file lacks. */
export type CsvRow = (column: string) => string | undefined

/**
 * Hands every line of a CSV table to `take`, with its place for messages, such as `scores.csv row 3` (the line of names is
 * row 1). Nothing is kept, so a table may be large.
 *
 * Strict: the columns are exactly `required`, in any order, and any of `optional`; an unknown, missing or repeated one, a
 * line with more or fewer cells, and a table without a line are an Error naming file and column. A byte order mark, CRLF
 * ends and white space around cells do not count.
 */
export function eachCsvRow(
  text: string,
  file: string,
  columns: { required: readonly string[]; optional: readonly string[] },
  take: (row: CsvRow, place: string) => void,
): void {
  let places: Map<string, number> | null = null
  let line = 0
  const onRecord = (cells: string[]): null => {
    line += 1
    if (places === null) places = new Map(requireNames(cells, file, columns).map((name, place) => [name, place]))
    else {
      const placeOf = places
      take((column) => cells[placeOf.get(column) ?? -1], `${file} row ${line}`)
    }
    return null
  }
  try {
    parse(text, { bom: true, trim: true, skip_empty_lines: true, on_record: onRecord })
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    if (code === undefined) throw error
    throw new Error(`${file} requires a table with as many cells in each line as columns, got ${message}`)
  }
  if (line < 2) throw new Error(`${file} requires a line of names and at least one more, got ${line} lines`)
}

function requireNames(
  names: string[],
  file: string,
  columns: { required: readonly string[]; optional: readonly string[] },
): string[] {
  const known = [...columns.required, ...columns.optional]
  const listed = `the columns ${columns.required.join(', ')}`
  const absent = columns.required.filter((name) => !names.includes(name))
  if (absent.length > 0) throw new Error(`${file} requires ${listed}, got none called ${absent.join(', ')}`)
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new Error(`${file} requires only ${listed}, got also ${unknown.map((n) => JSON.stringify(n)).join(', ')}`)
  if (new Set(names).size < names.length) throw new Error(`${file} requires each column once, got ${names.join(', ')}`)
  return names
}
