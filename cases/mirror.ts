import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Image } from './schema.ts'
import { MAX_IMAGE_BYTES } from './source-image.ts'

/**
 * Opens a mirror folder, whose files are named `<sha256>.<jpg|jpeg|png|webp>`.
 *
 * @returns the bytes of an image; rejects when the folder has no such file or one of more than 20 MB
 * @throws Error when the folder cannot be read
 */
export async function mirror(dir: string): Promise<(image: Pick<Image, 'sha256'>) => Promise<Uint8Array>> {
  const names = await readdir(dir).catch((cause: Error) => {
    throw new Error(`--from requires a folder of images, got ${dir}: ${cause.message}`, { cause })
  })
  const bySha256 = new Map(
    names.flatMap((name) => (/^[0-9a-f]{64}\.(jpe?g|png|webp)$/.test(name) ? [[name.slice(0, 64), name]] : [])),
  )
  return async ({ sha256 }) => {
    const name = bySha256.get(sha256)
    if (name === undefined) throw new Error(`requires ${sha256}.<jpg|jpeg|png|webp> in the mirror folder, got no such file`)
    const { size } = await stat(join(dir, name))
    if (size > MAX_IMAGE_BYTES) throw new Error(`requires at most ${MAX_IMAGE_BYTES} bytes, got ${size} in ${name}`)
    return readFile(join(dir, name))
  }
}
