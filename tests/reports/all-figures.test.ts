import { describe, expect, test } from 'vitest'
import { Estimates } from '../../analysis/estimate.ts'
import { banner } from '../../reports/banner.ts'
import type { Figure } from '../../reports/figure.ts'
import { figureCsv } from '../../reports/figure-csv.ts'
import { figureFiles } from '../../reports/figure-files.ts'
import { plainName } from '../../reports/names.ts'
import { plots } from '../../reports/plots.ts'
import { renderSvg } from '../../reports/render.ts'
import { isShown } from '../../reports/text-width.ts'
import { figureWidth } from '../../reports/theme.ts'
import { withoutEstimate } from './estimates.ts'
import { richEstimates } from './rich-estimates.ts'

const sizes = ['column', 'full'] as const

function drawn(figure: Figure): Extract<Figure, { kind: 'drawn' }> {
  if (figure.kind !== 'drawn') throw new Error(`expected a drawn figure, got: ${figure.sentence}`)
  return figure
}

/** All text of an SVG without markup and spaces; entities read back. */
function textOf(svg: string): string {
  const inside = svg.replace(/<[^>]*>/gu, ' ').replace(/\s+/gu, '')
  return inside.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

const empty = { comparisons: [], jury: [], descriptions: [] }
const bare = (estimates: Estimates): Estimates => ({
  ...estimates,
  comparisons: { ...estimates.comparisons, pairs: empty.comparisons, rankings: [], interactions: [] },
  jury: { ...estimates.jury, pairs: [], calibration: [] },
  rates: [],
  descriptions: { distributions: [], scorePoints: [], costs: [], byReplies: [] },
  exclusions: [],
})
const noBeta = richEstimates({ change: (one) => (one.model === 'beta' ? withoutEstimate(one, 'no case has the score') : one) })

const hard: Record<string, Estimates> = {
  'a plain run': richEstimates(),
  'one model': richEstimates({ models: ['only'] }),
  'forty models': richEstimates({ models: Array.from({ length: 40 }, (_, index) => `model ${index}`) }),
  'names of 60 characters': richEstimates({ models: ['x'.repeat(60), `${'long words '.repeat(5)}here`, 'short'] }),
  'names in other scripts': richEstimates({ models: ['модель', '模型一', 'مُوذج', 'plain', '\u202Ertl', '<b>&"'] }),
  'no labels, comparisons or descriptions': bare(richEstimates()),
  'no clinicians’ labels': { ...richEstimates(), descriptions: { ...richEstimates().descriptions, scorePoints: [] } },
  'an empty stratum': richEstimates({
    change: (one) => (one.estimand === 'rare-delta' ? withoutEstimate(one, 'no rare case') : one),
  }),
  'a model without any score': {
    ...noBeta,
    descriptions: {
      ...noBeta.descriptions,
      distributions: noBeta.descriptions.distributions.map((one) =>
        one.model === 'beta' ? { ...one, levels: [0, 0, 0, 0, 0], nConversations: 0, nMissing: 60 } : one,
      ),
    },
  },
  'intervals wider than the scale': richEstimates({ halfWidth: 9, images: 16, cases: 18 }),
  'values without interval': richEstimates({ change: (one) => ({ ...one, intervals: [], df: null, standardError: null }) }),
}

describe.each(Object.entries(hard))('figures of %s', (_, estimates) => {
  test('these estimates are estimates as analysis writes them', () => {
    expect(Estimates.safeParse(estimates).error).toBeUndefined()
  })

  test.each(plots.map((plot) => [plot.name, plot] as const))(
    '%s is exactly as wide as a column or a page, or a sentence',
    async (_name, plot) => {
      for (const size of sizes) {
        const figure = plot(estimates, size)
        if (figure.kind === 'absent') {
          expect(figure.sentence).toMatch(/^There is no figure of .{10,}\.$/su)
          continue
        }
        const svg = await renderSvg(figure.spec, figure.alt)
        const width = figureWidth[size]
        expect(svg).toMatch(new RegExp(`^<svg [^>]*width="${width}pt" height="\\d+pt" viewBox="0 0 ${width} \\d+"`, 'u'))
        const text = textOf(svg)
        expect(text).toContain(banner(estimates).replaceAll(' ', ''))
        expect(text).not.toMatch(/NaN|undefined|null|Infinity/u)
        // Nothing is drawn at a place that is no number, and no axis stands without a mark.
        expect(svg).not.toMatch(/NaN|Infinity/u)
        expect(figure.rows.length).toBeGreaterThan(0)
        expect(figure.caption).not.toMatch(/NaN|undefined|null|Infinity/u)
        // Type is 7 or 8 points.
        expect(new Set([...svg.matchAll(/font-size="([^"]*)"/gu)].map(([, points]) => points))).toEqual(
          new Set(['7px', '8px'].filter((one) => svg.includes(`"${one}"`))),
        )
        for (const model of new Set(figure.rows.flatMap((row) => (typeof row.model === 'string' ? [row.model] : [])))) {
          const name = plainName(model).replaceAll(' ', '')
          expect(isShown(name) ? text : figure.caption.replaceAll(' ', '')).toContain(name)
        }
      }
    },
  )
})

describe('figures of a plain run', () => {
  const estimates = richEstimates()

  test.each(plots.map((plot) => [plot(estimates).name, plot] as const))(
    '%s keeps its specification, caption and numbers',
    async (name, plot) => {
      const full = drawn(plot(estimates))
      await expect(`${JSON.stringify(full.spec, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.vl.json`)
      await expect(`${full.caption}\n`).toMatchFileSnapshot(`golden/${name}.txt`)
      await expect(figureCsv(full.rows, banner(estimates))).toMatchFileSnapshot(`golden/${name}.csv`)
    },
  )

  test('numbers and captions do not depend on the width', () => {
    for (const plot of plots) {
      const [full, column] = [drawn(plot(estimates)), drawn(plot(estimates, 'column'))]
      expect(column.rows).toEqual(full.rows)
      // A matrix may say in its caption that numbers had no room.
      if (full.name !== 'pairs') expect(column.caption).toBe(full.caption)
    }
  })

  test('all fourteen are drawn, each under a name of its own, and models stand in one order', () => {
    const figures = plots.map((plot) => drawn(plot(estimates)))
    expect(new Set(figures.map(({ name }) => name)).size).toBe(14)
    const [first] = figures
    const order = [...new Set(first?.rows.flatMap(({ model }) => (typeof model === 'string' ? [model] : [])))]
    for (const { rows, name } of figures) {
      const own = [...new Set(rows.flatMap(({ model }) => (typeof model === 'string' ? [model] : [])))]
      if (own.length > 0) expect(own, name).toEqual(order)
    }
  })

  test('equal estimates give equal bytes in every format', async () => {
    for (const plot of plots) {
      const [once, twice] = [await figureFiles(plot, estimates), await figureFiles(plot, structuredClone(estimates))]
      expect(once.files.map(([path]) => path)).toHaveLength(10)
      for (const [index, [path, content]] of once.files.entries()) {
        const other = twice.files[index]?.[1] ?? ''
        expect(Buffer.from(content ?? '').equals(Buffer.from(other)), path).toBe(true)
        expect(content?.length, path).toBeGreaterThan(50)
      }
    }
  })
})

test('two points as close as can be keep both their labels, apart from each other', async () => {
  const models = ['one', 'two', 'three', 'four', 'five', 'six']
  const estimates = richEstimates({
    models,
    change: (one) => (one.estimand === 'mean' && one.model !== null ? { ...one, value: 3 } : one),
  })
  const plot = plots.find((one) => one.name === 'safetyAccuracyPlot')
  if (plot === undefined) throw new Error('expected the plot of safety against accuracy')
  const text = textOf(await renderSvg(drawn(plot(estimates, 'column')).spec, ''))
  for (const model of models) expect(text).toContain(model)
})
