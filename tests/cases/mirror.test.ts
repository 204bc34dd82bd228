import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mirror } from '../../cases/mirror.ts'
import { sha256Of } from '../../cases/sha256.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mirror-'))
})

afterEach(() => rm(root, { recursive: true }))

describe('mirror', () => {
  test('serves by sha256 whatever the ending', async () => {
    const bytes = Buffer.from('a picture')
    const sha256 = sha256Of(bytes)
    await writeFile(join(root, `${sha256}.jpeg`), bytes)
    await writeFile(join(root, 'notes.txt'), 'no picture')
    expect(await (await mirror(root))({ sha256 })).toEqual(bytes)
  })

  test('rejects for an image that it lacks, and for one of more than 20 MB', async () => {
    const large = 'b'.repeat(64)
    await writeFile(join(root, `${large}.png`), Buffer.alloc(20_000_001))
    const bytesOf = await mirror(root)
    const absent = 'a'.repeat(64)
    await expect(bytesOf({ sha256: absent })).rejects.toThrow(`requires ${absent}.<jpg|jpeg|png|webp> in the mirror folder`)
    await expect(bytesOf({ sha256: large })).rejects.toThrow(`requires at most 20000000 bytes, got 20000001 in ${large}.png`)
  })

  test('a folder that does not exist is refused', async () => {
    await expect(mirror(join(root, 'nowhere'))).rejects.toThrow('--from requires a folder of images, got')
  })
})
