import * as vega from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { escapeMarkup } from './html.ts'
import { plainName } from './names.ts'
import { textWidth } from './text-width.ts'

// Without a canvas Vega guesses 0.8 em a letter, which spoils the layout; Arimo's own widths are right.
vega.textMetrics.width = (item, text) =>
  textWidth(text ?? '', item.fontSize ?? 11, item.fontWeight === 'bold' ? 'bold' : 'normal')

/**
 * A Vega-Lite specification drawn as SVG text, its sizes in points, the same bytes for the same input. `alt` becomes the
 * figure's text for who cannot see it. Needs no canvas and no network; a specification with a data address or one that
 * Vega-Lite warns about is refused with an Error.
 */
export async function renderSvg(spec: TopLevelSpec, alt: string): Promise<string> {
  const faults: string[] = []
  const logger = vega.logger(vega.Warn, undefined, (_method, _level, input) => faults.push(input.map(String).join(' ')))
  const loader = { ...vega.loader(), load: (uri: string) => Promise.reject(new Error(`nothing is loaded from ${uri}`)) }
  const view = new vega.View(vega.parse(compile(spec, { logger }).spec), { renderer: 'none', loader, logger })
  const svg = await view.toSVG()
  view.finalize()
  if (faults.length > 0) throw new Error(`renderSvg requires a specification without faults, got: ${faults.join('; ')}`)
  return svg.replace(/^<svg[^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([^"]*)"[^>]*>/u, (_tag, width, height, box) => {
    const size = `width="${width}pt" height="${height}pt" viewBox="${box}"`
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escapeMarkup(plainName(alt))}">`
  })
}
