import { createRequire } from 'node:module'
import { px } from './shapes.ts'

const CAPTION = 'drawn illustration - not a clinical image'

interface Font {
  readonly unitsPerEm: number
  layout(text: string): {
    readonly glyphs: readonly { readonly path: { toSVG(): string } }[]
    readonly positions: readonly { readonly xAdvance: number }[]
  }
}

/**
 * The caption as SVG: a light grey strip with the words drawn as outlines, so that no font of the machine takes part.
 *
 * @param width of the strip in pixels
 * @param height of the strip in pixels
 * @param top its upper edge in pixels
 */
export function captionStrip(width: number, height: number, top: number): string {
  const font = arimo()
  const size = 20
  const scale = size / font.unitsPerEm
  const { glyphs, positions } = font.layout(CAPTION)
  const advances = positions.map(({ xAdvance }) => xAdvance)
  const length = advances.reduce((sum, advance) => sum + advance, 0) * scale
  let pen = 0
  const letters = glyphs.map((glyph, i) => {
    const letter = `<path transform="translate(${px(pen)} 0)" d="${glyph.path.toSVG()}"/>`
    pen += advances[i] ?? 0
    return letter
  })
  const origin = `translate(${px((width - length) / 2)} ${px(top + height / 2 + size * 0.33)}) scale(${scale} ${-scale})`
  return `<rect y="${top}" width="${width}" height="${height}" fill="#dcdcdc"/><g transform="${origin}" fill="#222">${letters.join('')}</g>`
}

// fontkit ships no type declarations; `Font` above is the part of it that is used here.
function arimo(): Font {
  const require = createRequire(import.meta.url)
  const fontkit: { openSync(file: string): Font } = require('fontkit')
  return fontkit.openSync(require.resolve('@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf'))
}
