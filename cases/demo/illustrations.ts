import sharp from 'sharp'
import { blackScab, noseBump } from './body-pictures.ts'
import { captionStrip } from './caption.ts'
import { eyeFundus } from './fundus-picture.ts'
import { chestRadiograph } from './radiograph-picture.ts'
import { type Random, seeded } from './shapes.ts'
import { evenSpot, type Picture, raggedPatch, violetDome, waxyPlaque } from './skin-pictures.ts'

/** Width and height of every drawing in pixels, the strip included. */
export const SIZE = 512

/** Height in pixels of the captioned strip at the lower edge; the picture is what lies above it. */
export const STRIP = 40

/** The seed of the drawings that the demo cases use. */
export const SEED = 20261121

const PICTURES = {
  a1f3: raggedPatch,
  '7c2e': evenSpot,
  e90b: noseBump,
  '4d68': waxyPlaque,
  b35a: chestRadiograph,
  '1f97': eyeFundus,
  c8d4: blackScab,
  '620e': violetDome,
} satisfies Record<string, (random: Random, width: number, height: number) => Picture>

/** The name of a drawing, which says nothing of what it shows; its file is `images/<name>.png`. */
export type IllustrationName = keyof typeof PICTURES

/** The names of all drawings. */
export const ILLUSTRATIONS = Object.keys(PICTURES) as IllustrationName[]

/**
 * Draws one illustration.
 *
 * @param seed a 32-bit integer; the same name and seed give the same pixels
 * @returns a PNG of `SIZE` × `SIZE` pixels in RGB without metadata, with the captioned strip at its lower edge
 */
export async function drawIllustration(name: IllustrationName, seed: number = SEED): Promise<Buffer> {
  const { data, info } = await sharp(Buffer.from(illustrationSvg(name, seed)))
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return sharp(coarse(data), { raw: { width: info.width, height: info.height, channels: info.channels } })
    .png({ compressionLevel: 9, adaptiveFiltering: false })
    .toBuffer()
}

// Levels in steps of four: the eye does not see it, and the files become half as large.
function coarse(levels: Buffer): Buffer {
  return levels.map((level) => level & 0xfc) as Buffer
}

function illustrationSvg(name: IllustrationName, seed: number): string {
  const height = SIZE - STRIP
  const { defs, body } = PICTURES[name](seeded(seed), SIZE, height)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" viewBox="0 0 ${SIZE} ${SIZE}">
<defs>${defs}<clipPath id="frame"><rect width="${SIZE}" height="${height}"/></clipPath></defs>
<g clip-path="url(#frame)">${body}</g>${captionStrip(SIZE, STRIP, height)}</svg>`
}
