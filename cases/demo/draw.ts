// Command: node cases/demo/draw.ts – draws all illustrations of the demo cases anew into cases/demo/images/.
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { sha256Of } from '../sha256.ts'
import { drawIllustration, ILLUSTRATIONS } from './illustrations.ts'

const folder = new URL('images/', import.meta.url)
await mkdir(folder, { recursive: true })
for (const name of ILLUSTRATIONS) {
  const png = await drawIllustration(name)
  const file = new URL(`${name}.png`, folder)
  await writeFile(file, png)
  console.log(`${fileURLToPath(file)} ${png.length} bytes, sha256 ${sha256Of(png)}`)
}
