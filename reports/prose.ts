import { latexCell, latexText, otherScripts } from './latex-text.ts'
import { markdownText } from './markdown.ts'
import { type ReferenceKey, references } from './references.ts'

/** A piece of a paragraph: plain text, or sources that stand for what was said before. */
export type Piece = string | { cite: readonly ReferenceKey[] }

/** Paragraphs in plain text under a title; nothing in them is escaped for any format. */
export type Prose = { name: string; title: string; paragraphs: readonly (readonly Piece[])[] }

function shown(
  paragraph: readonly Piece[],
  text: (piece: string) => string,
  cite: (keys: readonly ReferenceKey[]) => string,
): string {
  return paragraph.map((piece) => (typeof piece === 'string' ? text(piece) : cite(piece.cite))).join('')
}

/** As plain text: title, then a line a paragraph, sources in round brackets. */
export function plainProse({ title, paragraphs }: Prose): string {
  const cite = (keys: readonly ReferenceKey[]) => ` (${keys.map((key) => references[key].short).join('; ')})`
  return `${title}\n\n${paragraphs.map((one) => shown(one, (text) => text, cite)).join('\n\n')}\n`
}

/** As Markdown, sources as Pandoc reads them, such as `[@holm1979]`. */
export function markdownProse({ title, paragraphs }: Prose): string {
  const cite = (keys: readonly ReferenceKey[]) => ` [${keys.map((key) => `@${key}`).join('; ')}]`
  return `## ${title}\n\n${paragraphs.map((one) => shown(one, markdownText, cite)).join('\n\n')}\n`
}

/** As LaTeX, sources as `\cite`. Needs the packages of minimal.tex. */
export function latexProse({ title, paragraphs }: Prose): string {
  const cite = (keys: readonly ReferenceKey[]) => `~\\cite{${keys.join(',')}}`
  return `${otherScripts}\n\\section*{${latexText(title)}}\n${paragraphs.map((one) => shown(one, latexCell, cite)).join('\n\n')}\n`
}

/** The sources that some texts cite, each once, in the order of {@link references}. */
export function citedKeys(texts: readonly Prose[]): ReferenceKey[] {
  const pieces = texts.flatMap(({ paragraphs }) => paragraphs.flat())
  const cited = new Set(pieces.flatMap((piece) => (typeof piece === 'string' ? [] : piece.cite)))
  return (Object.keys(references) as ReferenceKey[]).filter((key) => cited.has(key))
}
