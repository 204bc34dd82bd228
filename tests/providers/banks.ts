import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import sharp from 'sharp'
import type { Case, Image } from '../../cases/schema.ts'
import { sha256Of } from '../../cases/sha256.ts'
import { aCase } from '../cases/a-case.ts'
import { lopsidedPatch } from './pictures.ts'

/** A folder with one case and its drawn picture, as `loadBank` reads it; `source` other than drawn leaves the picture out. */
export async function bankFolder(source?: Image['source']): Promise<{ dir: string; one: Case; picture: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'bank-'))
  const png = await sharp(await lopsidedPatch())
    .png()
    .toBuffer()
  const [base] = aCase().images
  if (base === undefined) throw new Error('aCase requires an image')
  const size = { sha256: sha256Of(png), bytes: png.length, width: 200, height: 200 }
  const one = aCase({ images: [{ ...base, ...size, source: source ?? base.source }] })
  mkdirSync(join(dir, 'images'))
  const picture = join(dir, 'images', 'bump.png')
  writeFileSync(picture, png)
  writeFileSync(join(dir, `${one.id}.yaml`), dump(one))
  return { dir, one, picture }
}
