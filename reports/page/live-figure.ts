import { showNumbers } from './tooltip.ts'

type Mark = { datum?: Readonly<Record<string, unknown>> } | null
type View = { finalize: () => void; addEventListener: (kind: string, heard: (event: unknown, mark: Mark) => void) => void }
type Embed = (place: HTMLElement, spec: unknown, options: unknown) => Promise<{ view: View; finalize: () => void }>

declare const vegaEmbed: Embed

const drawn = new WeakMap<HTMLElement, () => void>()

/**
 * Draws a Vega-Lite specification into a place of the page, in place of what was drawn there. Its expressions are interpreted,
 * never turned into code, since the page allows no code but its own. `picked` is told the data of a mark that is clicked.
 */
export async function drawLive(
  place: HTMLElement,
  spec: object,
  picked: (datum: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  const options = { ast: true, mode: 'vega-lite', actions: false, renderer: 'svg', tooltip: showNumbers }
  const hover = { mark: { tooltip: { content: 'data' } } }
  const config = { ...((spec as { config?: object }).config ?? {}), ...hover }
  drawn.get(place)?.()
  const { view, finalize } = await vegaEmbed(place, { ...spec, config }, options)
  drawn.set(place, finalize)
  // The place itself says what it shows; Vega’s marks have no names that would help.
  place.querySelector('svg')?.setAttribute('aria-hidden', 'true')
  view.addEventListener('click', (_event, mark) => {
    if (mark?.datum !== undefined) picked(mark.datum)
  })
}
