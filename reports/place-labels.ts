import { typeSize } from './theme.ts'

/** A rectangle in points, y downwards. */
export type Box = { left: number; top: number; right: number; bottom: number }

/**
 * Where a label’s middle goes and how far off its mark it stands, in points; `far` when a line should lead to it, because it is
 * far or another mark is nearer.
 */
export type LabelPlace = { x: number; y: number; radius: number; far: boolean }

type Mark = { x: number; y: number; width: number }

const reach = 4
const near = 9
// A label rather stands this many points further away than on one more line.
const onLine = 15
// And this many rather than nearer to another mark than to its own.
const misread = 25
const radii = [0, 3, 7, 12, 18, 26, 36, 48, 64, 84, 110, 140, 180]
const turns = Array.from({ length: 16 }, (_, index) => (index * Math.PI) / 8)

/**
 * Places labels beside marks so that none overlaps another, a mark or the border of the area: greedily, the most crowded
 * mark first, each at the nearest free place, rather off the `lines` (intervals) than on them. Null where no place is free for
 * every label. `width` of a mark is that of its label; labels are one line high. Equal input gives equal places.
 */
export function placeLabels(
  marks: readonly Mark[],
  area: { width: number; height: number },
  lines: readonly Box[],
): LabelPlace[] | null {
  const taken: Box[] = marks.map(({ x, y }) => ({ left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }))
  const crowd = (mark: Mark) => marks.filter((other) => Math.hypot(other.x - mark.x, other.y - mark.y) < 30).length
  const order = [...marks.keys()].sort((a, b) => crowd(marks[b] as Mark) - crowd(marks[a] as Mark) || a - b)
  const places = new Map<number, LabelPlace>()
  for (const index of order) {
    const found = bestPlace(marks[index] as Mark, marks, area, { taken, lines })
    if (found === null) return null
    taken.push(found.box)
    places.set(index, found.place)
  }
  return [...marks.keys()].map((index) => places.get(index) as LabelPlace)
}

function bestPlace(
  own: Mark,
  marks: readonly Mark[],
  area: { width: number; height: number },
  { taken, lines }: { taken: readonly Box[]; lines: readonly Box[] },
): { place: LabelPlace; box: Box } | null {
  const { x, y, width } = own
  const height = typeSize.label + 1
  let best: { place: LabelPlace; box: Box } | null = null
  let least = Number.POSITIVE_INFINITY
  for (const radius of radii) {
    if (radius >= least) break
    for (const turn of turns) {
      // The label’s nearest corner or side stands on the circle, so that it is clear of lines through the mark.
      const across = x + Math.cos(turn) * (reach + 1 + radius) + side(Math.cos(turn)) * (width / 2)
      const down = y - Math.sin(turn) * (reach + 1 + radius) - side(Math.sin(turn)) * (height / 2)
      const box = { left: across - width / 2, top: down - height / 2, right: across + width / 2, bottom: down + height / 2 }
      if (box.left < 0 || box.top < 0 || box.right > area.width || box.bottom > area.height) continue
      if (taken.some((other) => overlap(box, other))) continue
      const unclear = marks.some((other) => other !== own && away(box, other) <= away(box, own))
      const cost = radius + onLine * lines.filter((line) => overlap(box, line)).length + (unclear ? misread : 0)
      if (cost >= least) continue
      least = cost
      best = { place: { x: across, y: down, radius, far: radius > near || unclear }, box }
    }
  }
  return best
}

// Which way a label lies of its mark on one axis: −1, 1, or 0 for straight above, below or beside.
function side(part: number): number {
  return Math.abs(part) < 0.3 ? 0 : Math.sign(part)
}

function away({ left, top, right, bottom }: Box, { x, y }: Mark): number {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom))
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
