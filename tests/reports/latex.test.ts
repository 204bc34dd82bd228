import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { latexTable } from '../../reports/latex.ts'
import { latexCell, latexText } from '../../reports/latex-text.ts'
import { paperFiles } from '../../reports/paper-files.ts'
import { deltasPaperTable, scoresPaperTable } from '../../reports/tables-estimates.ts'
import { madeUp } from './estimates.ts'
import { hostileNames } from './hostile.ts'

// Our commands take no argument but an empty one, except \otherscript and \ensuremath.
const ours =
  /\\(?:text[a-z]+|guilsingl(?:left|right)|dots|allowbreak)\{\}|\\ensuremath\{(?:-|\\[a-z]+)\}|\\[{}$&#%_,]|\{[-[\]]\}/gu

function withoutOurs(latex: string): string {
  const scripts = /\\otherscript\{[^\x20-\x7E]\}\{\\guilsinglleft\{\}U\+[0-9A-F]+\\guilsinglright\{\}\\allowbreak\{\}\}/gu
  return latex.replaceAll(scripts, '').replaceAll(ours, '')
}

describe('text', () => {
  test('of any characters holds no command, group or special character but ours', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\\{}$&#%_^~<>"'`[\]|-]*$/u))
    fc.assert(
      fc.property(text, (any) => {
        expect(withoutOurs(latexText(any)).replaceAll('~', any.includes('\u00A0') ? '' : '~')).not.toMatch(/[\\{}$&#%_^~]/u)
      }),
    )
  })

  test('of a cell only gains places where a line may break', () => {
    fc.assert(
      fc.property(fc.string(), (any) => {
        const bare = (latex: string) => latex.replaceAll('\\allowbreak{}', '')
        expect(bare(latexCell(any))).toBe(bare(latexText(any)))
      }),
    )
  })

  test('keeps letters of Latin-1 and shows other scripts by code point where the engine cannot set them', () => {
    expect(latexText('Füß')).toBe('Füß')
    expect(latexText('日')).toBe('\\otherscript{日}{\\guilsinglleft{}U+65E5\\guilsinglright{}\\allowbreak{}}')
  })
})

test('tables are as in the golden files', async () => {
  const estimates = madeUp()
  await expect(latexTable(scoresPaperTable(estimates))).toMatchFileSnapshot('golden/scores.tex')
  await expect(latexTable(deltasPaperTable(estimates))).toMatchFileSnapshot('golden/deltas.tex')
})

test('a table of 40 models goes on over pages', () => {
  const models = Array.from({ length: 40 }, (_, index) => `model-${index}`)
  const table = latexTable(scoresPaperTable(madeUp({ models })))
  expect(table).toContain('\\begin{longtable}')
  expect(models.every((model) => table.includes(`${latexCell(model)} & `))).toBe(true)
})

const [TEX, FIND] = ['pdflatex', 'kpsewhich']
const pdflatex = spawnSync(TEX, ['--version']).status === 0 && spawnSync(FIND, ['siunitx.sty']).status === 0

describe.skipIf(!pdflatex)(`LaTeX${pdflatex ? '' : ' (skipped: no pdflatex with siunitx here)'}`, () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latex-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function compiled(name: string, estimates: Parameters<typeof paperFiles>[0]) {
    const dir = join(folder, name)
    for (const [file, text] of paperFiles(estimates)) {
      if (text === null || !(file.endsWith('.tex') || file.endsWith('.bib'))) continue
      await mkdir(dirname(join(dir, file)), { recursive: true })
      await writeFile(join(dir, file), text)
    }
    const run = (command: string, ...args: string[]) => spawnSync(command, args, { cwd: dir, encoding: 'utf8' })
    const first = run(TEX, '-interaction=nonstopmode', '-halt-on-error', 'minimal.tex')
    const bib = run('bibtex', 'minimal')
    run(TEX, '-interaction=nonstopmode', '-halt-on-error', 'minimal.tex')
    const last = run(TEX, '-interaction=nonstopmode', '-halt-on-error', 'minimal.tex')
    return { status: [first.status, bib.status, last.status], log: last.stdout }
  }

  test('of all tables and words compiles in the minimal document, with every source found', async () => {
    const { status, log } = await compiled('plain', madeUp())
    expect(status).toEqual([0, 0, 0])
    expect(log).not.toContain('undefined')
  })

  test('of hostile names compiles to the same document as any other', async () => {
    const { status, log } = await compiled('hostile', madeUp({ models: hostileNames }))
    expect(status).toEqual([0, 0, 0])
    expect(log).not.toContain('undefined')
  })
})
