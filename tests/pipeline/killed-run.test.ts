import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { analyze } from '../../analysis/analyze.ts'
import { readRows } from '../../analysis/results.ts'
import { type RunFolder, runFolder, runPromptfoo, startPromptfoo } from './run-promptfoo.ts'

/** The store's replies in the order in which they came, each with its row number: a reply asked again would get a new one. */
function kept({ store }: RunFolder): string[] {
  const file = join(store, 'replies.db')
  if (!existsSync(file)) return []
  const database = new DatabaseSync(file, { timeout: 30_000 })
  const made = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'replies'").get() !== undefined
  const rows = made ? database.prepare('SELECT rowid, key FROM replies ORDER BY rowid').all() : []
  database.close()
  return rows.map(({ rowid, key }) => `${rowid} ${key}`)
}

function estimates(results: string): string {
  return JSON.stringify(analyze(readRows(results, 'results.json'), 'results.json').estimates)
}

test('the same command after SIGKILL asks no finished call again and ends with the same estimates to the byte', async () => {
  const undisturbed = await runFolder()
  const whole = estimates(await (await runPromptfoo(undisturbed)).results())
  const all = kept(undisturbed).length

  const folder = await runFolder()
  for (const share of [0.2, 0.6]) {
    const child = await startPromptfoo(folder)
    while (kept(folder).length < share * all && child.exitCode === null) await sleep(5)
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  const before = kept(folder)
  expect(before.length).toBeGreaterThan(0)
  expect(before.length).toBeLessThan(all)

  const again = await runPromptfoo(folder)
  expect(kept(folder).slice(0, before.length)).toEqual(before)
  expect(kept(folder).length).toBe(all)
  expect(estimates(await again.results())).toBe(whole)
}, 180_000)
