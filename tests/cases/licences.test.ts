import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { attributionTable, type Licences, readLicences, writeLicences } from '../../cases/licences.ts'

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'licences-'))
})

afterEach(() => rm(dir, { recursive: true }))

const entry: Licences[number] = {
  sha256: 'a'.repeat(64),
  dataset: 'test set',
  recordId: 'record 1',
  licence: 'CC-BY-4.0',
  licenceUrl: 'https://licence.example/by',
  url: 'https://images.example/1.png',
  attribution: 'A | B',
  status: 'here',
}

test('what is written is read again, in place of what was there, and nothing else is left behind', async () => {
  const failed: Licences[number] = { ...entry, sha256: 'b'.repeat(64), status: 'failed', reason: 'requires a, got b' }
  for (const licences of [[entry], [failed, entry]]) {
    await writeLicences(dir, licences)
    expect(await readLicences(dir)).toEqual(licences)
    expect(await readFile(join(dir, 'ATTRIBUTION.md'), 'utf8')).toBe(attributionTable(licences))
  }
  expect((await readdir(dir)).toSorted()).toEqual(['ATTRIBUTION.md', 'licences.json'])
})

describe('readLicences', () => {
  test('gives an empty list where there is no file', async () => {
    expect(await readLicences(dir)).toEqual([])
  })

  test.each(['', '{', '{}', JSON.stringify([{ ...entry, status: 'lost' }])])('refuses %j and names the file', async (text) => {
    await writeFile(join(dir, 'licences.json'), text)
    await expect(readLicences(dir)).rejects.toThrow(`${join(dir, 'licences.json')}: requires the list`)
  })
})

describe('attributionTable', () => {
  test('has one row an image, with links, and no text of an entry opens a new cell', () => {
    const rows = attributionTable([entry, { ...entry, licenceUrl: null }])
      .split('\n')
      .slice(-3)
    expect(rows).toEqual([
      '| aaaaaaaaaaaa | here | [CC-BY-4.0](https://licence.example/by) | A \\| B | test set | [record 1](https://images.example/1.png) |',
      '| aaaaaaaaaaaa | here | CC-BY-4.0 | A \\| B | test set | [record 1](https://images.example/1.png) |',
      '',
    ])
  })
})
