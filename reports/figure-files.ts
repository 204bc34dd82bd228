import type { Estimates } from '../analysis/estimate.ts'
import { banner } from './banner.ts'
import type { Figure } from './figure.ts'
import { figureCsv } from './figure-csv.ts'
import { figurePdf } from './pdf.ts'
import type { Plot } from './plots.ts'
import { figurePng } from './png.ts'
import { renderSvg } from './render.ts'
import type { FigureSize } from './theme.ts'

/** A figure at full width with its SVG (null when it is absent), and every file of it: path in the report’s folder to content, null for none. */
export type FigureFiles = { figure: Figure; svg: string | null; files: [string, string | Buffer | null][] }

/**
 * One figure in all its formats, `figures/<name>` with the endings: `.svg`, `.pdf`, `.png` and `.vl.json` at full width (6.75
 * in), the same after `.column` at the width of a column (3.25 in), `.csv` with exactly the plotted numbers and `.txt` with
 * the caption. Equal estimates give equal bytes. An absent figure has only null contents.
 */
export async function figureFiles(plot: Plot, estimates: Estimates): Promise<FigureFiles> {
  const figure = plot(estimates, 'full')
  const path = (ending: string) => `figures/${figure.name}.${ending}`
  const full = await sizedFiles(figure, 'full')
  const column = await sizedFiles(plot(estimates, 'column'), 'column')
  const drawn = figure.kind === 'drawn' ? figure : null
  return {
    figure,
    svg: full.svg,
    files: [
      ...Object.entries(full).map(([ending, content]): [string, string | Buffer | null] => [path(ending), content]),
      ...Object.entries(column).map(([ending, content]): [string, string | Buffer | null] => [path(`column.${ending}`), content]),
      [path('csv'), drawn && figureCsv(drawn.rows, banner(estimates))],
      [path('txt'), drawn && `${drawn.title}. ${drawn.caption} ${banner(estimates)}\n`],
    ],
  }
}

type Sized = { svg: string | null; pdf: Buffer | null; png: Buffer | null; 'vl.json': string | null }

async function sizedFiles(figure: Figure, size: FigureSize): Promise<Sized> {
  if (figure.kind === 'absent') return { svg: null, pdf: null, png: null, 'vl.json': null }
  const { spec, alt, title } = figure
  const svg = await renderSvg(spec, alt)
  return {
    svg,
    pdf: figurePdf(svg, size, { title, alt }),
    png: figurePng(svg, size),
    'vl.json': `${JSON.stringify(spec, null, 2)}\n`,
  }
}
