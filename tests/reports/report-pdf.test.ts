import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Estimates } from '../../analysis/estimate.ts'
import { ablationsPlot } from '../../reports/ablations-plot.ts'
import { deltasPlot } from '../../reports/deltas-plot.ts'
import type { PageFigure } from '../../reports/page.ts'
import { paperTables } from '../../reports/paper-files.ts'
import { renderSvg } from '../../reports/render.ts'
import { reportPdf } from '../../reports/report-pdf.ts'
import { scoresPlot } from '../../reports/scores-plot.ts'
import { madeUp } from './estimates.ts'
import { hostileNames } from './hostile.ts'

async function made(estimates: Estimates): Promise<Buffer> {
  const figures = [scoresPlot, deltasPlot, ablationsPlot].map(async (plot): Promise<PageFigure> => {
    const figure = plot(estimates)
    return { figure, svg: figure.kind === 'drawn' ? await renderSvg(figure.spec, figure.alt) : null }
  })
  return Buffer.from(await reportPdf(estimates, await Promise.all(figures), paperTables(estimates)))
}

/** All objects of a PDF in clear: its bytes and every stream that zlib can open. */
function opened(pdf: Buffer): string {
  const text = pdf.toString('latin1')
  const streams = [...text.matchAll(/stream\r?\n/gu)].map(({ index, 0: head }) => {
    const end = text.indexOf('endstream', index)
    try {
      return inflateSync(pdf.subarray(index + head.length, end)).toString('latin1')
    } catch {
      return ''
    }
  })
  return [text, ...streams].join('\n')
}

test('equal estimates give equal bytes', async () => {
  expect((await made(madeUp())).equals(await made(structuredClone(madeUp())))).toBe(true)
})

test('the report is tagged, its fonts are embedded Arimo, none is Type 3, and figures are no bitmaps', async () => {
  const objects = opened(await made(madeUp()))
  expect(objects.startsWith('%PDF-1.7')).toBe(true)
  expect(objects).toMatch(/\/StructTreeRoot/u)
  expect(objects).toMatch(/\/FontFile2/u)
  expect(objects).not.toMatch(/\/Type3/u)
  expect(objects).not.toMatch(/\/Subtype\s*\/Image/u)
  const fonts = new Set([...objects.matchAll(/\/BaseFont\s*\/[A-Z]{6}\+([A-Za-z]+)/gu)].map(([, name]) => name))
  expect(fonts).toEqual(new Set(['Arimo']))
})

const TEXT = 'pdftotext'
const pdftotext = spawnSync(TEXT, ['-v']).status === 0

describe.skipIf(!pdftotext)(`text of the PDF${pdftotext ? '' : ' (skipped: no pdftotext here)'}`, () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pdf-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function pages(estimates: Estimates): Promise<string[]> {
    const file = join(folder, 'report.pdf')
    await writeFile(file, await made(estimates))
    const { stdout } = spawnSync(TEXT, ['-layout', file, '-'], { encoding: 'utf8' })
    return stdout.split('\f').filter((page) => page.trim() !== '')
  }

  test('holds the banner on every page', async () => {
    const all = await pages(madeUp())
    expect(all.length).toBeGreaterThan(2)
    for (const page of all) expect(page.replaceAll(/\s+/gu, ' ')).toContain('Simulated data: all 3 models are embedded rules')
  })

  test('shows hostile names as they are written, other scripts by code point', async () => {
    const text = (await pages(madeUp({ models: hostileNames }))).join(' ').replaceAll(/[\s\u200B]+/gu, '')
    for (const part of [
      '\\input{/etc/passwd}%$&#_^~{}',
      '<script>alert(1)</script>',
      '#settext(red)$x$@cite',
      '‹U+65E5›',
      '‹U+202E›',
    ])
      expect(text).toContain(part)
  })
})

test('40 models, one model and no estimates at all can be set', async () => {
  const forty = Array.from({ length: 40 }, (_, index) => `model-${index}`)
  for (const estimates of [
    madeUp({ models: forty }),
    madeUp({ models: ['one'], arms: ['full'] }),
    { ...madeUp(), estimates: [], exclusions: [] },
  ])
    expect((await made(estimates)).length).toBeGreaterThan(10_000)
})
