import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { CASE_SCHEMA_VERSION, Case } from './schema.ts'

/** Where the JSON Schema of a case file lies, for editors. A case file names it in its first line as `../case.schema.json`. */
export const CASE_JSON_SCHEMA_FILE = join(import.meta.dirname, 'case.schema.json')

/**
 * The JSON Schema 2020-12 of a case file, made from the zod schema `Case`, as the text of the file.
 *
 * It is looser than `Case`: rules that JSON Schema cannot say, such as the order of a box's corners, are left to `loadBank`.
 */
export function caseJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(Case, { io: 'input', target: 'draft-2020-12' })
  const title = `Case file, version ${CASE_SCHEMA_VERSION}`
  const description =
    'One synthetic patient with image, health record, ledger of facts and reference truth. Made from cases/schema.ts by npm run schema; do not edit.'
  return `${JSON.stringify({ $schema, title, description, ...rest }, null, 2)}\n`
}

if (import.meta.main) {
  await writeFile(CASE_JSON_SCHEMA_FILE, caseJsonSchema())
  console.log(`wrote ${CASE_JSON_SCHEMA_FILE}`)
}
