import { byId, element, visibleText } from './dom.ts'

type Datum = Readonly<Record<string, unknown>>

const TITLES: Readonly<Record<string, string>> = {
  panel: 'Panel',
  label: 'Row',
  arm: 'Arm',
  measure: 'Measure',
  value: 'Value',
  low: 'Interval from',
  high: 'to',
  interval: 'Interval by',
  cases: 'Cases',
  casesLeftOut: 'Cases left out',
  images: 'Images',
  exploratory: 'Exploratory',
  reason: 'Note',
}

// What only says how a mark is drawn.
const LOOKS = new Set(['colour', 'fill', 'shape', 'diamond', 'from', 'to', 'numbers', 'model', 'level', 'estimand', 'armId'])

function words(value: unknown): string | null {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(3).replace('-', '−')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' && value !== '' ? visibleText(value).replaceAll('\n', ' ') : null
}

// Known fields first in a fixed order, then what else the figure gives; none for a bare mark.
function numberLines(datum: Datum): [string, string][] {
  const known = Object.keys(TITLES).filter((key) => key in datum)
  const other = Object.keys(datum).filter(
    (key) => !(key in TITLES) && !LOOKS.has(key) && /^[a-z]\w*$/i.test(key) && !key.endsWith('_sort_index'),
  )
  return [...known, ...other].flatMap((key): [string, string][] => {
    const text = words(datum[key])
    return text === null ? [] : [[TITLES[key] ?? key, text]]
  })
}

/** Shows the numbers of the mark under the pointer beside it, or hides them when there is none. For vega-embed’s `tooltip`. */
export function showNumbers(_handler: unknown, event: MouseEvent, item: { datum?: Datum } | null, value: unknown): void {
  const box = byId('numbers')
  const lines = value === null || value === undefined || value === '' ? [] : numberLines(item?.datum ?? {})
  box.hidden = lines.length === 0
  if (box.hidden) return
  box.replaceChildren(element('dl', {}, ...lines.flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, text)])))
  const { width, height } = box.getBoundingClientRect()
  box.style.left = `${Math.max(4, Math.min(event.clientX + 14, window.innerWidth - width - 8))}px`
  box.style.top = `${event.clientY + 14 + height > window.innerHeight ? Math.max(4, event.clientY - height - 10) : event.clientY + 14}px`
}
