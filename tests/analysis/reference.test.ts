import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ReferenceFile } from './reference/reference-file.ts'
import { REFERENCE_FOLDER } from './reference.ts'

const CHECKS = join(import.meta.dirname, 'reference')
/** Kinds of files that the analysis does not claim to compute, with the reason. */
const OUT_OF_SCOPE: Record<string, string> = {
  'ordinal-logit': 'ordinal regression is no estimand here: calibration chooses among identity, shift, linear and isotonic',
}

type Check = { check: (file: ReferenceFile, folder: string) => void }

const kinds = readdirSync(CHECKS)
  .map((name) => name.replace(/\.ts$/, ''))
  .filter((kind) => kind !== 'reference-file')
const names = existsSync(REFERENCE_FOLDER) ? readdirSync(REFERENCE_FOLDER).filter((name) => name.endsWith('.json')) : []

function kindOf(name: string, among: readonly string[]): string | undefined {
  return among.filter((kind) => name === `${kind}.json` || name.startsWith(`${kind}-`)).toSorted((a, b) => b.length - a.length)[0]
}

describe(`every file of the reference folder (${names.length} files; REFERENCE_DIR names another folder)`, () => {
  test('the folder holds reference files', ({ skip }) => {
    skip(!existsSync(REFERENCE_FOLDER), `no reference folder: the numbers of analysis/ are not checked against R and Python here`)
    expect(names.length).toBeGreaterThan(0)
  })

  test.for(names)('%s', async (name, { skip }) => {
    const outside = kindOf(name, Object.keys(OUT_OF_SCOPE))
    skip(outside !== undefined, `${outside} is out of scope: ${OUT_OF_SCOPE[outside ?? '']}`)
    const kind = kindOf(name, kinds)
    if (kind === undefined) throw new Error(`${name} requires a check of its kind in tests/analysis/reference, got none`)
    const { check } = (await import(join(CHECKS, `${kind}.ts`))) as Check
    check(ReferenceFile.parse(JSON.parse(readFileSync(join(REFERENCE_FOLDER, name), 'utf8'))), REFERENCE_FOLDER)
  })
})
