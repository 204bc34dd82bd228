import { openSync } from 'fontkit'
import { fontFiles } from './font-files.ts'

const regular = openSync(fontFiles.normal)
const bold = openSync(fontFiles.bold)

/** The two weights of Arimo that figures use. */
export type Weight = 'normal' | 'bold'

/**
 * The width of one line of text set in Arimo, in the unit of `size` (points in our figures). The empty text is 0 wide.
 *
 * Advance widths are added without kerning, as a browser may or may not kern; the difference is below 1 %. A character
 * that Arimo lacks (other scripts) comes from an unknown fallback font and counts as one em; combining and
 * invisible characters count 0.
 */
export function textWidth(text: string, size: number, weight: Weight = 'normal'): number {
  const font = weight === 'bold' ? bold : regular
  const units = Array.from(text, (character) => {
    if (/[\p{M}\p{Default_Ignorable_Code_Point}]/u.test(character)) return 0
    const codePoint = character.codePointAt(0) ?? 0
    return font.hasGlyphForCodePoint(codePoint) ? font.glyphForCodePoint(codePoint).advanceWidth : font.unitsPerEm
  })
  return (units.reduce((sum, unit) => sum + unit, 0) / font.unitsPerEm) * size
}

/** Whether Arimo can show every character of a text; marks without a glyph of their own do not count. */
export function isShown(text: string): boolean {
  return Array.from(text).every(
    (character) =>
      /\p{Default_Ignorable_Code_Point}/u.test(character) || regular.hasGlyphForCodePoint(character.codePointAt(0) ?? 0),
  )
}

/**
 * Text broken into lines that are at most `width` wide, in the unit of `size`. Breaks after spaces, hyphens, slashes,
 * colons, underscores and dots; a part that alone is too wide is broken between characters. No character is lost except
 * the spaces at line ends. The empty text gives one empty line.
 */
export function wrapText(text: string, width: number, size: number, weight: Weight = 'normal'): string[] {
  const fits = (line: string) => textWidth(line.trim(), size, weight) <= width
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
  const pieces = text
    .split(/(?<=[\s\-/:_.])/u)
    .flatMap((word) => (fits(word) ? [word] : Array.from(graphemes.segment(word), ({ segment }) => segment)))
  const lines = ['']
  for (const piece of pieces) {
    const last = lines.at(-1) ?? ''
    if (last === '' || fits(last + piece)) lines[lines.length - 1] = last + piece
    else lines.push(piece)
  }
  return lines.map((line) => line.trim())
}
