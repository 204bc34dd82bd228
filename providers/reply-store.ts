import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sha256Of } from '../cases/sha256.ts'

/** Texts by key; several processes may use the same ones at once. */
export interface ReplyStore {
  /** The text of that key, or undefined when there is none or when it is damaged. */
  readonly get: (key: string) => string | undefined | Promise<string | undefined>
  /** Keeps a text, in place of an earlier one; when it is done, a killed process no longer loses it. */
  readonly put: (key: string, text: string) => void | Promise<void>
}

/** A store on this machine, which answers at once. */
interface LocalReplyStore extends ReplyStore {
  readonly get: (key: string) => string | undefined
  readonly put: (key: string, text: string) => void
}

const opened = new Map<string, LocalReplyStore>()

/**
 * The store in a folder, which is made when it is not there; one SQLite file, opened once per process.
 *
 * @throws Error when the folder or the file cannot be used; so do `get` and `put`
 */
export function replyStore(dir: string): LocalReplyStore {
  const known = opened.get(dir)
  if (known !== undefined) return known
  const store = open(dir)
  opened.set(dir, store)
  return store
}

function open(dir: string): LocalReplyStore {
  mkdirSync(dir, { recursive: true })
  const database = new DatabaseSync(join(dir, 'replies.db'), { timeout: 30_000 })
  // A write-ahead log survives a kill at any moment; only a power cut can lose the last replies.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  database.exec('CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, reply TEXT NOT NULL) STRICT')
  const select = database.prepare('SELECT sha256, reply FROM replies WHERE key = ?')
  const insert = database.prepare('INSERT OR REPLACE INTO replies VALUES (?, ?, ?)')
  return {
    get: (key) => {
      const row = select.get(key) as { sha256: string; reply: string } | undefined
      return row === undefined || sha256Of(row.reply) !== row.sha256 ? undefined : row.reply
    },
    put: (key, text) => {
      insert.run(key, sha256Of(text), text)
    },
  }
}
