import { describe, expect, test } from 'vitest'
import { Estimates } from '../../analysis/estimate.ts'
import { ablationsPlot } from '../../reports/ablations-plot.ts'
import { banner } from '../../reports/banner.ts'
import { deltasPlot } from '../../reports/deltas-plot.ts'
import { dimensionsPlot } from '../../reports/dimensions-plot.ts'
import type { Figure, FigureRow } from '../../reports/figure.ts'
import { renderSvg } from '../../reports/render.ts'
import { scoresPlot } from '../../reports/scores-plot.ts'
import { madeUp, withoutEstimate } from './estimates.ts'

const plots = [scoresPlot, dimensionsPlot, deltasPlot, ablationsPlot]

function drawn<Row extends FigureRow>(figure: Figure<Row>): Extract<Figure<Row>, { kind: 'drawn' }> {
  if (figure.kind !== 'drawn') throw new Error(`expected a drawn figure, got: ${figure.sentence}`)
  return figure
}

/** All text of an SVG in order, without markup; entities read back. */
function textOf(svg: string): string {
  const inside = svg.replace(/<[^>]*>/gu, ' ').replace(/\s+/gu, ' ')
  return inside.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

const hard = {
  'one model': madeUp({ models: ['only'] }),
  'forty models': madeUp({ models: Array.from({ length: 40 }, (_, index) => `model ${index}`) }),
  'names of 60 characters': madeUp({ models: ['x'.repeat(60), `${'long words '.repeat(5)}here`] }),
  'intervals wider than the scale': madeUp({ halfWidth: 9, images: 5, cases: 6 }),
  'one arm more': madeUp({ arms: ['full', 'no-image', 'no-ehr', 'no-image-no-ehr'] }),
  'a model without any estimate': madeUp({
    change: (estimate) => (estimate.model === 'beta' ? withoutEstimate(estimate, 'no case has the score') : estimate),
  }),
  'values without interval': madeUp({ change: (estimate) => ({ ...estimate, intervals: [], df: null, standardError: null }) }),
}

describe('figures', () => {
  test('the made-up estimates of these tests are estimates as analysis writes them', () => {
    expect(Estimates.safeParse(madeUp()).error).toBeUndefined()
  })

  test.each(Object.entries(hard))(
    'figures of %s are drawn exactly 486 points wide with banner and all labels',
    async (_, estimates) => {
      for (const plot of plots) {
        const figure = drawn(plot(estimates))
        const svg = await renderSvg(figure.spec, figure.alt)
        expect(svg).toMatch(/^<svg [^>]*width="486pt" height="\d+pt" viewBox="0 0 486 \d+"/u)
        const text = textOf(svg)
        expect(text.replaceAll(' ', '')).toContain(banner(estimates).replaceAll(' ', ''))
        for (const label of estimates.models) expect(text.replaceAll(' ', '')).toContain(label.replaceAll(' ', ''))
        expect(text).not.toMatch(/NaN|undefined|null/u)
      }
    },
  )

  test('equal estimates give equal bytes', async () => {
    const [once, twice] = [drawn(ablationsPlot(madeUp())), drawn(ablationsPlot(structuredClone(madeUp())))]
    expect(await renderSvg(once.spec, once.alt)).toBe(await renderSvg(twice.spec, twice.alt))
  })

  test('a value and its interval stand in the figure as they stand in the estimates', async () => {
    const estimates = madeUp()
    const figure = drawn(deltasPlot(estimates))
    const text = textOf(await renderSvg(figure.spec, figure.alt))
    for (const row of figure.rows) {
      const source = estimates.estimates.find(
        ({ estimand, measure, model }) =>
          estimand === `${row.panel.toLowerCase()}-delta` && measure === 'safety' && model === row.model,
      )
      expect(row.value).toBe(source?.value)
      expect([row.low, row.high]).toEqual([source?.intervals[0]?.low, source?.intervals[0]?.high])
      expect(text).toContain((row.value ?? 0).toFixed(2).replace('-', '−'))
    }
  })

  test('models stand in the order of their overall score in arm full in every figure, ties by name', () => {
    const scores: Record<string, number> = { zed: 4, beta: 3, alpha: 3, none: 0 }
    const estimates = madeUp({
      models: ['none', 'beta', 'zed', 'alpha'],
      change: (estimate) => {
        if (estimate.model === 'none') return withoutEstimate(estimate, 'no case has the score')
        if (estimate.estimand !== 'mean' || estimate.arm !== 'full' || estimate.measure !== 'overall' || estimate.model === null)
          return estimate
        return { ...estimate, value: scores[estimate.model] ?? null }
      },
    })
    for (const plot of plots) {
      const order = [...new Set(drawn(plot(estimates)).rows.map(({ model }) => model))]
      expect(order).toEqual(['zed', 'alpha', 'beta', 'none', null])
    }
  })

  test('an estimate that is missing is said in the figure and drawn nowhere', async () => {
    const figure = drawn(scoresPlot(hard['a model without any estimate']))
    const count = figure.rows.filter(({ value }) => value === null).length
    const svg = await renderSvg(figure.spec, figure.alt)
    // Each is written twice: once as a white border that keeps grid lines off, once as the words.
    expect(svg.match(/no estimate/gu)).toHaveLength(2 * count)
    expect(count).toBe(1)
    expect(figure.caption).toContain('“no estimate”')
  })

  test('exploratory marks are open and others are not', async () => {
    const open = await renderSvg(drawn(scoresPlot(madeUp({ images: 12 }))).spec, '')
    const closed = await renderSvg(drawn(scoresPlot(madeUp({ images: 40 }))).spec, '')
    const marks = (svg: string) => [...svg.matchAll(/<path [^>]*fill="([^"]*)"[^>]*stroke="(#0072B2)"/gu)].map(([, fill]) => fill)
    expect(new Set(marks(open))).toEqual(new Set(['#FFFFFF']))
    expect(new Set(marks(closed))).toEqual(new Set(['#0072B2']))
  })

  test('the average of models is a diamond as wide as its interval, a small one without interval, and no other mark', async () => {
    const spread = madeUp({ models: ['only'], arms: ['full'] })
    const bare = madeUp({ models: ['only'], arms: ['full'], change: (e) => ({ ...e, intervals: [], exploratory: true }) })
    const diamonds = async (estimates: Estimates) => {
      const svg = await renderSvg(drawn(deltasPlot(estimates)).spec, '')
      // A circle is drawn with arcs: one for the model in each of the two panels, none for the average.
      expect(svg.match(/d="M[^"]*A/gu)).toHaveLength(2)
      return [...svg.matchAll(/d="M(-[\d.]+),0L0,-4L([\d.]+),0L0,4Z?"[^>]*fill="([^"]*)"/gu)].map(([, left, right, fill]) => ({
        width: Number(right) - Number(left),
        fill,
      }))
    }
    const rows = drawn(deltasPlot(spread)).rows
    const [wide = [], small] = [await diamonds(spread), await diamonds(bare)]
    const averages = rows.filter(({ model }) => model === null).map(({ low, high }) => (high ?? 0) - (low ?? 0))
    expect(wide).toHaveLength(2)
    const [first, second] = wide.map(({ width }, index) => width / (averages[index] ?? 0))
    // Both panels have one scale and nearly one width, so points of a diamond for each point of its interval agree.
    expect((first ?? 0) / (second ?? 1)).toBeCloseTo(1, 1)
    expect(first).toBeGreaterThan(10)
    expect(small).toEqual(Array(2).fill({ width: 4, fill: '#FFFFFF' }))
  })

  test('without any value a figure is a sentence with the reason', () => {
    const none = madeUp({ change: (estimate) => withoutEstimate(estimate, 'no malignant case has the score') })
    for (const plot of plots) {
      const figure = plot(none)
      expect(figure.kind).toBe('absent')
      if (figure.kind === 'absent') expect(figure.sentence).toContain('no malignant case has the score')
    }
    const full = ablationsPlot(madeUp({ arms: ['full'] }))
    expect(full).toMatchObject({ kind: 'absent', sentence: expect.stringContaining('this run holds no estimate of it') })
  })

  test('a stratum without cases leaves the other panel and says why in the caption', () => {
    const figure = drawn(
      deltasPlot(madeUp({ change: (e) => (e.estimand === 'rare-delta' ? withoutEstimate(e, 'no rare case has the score') : e) })),
    )
    expect(new Set(figure.rows.map(({ panel }) => panel))).toEqual(new Set(['Malignant']))
    expect(figure.caption).toContain('Not drawn: Rare (no rare case has the score).')
  })

  test('where the first panel cannot be drawn the numbers stand beside the next', async () => {
    const figure = drawn(
      ablationsPlot(madeUp({ change: (e) => (e.measure === 'overall' ? withoutEstimate(e, 'no case has every score') : e) })),
    )
    const text = textOf(await renderSvg(figure.spec, figure.alt))
    for (const row of figure.rows.filter(({ panel }) => panel === 'Safety'))
      expect(text).toContain(`${(row.value ?? 0).toFixed(2).replace('-', '−')} [`)
  })

  test('two names that look alike keep a row each', () => {
    const figure = drawn(scoresPlot(madeUp({ models: ['Average of models', '', '(no name)'] })))
    expect(new Set(figure.rows.map(({ label }) => label)).size).toBe(4)
  })

  test('a specification with an address to load is refused', async () => {
    const spec = { data: { url: 'https://example.org/a.json' }, mark: 'point', encoding: {} } as const
    await expect(renderSvg(spec, '')).rejects.toThrow('https://example.org/a.json')
  })
})
