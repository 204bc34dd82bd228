import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256Of } from './sha256.ts'

/**
 * SHA-256 over the source of rules that stand in for a model: every TypeScript file in the given folders and all that
 * `cases/` holds. The rules are the model: when their text changes, what older rules said must not be replayed.
 */
export function sourceRevision(...folders: readonly string[]): string {
  const files = [import.meta.dirname, ...folders].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.ts'))
      .toSorted()
      .map((file) => join(folder, file)),
  )
  return sha256Of(files.map((file) => readFileSync(file, 'utf8')).join('\n'))
}
