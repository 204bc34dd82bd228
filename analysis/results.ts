import { z } from 'zod'

const Metadata = z.looseObject({}).nullish()

/**
 * One cell of a promptfoo run, as far as the analysis reads it. promptfoo's other fields may come and go; our own
 * objects inside `metadata` are parsed strictly where they are used.
 */
export const ResultRow = z.looseObject({
  prompt: z.looseObject({ label: z.string() }),
  provider: z.looseObject({ id: z.string(), label: z.string().nullish() }),
  metadata: Metadata,
  testCase: z.looseObject({ metadata: Metadata }).nullish(),
  response: z.looseObject({ metadata: Metadata }).nullish(),
  gradingResult: z
    .looseObject({ componentResults: z.array(z.looseObject({ metadata: Metadata }).nullable()).nullish() })
    .nullish(),
})
export type ResultRow = z.infer<typeof ResultRow>

const ResultsFile = z.looseObject({
  results: z.looseObject({ version: z.literal(3), results: z.array(z.unknown()) }),
})

/**
 * The rows of a promptfoo results file (`promptfoo eval -o results.json`, results version 3) or of its JSONL form (one row
 * a line, blank lines ignored). `file` is the name for messages; a name that ends in `.jsonl` selects the second form.
 * Text that breaks off, another version or a row without prompt and provider is an Error naming file and field.
 */
export function readRows(text: string, file: string): ResultRow[] {
  const plain = text.replace(/^\uFEFF/, '')
  if (file.endsWith('.jsonl')) return readLines(plain, file)
  const parsed = ResultsFile.safeParse(parseJson(plain, file))
  if (parsed.success) return parseRows(parsed.data.results.results, file)
  throw new Error(`${file} requires a promptfoo results file of results.version 3, got\n${z.prettifyError(parsed.error)}`)
}

/** Rows from values that are parsed already, such as those that promptfoo hands to an `afterAll` hook. */
export function parseRows(values: readonly unknown[], source: string): ResultRow[] {
  return values.map((value, index) => parseRow(value, `${source} row ${index + 1}`))
}

function readLines(text: string, file: string): ResultRow[] {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line, place: `${file} line ${index + 1}` }))
  return lines.filter(({ line }) => line.trim() !== '').map(({ line, place }) => parseRow(parseJson(line, place), place))
}

function parseRow(value: unknown, place: string): ResultRow {
  const parsed = ResultRow.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Error(`${place} requires a promptfoo result row, got\n${z.prettifyError(parsed.error)}`)
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${place} requires whole JSON, got text that breaks off or is malformed: ${(error as Error).message}`)
  }
}
