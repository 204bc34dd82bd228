import { wordParts } from './word-parts.ts'

const commands: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  "'": '\\textquotesingle{}',
  '`': '\\textasciigrave{}',
  '-': '{-}',
  '[': '{[}',
  ']': '{]}',
  '−': '\\ensuremath{-}',
  '–': '\\textendash{}',
  '—': '\\textemdash{}',
  '‘': '\\textquoteleft{}',
  '’': '\\textquoteright{}',
  '“': '\\textquotedblleft{}',
  '”': '\\textquotedblright{}',
  '‹': '\\guilsinglleft{}',
  '›': '\\guilsinglright{}',
  '…': '\\dots{}',
  '†': '\\textdagger{}',
  '×': '\\ensuremath{\\times}',
  '·': '\\textperiodcentered{}',
  '≥': '\\ensuremath{\\geq}',
  '≤': '\\ensuremath{\\leq}',
  '±': '\\ensuremath{\\pm}',
  '\u00A0': '~',
  '\u202F': '\\,',
  '\n': ' ',
  '\t': ' ',
  // Isolates keep lines in order on screens; LaTeX sets each name in its own group.
  '\u2068': '',
  '\u2069': '',
}

/** Characters that pdfLaTeX sets as they are with T1 fonts: printable ASCII and the letters of Latin-1. */
const settable = /^[\x20-\x7EÀ-ÖØ-öø-ÿ]$/u

/**
 * What every LaTeX file of ours begins with: how characters of other scripts are set. XeLaTeX and LuaLaTeX set the text
 * itself, in a font that must have it; pdfLaTeX sets its code points.
 */
export const otherScripts =
  '\\ifdefined\\Umathcode\\providecommand{\\otherscript}[2]{#1}\\else\\providecommand{\\otherscript}[2]{#2}\\fi'

/**
 * Plain text as LaTeX that shows exactly this text and runs nothing: special characters become commands, characters beyond
 * Latin-1 go through `\otherscript` of {@link otherScripts}. Line breaks and tabs become spaces.
 */
export function latexText(text: string): string {
  return Array.from(text.toWellFormed(), (character) => {
    const command = commands[character]
    if (command !== undefined) return command
    if (settable.test(character)) return character
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    if (/\p{Cc}/u.test(character)) return `\\guilsinglleft{}U+${code}\\guilsinglright{}`
    return `\\otherscript{${character}}{\\guilsinglleft{}U+${code}\\guilsinglright{}\\allowbreak{}}`
  }).join('')
}

/** The same for narrow places: words that {@link wordParts} takes apart may break there. */
export function latexCell(text: string): string {
  return wordParts(text).map(latexText).join('\\allowbreak{}')
}
