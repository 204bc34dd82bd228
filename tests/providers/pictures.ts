import sharp from 'sharp'

const SIZE = 200

/** A drawn picture as JPEG: the SVG shapes given, on a plain ground. */
export function drawn(ground: string, shapes = ''): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}"><rect width="100%" height="100%" fill="${ground}"/>${shapes}</svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
}

/** A light brown skin colour. */
export const SKIN = '#d9a98c'

/** Skin with an even round brown spot. */
export const roundSpot = () => drawn(SKIN, '<circle cx="100" cy="100" r="30" fill="#7a4a30"/>')

/** Skin with a very dark patch of two colours in the shape of an L. */
export const lopsidedPatch = () =>
  drawn(SKIN, '<path d="M60 55 h34 v60 h55 v34 h-89 Z" fill="#2a1a14"/><circle cx="130" cy="132" r="14" fill="#5a1f4a"/>')

/** Grey lungs, the right half of the view darker than the left. */
export const greyChest = () =>
  drawn('#555555', '<rect x="100" width="100" height="200" fill="#303030"/><circle cx="60" cy="100" r="40" fill="#b0b0b0"/>')

/** An orange disc on black. */
export const orangeDisc = (shapes = '') => drawn('#000000', `<circle cx="100" cy="100" r="96" fill="#c8601e"/>${shapes}`)
