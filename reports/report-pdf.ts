import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { openSync } from 'fontkit'
import type { Estimates } from '../analysis/estimate.ts'
import { banner, dataKind } from './banner.ts'
import { ends, points } from './format.ts'
import { methodsText } from './methods-text.ts'
import { nameInSentence } from './names.ts'
import type { PageFigure } from './page.ts'
import type { AbsentTable, Cell, PaperTable } from './paper-table.ts'
import type { Prose } from './prose.ts'
import { references } from './references.ts'
import { resultsText } from './results-text.ts'
import { summary } from './summary.ts'
import { wordParts } from './word-parts.ts'

const file = createRequire(import.meta.url).resolve
const fonts = [
  '400Regular/Arimo_400Regular.ttf',
  '400Regular_Italic/Arimo_400Regular_Italic.ttf',
  '700Bold/Arimo_700Bold.ttf',
].map((name) => file(`@expo-google-fonts/arimo/${name}`))
const arimo = openSync(fonts[0] ?? '')

/**
 * The report as a tagged PDF for paper or a supplement: summary, figures, tables, methods and results, the banner on every
 * page. Typeset by Typst with Arimo alone, so the same estimates and figures give the same bytes on every machine.
 *
 * Texts go to Typst as JSON and are never markup. Letters of scripts that Arimo lacks are shown by code point in text, and as
 * boxes in figures. A fault of typesetting is an Error.
 */
export async function reportPdf(
  estimates: Estimates,
  figures: readonly PageFigure[],
  tables: readonly (PaperTable | AbsentTable)[],
): Promise<Uint8Array> {
  const kind = dataKind(estimates)
  const report = {
    title: covered(`Report of ${nameInSentence(estimates.bank.name)}${kind === '' ? '' : ` (${kind})`}`),
    banner: breakable(banner(estimates)),
    software: covered(`${nameInSentence(estimates.software.name)} ${nameInSentence(estimates.software.version)}`),
    summary: summary(estimates).map(({ topic, text }) => ({ topic, text: breakable(text) })),
    figures: figures.map(figureData),
    tables: tables.map(tableData),
    prose: [methodsText(estimates), resultsText(estimates)].map(proseData),
  }
  const main = await readFile(join(import.meta.dirname, 'report.typ'), 'utf8')
  const fontBlobs = await Promise.all(fonts.map((path) => readFile(path)))
  const compiler = NodeCompiler.create({ fontArgs: [{ fontBlobs }], workspace: import.meta.dirname })
  const inputs = { report: JSON.stringify(report) }
  const compiled = compiler.compile({ mainFileContent: main, inputs })
  const document = compiled.result
  if (document === null) {
    const fault = compiled.takeError()
    throw new Error(
      `reportPdf requires a report that Typst can set, got ${JSON.stringify(fault?.shortDiagnostics ?? 'no document')}`,
    )
  }
  return new Uint8Array(compiler.pdf(document, { creationTimestamp: 0 }))
}

/** Text with every character that Arimo lacks as its code point, as in `‹U+65E5›`. */
function covered(text: string, missing = (code: string) => `‹U+${code}›`): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80 || /[\p{Default_Ignorable_Code_Point}\u202F]/u.test(character)) return character
    return arimo.hasGlyphForCodePoint(code) ? character : missing(code.toString(16).toUpperCase().padStart(4, '0'))
  }).join('')
}

/** Covered text in which long words may break, by zero-width spaces. */
function breakable(text: string): string {
  return covered(wordParts(text).join('\u200B'))
}

function figureData({ figure, svg }: PageFigure) {
  if (figure.kind === 'absent' || svg === null)
    return { svg: null, sentence: covered(figure.kind === 'absent' ? figure.sentence : ''), alt: '', caption: '' }
  return {
    svg: covered(svg, () => '□'),
    sentence: '',
    alt: covered(figure.alt),
    caption: breakable(`${figure.title}. ${figure.caption}`),
  }
}

function tableData(table: PaperTable | AbsentTable) {
  if (table.kind === 'absent') return { kind: table.kind, title: table.title, sentence: covered(table.sentence) }
  return {
    kind: table.kind,
    caption: covered(`${table.title}. ${table.caption}`),
    columns: table.columns,
    groups: table.groups.map(({ heading, rows }) => ({
      heading: heading === null ? null : breakable(heading),
      rows: rows.map(({ cells, average }) => ({ average, cells: cells.map(cellData) })),
    })),
    notes: table.notes.map(({ mark, text }) => ({ mark, text: breakable(`${text}.`) })),
  }
}

function cellData(cell: Cell) {
  if (cell.kind !== 'estimate') return { kind: cell.kind, text: breakable(cell.text) }
  return {
    kind: cell.kind,
    value: cell.value === null ? null : points(cell.value),
    interval: cell.low === null || cell.high === null ? '' : ends({ low: cell.low, high: cell.high }),
    bold: cell.bold,
    marks: [...cell.marks, ...(cell.dagger ? ['†'] : [])].join(','),
  }
}

function proseData({ title, paragraphs }: Prose) {
  const text = (piece: Prose['paragraphs'][number][number]) =>
    typeof piece === 'string' ? piece : ` (${piece.cite.map((key) => references[key].short).join('; ')})`
  return { title, paragraphs: paragraphs.map((pieces) => breakable(pieces.map(text).join(''))) }
}
