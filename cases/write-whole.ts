import { randomUUID } from 'node:crypto'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const ABANDONED_MS = 3_600_000

/** Writes a file through a temporary name, so that a killed process never leaves half a file under the final one. */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const part = `${path}.${randomUUID()}.part`
  try {
    const file = await open(part, 'wx')
    try {
      await file.writeFile(data)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (cause) {
    await rm(part, { force: true })
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new Error(`${path} requires a folder that is there, got none`, { cause })
  }
}

/** Removes the temporary files that killed runs left in a folder; those younger than an hour may belong to a run that still goes. */
export async function removeAbandoned(dir: string): Promise<void> {
  for (const name of (await readdir(dir)).filter((one) => one.endsWith('.part'))) {
    const path = join(dir, name)
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true })
  }
}
