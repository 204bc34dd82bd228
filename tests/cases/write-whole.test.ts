import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeAbandoned, writeWhole } from '../../cases/write-whole.ts'

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'write-'))
})

afterEach(() => rm(dir, { recursive: true }))

test('writeWhole replaces a file and leaves no temporary one, also when it fails', async () => {
  const path = join(dir, 'a.txt')
  await writeFile(path, 'old and longer')
  await writeWhole(path, 'new')
  expect(await readFile(path, 'utf8')).toBe('new')
  await expect(writeWhole(dir, 'a folder stands there')).rejects.toThrow()
  await expect(writeWhole(join(dir, 'none', 'a.txt'), 'x')).rejects.toThrow('requires a folder that is there, got none')
  expect(await readdir(dir)).toEqual(['a.txt'])
})

test('removeAbandoned removes temporary files older than an hour and nothing else', async () => {
  const old = new Date(Date.now() - 3_700_000)
  for (const name of ['old.part', 'old.png', 'young.part']) await writeFile(join(dir, name), 'x')
  for (const name of ['old.part', 'old.png']) await utimes(join(dir, name), old, old)
  await removeAbandoned(dir)
  expect((await readdir(dir)).toSorted()).toEqual(['old.png', 'young.part'])
})
