import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Transcript } from '../../cases/transcript.ts'
import { asHeld, storeFolder } from './models.ts'

const CHILD = join(import.meta.dirname, 'fixtures', 'hold-conversations.ts')

interface Run {
  readonly child: ChildProcess
  readonly out: string
  /** Keys of the calls made so far, in order. */
  readonly calls: () => string[]
}

function start(store: string, delayMs: number): Run {
  const folder = storeFolder()
  const [log, out] = [join(folder, 'calls.log'), join(folder, 'transcripts.json')]
  const child = spawn(process.execPath, [CHILD, store, log, out, String(delayMs)], { stdio: 'inherit' })
  return { child, out, calls: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : []) }
}

async function finished(run: Run): Promise<readonly Transcript[]> {
  const [code] = await once(run.child, 'exit')
  expect(code).toBe(0)
  return JSON.parse(readFileSync(run.out, 'utf8'))
}

/** Kills a run in the midst, as soon as it has made so many calls of its own. */
async function killedAfter(calls: number, store: string): Promise<Run> {
  const run = start(store, 100)
  const exit = once(run.child, 'exit')
  while (run.calls().length < calls && run.child.exitCode === null) await sleep(2)
  run.child.kill('SIGKILL')
  expect((await exit)[1]).toBe('SIGKILL')
  expect(existsSync(run.out)).toBe(false)
  return run
}

/** Keys of the replies that a store holds. */
function keysIn(store: string): string[] {
  const file = join(store, 'replies.db')
  if (!existsSync(file)) return []
  const database = new DatabaseSync(file)
  const keys = database
    .prepare('SELECT key FROM replies')
    .all()
    .map((row) => String(row.key))
  database.close()
  return keys
}

test('a run that is killed three times ends with the same transcripts, and no finished call is made again', async () => {
  const store = storeFolder()
  const undisturbed = start(storeFolder(), 0)
  const expected = await finished(undisturbed)
  expect(new Set(undisturbed.calls()).size).toBe(expected.flatMap((transcript) => transcript.proofs).length)

  for (const calls of [3, 9, 10]) {
    const kept = keysIn(store)
    const run = await killedAfter(calls, store)
    expect(run.calls().filter((key) => kept.includes(key))).toEqual([])
  }
  const kept = keysIn(store)
  expect(kept.length).toBeGreaterThan(0)

  const last = start(store, 0)
  expect((await finished(last)).map(asHeld)).toEqual(expected.map(asHeld))
  expect(last.calls().filter((key) => kept.includes(key))).toEqual([])
  expect([...kept, ...last.calls()].toSorted()).toEqual(undisturbed.calls().toSorted())
})
