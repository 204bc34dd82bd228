import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the reference files lie, whether it exists or not. */
export const REFERENCE_FOLDER = process.env.REFERENCE_DIR ?? join(import.meta.dirname, '../../../shared/reference')

/** The path of a file of outside reference values, which lie beside the repository and are no part of it. */
export function referencePath(name: string): string {
  return join(REFERENCE_FOLDER, name)
}

/** Whether the file is there; a test that needs it must be skipped by name where it is not. */
export function hasReference(name: string): boolean {
  return existsSync(referencePath(name))
}

/** The parsed file. The caller says what it holds. */
export function readReference<Content>(name: string): Content {
  return JSON.parse(readFileSync(referencePath(name), 'utf8')) as Content
}
