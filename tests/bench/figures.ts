import { figureFiles } from '../../reports/figure-files.ts'
import { plots } from '../../reports/plots.ts'
import { richEstimates } from '../reports/rich-estimates.ts'

const MOST_SECONDS = 8

/** Time of all figures in all formats at both widths, of made-up estimates of 8 models × 4 arms, one run; as lines to print. */
export async function* figureLines(): AsyncGenerator<string> {
  yield 'All figures in SVG, PDF, PNG and Vega-Lite JSON at both widths, 8 models × 4 arms, one run'
  const estimates = richEstimates({ models: Array.from({ length: 8 }, (_, index) => `model-${index + 1}`) })
  const start = performance.now()
  let count = 0
  for (const plot of plots) {
    const from = performance.now()
    const { figure, files } = await figureFiles(plot, estimates)
    count += files.filter(([, content]) => content !== null).length
    yield `${figure.name.padEnd(16)} ${((performance.now() - from) / 1000).toFixed(2)} s`
  }
  const seconds = (performance.now() - start) / 1000
  yield `${count} files in ${seconds.toFixed(1)} s; goal under ${MOST_SECONDS} s: ${seconds < MOST_SECONDS ? 'met' : 'NOT met'}`
}
