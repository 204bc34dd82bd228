import { sha256Of } from '../cases/sha256.ts'

const hashes = new WeakMap<Uint8Array, string>()

/** SHA-256 of an image’s bytes; the bytes are not to be changed afterwards. */
export function imageSha256(bytes: Uint8Array): string {
  const known = hashes.get(bytes)
  if (known !== undefined) return known
  const hash = sha256Of(bytes)
  hashes.set(bytes, hash)
  return hash
}
