import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { figurePdf } from '../../reports/pdf.ts'
import { plots } from '../../reports/plots.ts'
import { figurePng } from '../../reports/png.ts'
import { renderSvg } from '../../reports/render.ts'
import { richEstimates } from './rich-estimates.ts'

const sizes = ['column', 'full'] as const
type Made = { name: string; size: (typeof sizes)[number]; alt: string; svg: string; pdf: Buffer; png: Buffer }
const made: Made[] = []

beforeAll(async () => {
  const estimates = richEstimates()
  for (const plot of plots)
    for (const size of sizes) {
      const figure = plot(estimates, size)
      if (figure.kind !== 'drawn') throw new Error(`expected a drawn figure, got: ${figure.sentence}`)
      const svg = await renderSvg(figure.spec, figure.alt)
      const words = { title: figure.title, alt: figure.alt }
      made.push({ name: figure.name, size, alt: figure.alt, svg, pdf: figurePdf(svg, size, words), png: figurePng(svg, size) })
    }
})

/** A PDF’s objects as text without their compressed streams: Typst writes no object into a stream. */
function insideOf(pdf: Buffer): string {
  return pdf.toString('latin1').replace(/stream\r?\n.*?endstream/gsu, '')
}

test('every PDF is as wide as it says, tagged with the alternative text, in embedded Arimo, without Type 3 fonts or bitmaps', () => {
  for (const { name, size, pdf } of made) {
    const inside = insideOf(pdf)
    expect(inside, name).toMatch(new RegExp(`/MediaBox\\s*\\[0 0 ${size === 'column' ? 234 : 486} [\\d.]+\\]`, 'u'))
    expect(inside, name).toContain('/StructTreeRoot')
    expect(inside, name).toMatch(/\/Alt\s*[(<]/u)
    expect(inside, name).toMatch(/\/FontName\s*\/[A-Z]{6}\+Arimo/u)
    expect(inside, name).toContain('/FontFile2')
    expect(inside, name).not.toContain('/Type3')
    expect(inside, name).not.toMatch(/\/Subtype\s*\/Image/u)
    expect(
      [...inside.matchAll(/\/FontName\s*\/([A-Za-z0-9+-]*)/gu)].every(([, font]) => font?.includes('Arimo')),
      name,
    ).toBe(true)
    expect(inside, name).not.toMatch(/\/(CreationDate|ModDate)\s*\(D:(?!1970)/u)
  }
})

test('every PNG has 300 dots an inch: 975 or 2025 pixels across, and says so', () => {
  for (const { name, size, png } of made) {
    expect(png.readUInt32BE(16), name).toBe(size === 'column' ? 975 : 2025)
    const at = png.indexOf('pHYs')
    // 300 / 0.0254 = 11811 dots a metre, in the unit metre (1).
    expect([png.readUInt32BE(at + 4), png.readUInt32BE(at + 8), png[at + 12]], name).toEqual([11811, 11811, 1])
  }
})

const present = spawnSync('pdffonts', ['-v']).error === undefined
if (!present)
  process.stderr.write('SKIPPED: tests/reports/formats.test.ts looks at PDFs with pdffonts too, which is not installed\n')

describe.skipIf(!present)('a PDF read by Poppler', () => {
  let root = ''
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'figures-'))
  })
  afterAll(() => rm(root, { recursive: true }))

  test('has only embedded, subset TrueType fonts with a Unicode map, and no image', async () => {
    for (const { name, size, pdf } of made) {
      const file = join(root, `${name}.${size}.pdf`)
      await writeFile(file, pdf)
      const fonts = spawnSync('pdffonts', [file], { encoding: 'utf8' }).stdout.trim().split('\n').slice(2)
      expect(fonts.length, name).toBeGreaterThan(0)
      for (const font of fonts) expect(font).toMatch(/Arimo-\w+\s+CID TrueType\s+Identity-H\s+yes yes yes/u)
      expect(spawnSync('pdfimages', ['-list', file], { encoding: 'utf8' }).stdout.trim().split('\n'), name).toHaveLength(2)
    }
  })
})
