import type { View } from './canvas.ts'
import { ticks } from './forest-domain.ts'
import type { ScaleUnit } from './scale-unit.ts'
import { wrapText } from './text-width.ts'
import { colours, lineHeight, typeSize } from './theme.ts'

/** An axis of a panel with two scales: its words, what it shows, and the ticks. `log` needs a domain above 0. */
export type XyAxis = {
  title: string
  domain: readonly [number, number]
  values: readonly number[]
  format: string
  kind: 'linear' | 'log'
}

/** The frame of a panel with two scales; sizes in points, `left` is the room of the y axis. */
export type XyFrame = { title: string; width: number; height: number; left: number; x: XyAxis; y: XyAxis }

const margin = 6

/** A linear axis over a stretch of a unit’s scale, `room` points long, with a little more at both ends for marks. */
export function linearAxis(title: string, domain: readonly [number, number], unit: ScaleUnit, room: number): XyAxis {
  const values = ticks(domain, room - 2 * margin, Math.max(domain[0], 0), unit)
  const slack = ((domain[1] - domain[0]) * margin) / (room - 2 * margin)
  return { title, domain: [domain[0] - slack, domain[1] + slack], values, format: unit.format(values), kind: 'linear' }
}

function bent({ kind }: XyAxis, value: number): number {
  return kind === 'log' ? Math.log10(value) : value
}

/** Where a value stands on an axis, in points from its low end; `room` is the axis’ length. */
export function placeOn(axis: XyAxis, value: number, room: number): number {
  const [low, high] = [bent(axis, axis.domain[0]), bent(axis, axis.domain[1])]
  return ((bent(axis, value) - low) / (high - low)) * room
}

/** The value at a place on an axis: the inverse of {@link placeOn}. */
export function valueAt(axis: XyAxis, place: number, room: number): number {
  const [low, high] = [bent(axis, axis.domain[0]), bent(axis, axis.domain[1])]
  const value = low + (place / room) * (high - low)
  return axis.kind === 'log' ? 10 ** value : value
}

function channel(axis: XyAxis, extra: object) {
  const { domain, values, format, kind } = axis
  return {
    type: 'quantitative',
    scale: { type: kind, domain: [...domain], nice: false, ...(kind === 'log' ? {} : { zero: false }) },
    axis: { values: [...values], format, grid: true, ...extra },
  }
}

/**
 * A panel with two scales as a Vega-Lite view. The title of the y axis stands above the panel below its name, so that no
 * text is turned. `layers` makes the marks from the two position channels, to which each adds its field or datum.
 */
export function xyPanel(frame: XyFrame, layers: (x: object, y: object) => readonly object[]): View {
  const { title, width, height, left } = frame
  const x = channel(frame.x, { title: wrapText(frame.x.title, width, typeSize.label) })
  const y = channel(frame.y, { title: null, minExtent: left, maxExtent: left })
  const head = title === '' ? wrapText(frame.y.title, width, typeSize.label) : wrapText(title, width, typeSize.heading, 'bold')
  return {
    title: {
      text: head,
      ...(title === ''
        ? { fontSize: typeSize.label, fontWeight: 'normal', lineHeight }
        : { subtitle: wrapText(frame.y.title, width, typeSize.label), subtitleLineHeight: lineHeight }),
      frame: 'group',
    },
    width,
    height,
    layer: layers(x, y),
  }
}

/**
 * The transform that keeps the ends of an interval inside what an axis shows. A clip would do the same, but its name in the
 * SVG would differ from one rendering to the next, and two figures on one page could take each other’s.
 */
export function cutTo(axis: XyAxis, ...fields: readonly string[]): object[] {
  const [low, high] = across(axis)
  return fields.map((field) => ({
    calculate: `isValid(datum.${field}) ? clamp(datum.${field}, ${low}, ${high}) : null`,
    as: field,
  }))
}

/** Both ends of an axis, a little inside, so that the stroke of a line between them does not widen the figure. */
export function across({ domain: [low, high] }: XyAxis): readonly [number, number] {
  return [low + 0.01 * (high - low), high - 0.01 * (high - low)]
}

/** A straight dashed grey line between two points in values of the axes: zero, identity. */
export function guide(x: object, y: object, [x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): object {
  return {
    data: {
      values: [
        { x: x1, y: y1, order: 0 },
        { x: x2, y: y2, order: 1 },
      ],
    },
    mark: { type: 'line', strokeDash: [3, 2], strokeWidth: 0.75, color: colours.grey },
    encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'y' }, order: { field: 'order', type: 'quantitative' } },
  }
}
