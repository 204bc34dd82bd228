import type { LegendEntry } from './canvas.ts'
import { type Box, type LabelPlace, placeLabels } from './place-labels.ts'
import { textWidth } from './text-width.ts'
import { colours, typeSize } from './theme.ts'
import { placeOn, valueAt, type XyFrame } from './xy-panel.ts'

/** A point of a panel with its row label; intervals on either scale are kept free of labels where there is room. */
export type LabelledPoint = {
  label: string
  x: number
  y: number
  xLow?: number | null
  xHigh?: number | null
  yLow?: number | null
  yHigh?: number | null
}

/** Labels of a panel’s points: a row a label with its place in values of the axes, and whether numbers stand for names. */
export type PointLabels = {
  values: { text: string; x: number; y: number; markX: number; markY: number; far: boolean }[]
  numbered: boolean
}

const mostNames = 12
// Names further than this from their marks are hard to follow; numbers take less room and stand nearer.
const farthestName = 18

/**
 * Names beside points where all find a free place near their mark (18 points at most); else numbers, counted in the order of `order`. With
 * `numbers` they are numbers in any case. Where even numbers find no room the points stand without labels.
 */
export function pointLabels(
  frame: XyFrame,
  points: readonly LabelledPoint[],
  order: readonly string[],
  numbers: boolean,
): PointLabels {
  const named =
    numbers || points.length > mostNames
      ? null
      : place(
          frame,
          points,
          points.map(({ label }) => label),
        )
  if (named?.every(({ radius }) => radius <= farthestName))
    return {
      values: located(
        frame,
        points,
        points.map(({ label }) => label),
        named,
      ),
      numbered: false,
    }
  const texts = points.map(({ label }) => String(order.indexOf(label) + 1))
  const places = place(frame, points, texts)
  return { values: places === null ? [] : located(frame, points, texts, places), numbered: true }
}

/** The legend of numbers in place of names. */
export function numberKey(order: readonly string[]): LegendEntry[] {
  return order.map((text, index) => ({ key: String(index + 1), text }))
}

function place(frame: XyFrame, points: readonly LabelledPoint[], texts: readonly string[]): LabelPlace[] | null {
  const { width, height, x, y } = frame
  const across = (value: number) => placeOn(x, value, width)
  const down = (value: number) => height - placeOn(y, value, height)
  const marks = points.map((point, index) => ({
    x: across(point.x),
    y: down(point.y),
    width: textWidth(texts[index] ?? '', typeSize.label) + 1,
  }))
  const lines = points.flatMap((point): Box[] => [
    ...(point.xLow != null && point.xHigh != null
      ? [{ left: across(point.xLow), right: across(point.xHigh), top: down(point.y) - 1, bottom: down(point.y) + 1 }]
      : []),
    ...(point.yLow != null && point.yHigh != null
      ? [{ left: across(point.x) - 1, right: across(point.x) + 1, top: down(point.yHigh), bottom: down(point.yLow) }]
      : []),
  ])
  return placeLabels(marks, { width, height }, lines)
}

function located(
  frame: XyFrame,
  points: readonly LabelledPoint[],
  texts: readonly string[],
  places: readonly LabelPlace[],
): PointLabels['values'] {
  return points.map((point, index) => {
    const { x, y, far } = places[index] as LabelPlace
    return {
      text: texts[index] ?? '',
      x: valueAt(frame.x, x, frame.width),
      y: valueAt(frame.y, frame.height - y, frame.height),
      markX: point.x,
      markY: point.y,
      far,
    }
  })
}

/** The layers of a panel that write its labels, on a white border, with a thin line to marks that are far. */
export function labelLayers(x: object, y: object, { values }: PointLabels): object[] {
  if (values.length === 0) return []
  const text = (paint: object) => ({
    data: { values },
    mark: { type: 'text', baseline: 'middle', ...paint },
    encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'y' }, text: { field: 'text', type: 'nominal' } },
  })
  const leader = {
    data: { values: values.filter(({ far }) => far) },
    mark: { type: 'rule', strokeWidth: 0.4, color: colours.grey },
    encoding: { x: { ...x, field: 'markX' }, y: { ...y, field: 'markY' }, x2: { field: 'x' }, y2: { field: 'y' } },
  }
  return [
    ...(values.some(({ far }) => far) ? [leader] : []),
    text({ stroke: '#FFFFFF', strokeWidth: 2 }),
    text({ color: colours.black }),
  ]
}
