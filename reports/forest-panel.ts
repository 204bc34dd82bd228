import type { LayerSpec, UnitSpec } from 'vega-lite/types_unstable/spec/index.js'
import type { Arm } from '../cases/schema.ts'
import { armMarks } from './arm-marks.ts'
import { ticks } from './forest-domain.ts'
import { labelAxis } from './label-column.ts'
import type { ScaleUnit } from './scale-unit.ts'
import { wrapText } from './text-width.ts'
import { colours, typeSize } from './theme.ts'

type Layer = LayerSpec<string> | UnitSpec<string>

/** One panel of a forest: its rows are those whose `panel` is `title`. Sizes in points. */
export type Panel = {
  title: string
  width: number
  height: number
  /** Rows from top to bottom. */
  order: readonly string[]
  /** Arms drawn beside each other in a row; one arm needs neither colour nor legend. */
  arms: readonly Arm[]
  domain: readonly [number, number]
  zeroLine: boolean
  axisTitle: string
  unit: ScaleUnit
  /** Width of the column of row labels, or null for a panel without. */
  labelColumn: number | null
}

function placeY({ order, arms }: Panel, axis: object | null) {
  const y = { field: 'label', type: 'nominal', scale: { type: 'band', domain: [...order], padding: 0 }, axis }
  if (arms.length < 2) return { y }
  return { y, yOffset: { field: 'arm', type: 'nominal', scale: { type: 'band', domain: names(arms), paddingOuter: 0.3 } } }
}

function names(arms: readonly Arm[]): string[] {
  return arms.map((arm) => armMarks[arm].name)
}

const colour = { field: 'colour', type: 'nominal', scale: null } as const
const fill = { field: 'fill', type: 'nominal', scale: null } as const

function shape({ arms }: Panel) {
  if (arms.length < 2) return { value: 'circle' }
  const scale = { domain: names(arms), range: arms.map((arm) => armMarks[arm].shape) }
  return { field: 'arm', type: 'nominal', scale, legend: null }
}

/** The numbers of a panel in words, set right in a column of their own. */
export function numberColumn(panel: Panel): UnitSpec<string> {
  return {
    width: panel.width,
    height: panel.height,
    transform: [{ filter: { field: 'panel', equal: panel.title } }],
    mark: { type: 'text', align: 'right' },
    encoding: { ...placeY(panel, null), x: { value: panel.width }, text: { field: 'numbers', type: 'nominal' } },
  } as UnitSpec<string>
}

/** The marks of a panel: zero line, intervals, arrow heads where they are cut, values, diamonds, and words where nothing is. */
export function forestPanel(panel: Panel): LayerSpec<string> {
  const { title, width, height, domain, axisTitle, labelColumn, zeroLine, unit } = panel
  const slack = ((domain[1] - domain[0]) * unit.margin) / (width - 2 * unit.margin)
  const arrows = [domain[0] - slack / 2, domain[1] + slack / 2] as const
  const edges = [domain[0] - slack, domain[1] + slack] as const
  const y = placeY(panel, labelAxis(panel.order, labelColumn))
  const values = ticks(domain, width - 2 * unit.margin, zeroLine ? 0 : domain[0], unit)
  const x = {
    type: 'quantitative',
    title: wrapText(axisTitle, width, typeSize.label),
    scale: { domain: [...edges], nice: false, zero: false },
    axis: { values, format: unit.format(values), grid: !zeroLine },
  }
  const zero = {
    data: { values: [{}] },
    mark: { type: 'rule', strokeDash: [3, 2], strokeWidth: 0.75, color: colours.grey },
    encoding: { x: { ...x, datum: 0 } },
  }
  const layers = [
    ...(zeroLine ? [zero] : []),
    ...intervalLayers(panel, x, y, arrows),
    ...valueLayers(panel, x, y, arrows),
    ...[{ stroke: '#FFFFFF', strokeWidth: 3 }, { color: colours.grey }].map((paint) => ({
      transform: [{ filter: 'datum.value === null' }],
      mark: { type: 'text', fontStyle: 'italic', text: 'no estimate', ...paint },
      encoding: { ...y, x: { value: width / 2 } },
    })),
  ]
  return {
    title: { text: wrapText(title, width, typeSize.heading, 'bold'), frame: 'group' },
    width,
    height,
    transform: [{ filter: { field: 'panel', equal: title } }],
    layer: layers as Layer[],
  }
}

function cut([low, high]: readonly [number, number]): object[] {
  return [
    { calculate: `max(datum.low, ${low})`, as: 'from' },
    { calculate: `min(datum.high, ${high})`, as: 'to' },
  ]
}

function intervalLayers(panel: Panel, x: object, y: object, arrows: readonly [number, number]): object[] {
  const arrow = (test: string, edge: number, head: string) => ({
    transform: [{ filter: `datum.value !== null && datum.low !== null && ${test}` }],
    mark: { type: 'point', shape: head, filled: true, size: 18, strokeWidth: 0, opacity: 1 },
    encoding: { ...y, x: { ...x, datum: edge }, color: colour },
  })
  return [
    {
      transform: [{ filter: 'datum.value !== null && datum.low !== null && datum.model !== null' }, ...cut(arrows)],
      mark: { type: 'rule', strokeWidth: 1 },
      encoding: { ...y, x: { ...x, field: 'from' }, x2: { field: 'to' }, color: colour },
    },
    arrow(`datum.low < ${panel.domain[0]}`, arrows[0], 'triangle-left'),
    arrow(`datum.high > ${panel.domain[1]}`, arrows[1], 'triangle-right'),
  ]
}

// A symbol of size 4 is drawn at scale 1, so its path is in points around the value. Where the interval is no more than
// a point, or there is none, the diamond still shows.
function diamond({ width, domain, arms, unit }: Panel, arrows: readonly [number, number]): object[] {
  const perUnit = (width - 2 * unit.margin) / (domain[1] - domain[0])
  const half = arms.length < 2 ? 4 : 3
  const reach = (distance: string) => `(datum.low === null ? 2 : max(2, (${distance}) * ${perUnit}))`
  return [
    { filter: 'datum.value !== null && datum.model === null' },
    ...cut(arrows),
    {
      calculate: `'M-' + ${reach('datum.value - datum.from')} + ',0L0,-${half}L' + ${reach('datum.to - datum.value')} + ',0L0,${half}Z'`,
      as: 'diamond',
    },
  ]
}

function valueLayers(panel: Panel, x: object, y: object, arrows: readonly [number, number]): object[] {
  return [
    {
      transform: diamond(panel, arrows),
      mark: { type: 'point', shape: { expr: 'datum.diamond' }, size: 4, strokeWidth: 1, strokeJoin: 'round', opacity: 1 },
      encoding: {
        ...y,
        x: { ...x, field: 'value' },
        stroke: colour,
        fill,
      },
    },
    {
      transform: [{ filter: 'datum.value !== null && datum.model !== null' }],
      mark: { type: 'point', size: 26, strokeWidth: 1, opacity: 1 },
      encoding: {
        ...y,
        x: { ...x, field: 'value' },
        shape: shape(panel),
        stroke: colour,
        fill,
      },
    },
  ]
}
