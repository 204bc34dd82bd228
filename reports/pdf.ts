import { join } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { fontFiles, italicFontFile } from './font-files.ts'
import { plainName } from './names.ts'
import { type FigureSize, figureWidth } from './theme.ts'

let compiler: NodeCompiler | undefined

/**
 * A figure’s SVG as a PDF of one page as large as the figure: vector, text as text in embedded Arimo, tagged, with `alt` as
 * the figure’s alternative text and `title` as the document’s. No time is written, so equal input gives equal bytes.
 */
export function figurePdf(svg: string, size: FigureSize, words: { title: string; alt: string }): Buffer {
  const workspace = import.meta.dirname
  compiler ??= NodeCompiler.create({ workspace, fontArgs: [{ fontPaths: [fontFiles.normal, fontFiles.bold, italicFontFile] }] })
  compiler.mapShadow(join(workspace, 'figure.svg'), Buffer.from(svg))
  // A plain text has no control characters, so that JSON escapes only what Typst escapes alike: quotes and backslashes.
  const text = (value: string) => JSON.stringify(plainName(value))
  const mainFileContent = [
    `#set document(title: ${text(words.title)}, date: none)`,
    '#set page(width: auto, height: auto, margin: 0pt)',
    '#set text(font: "Arimo", lang: "en")',
    `#image("figure.svg", width: ${figureWidth[size]}pt, alt: ${text(words.alt)})`,
  ].join('\n')
  return compiler.pdf({ mainFileContent, resetRead: true }, { creationTimestamp: 0 })
}
