import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A source of numbers in [0, 1) that gives the same series for the same seed. */
export type Random = () => number

/** A point in pixels of the picture; y grows downwards. */
export type Point = readonly [x: number, y: number]

/** Opens the series of numbers that belongs to `seed`, a 32-bit integer. */
export function seeded(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}

/** A number between `low` (included) and `high` (excluded). */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random()
}

/** `count` values made one after the other, joined into one piece of SVG. */
export function repeat(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => make(index)).join('')
}

/**
 * The path data of a closed, smooth outline: an ellipse whose radius swings by up to about `rough` of itself.
 *
 * @param rough 0 gives the ellipse; 0.3 gives a ragged patch
 */
export function blob(random: Random, [x, y]: Point, rx: number, ry: number, rough: number): string {
  const waves = [2, 3, 5, 8].map((frequency) => ({
    frequency,
    phase: between(random, 0, 2 * Math.PI),
    height: between(random, 0.5, 1) / frequency ** 0.7,
  }))
  const points = Array.from({ length: 40 }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / 40
    const swing = waves.reduce((sum, wave) => sum + wave.height * Math.sin(wave.frequency * angle + wave.phase), 0)
    const radius = 1 + rough * swing
    return [x + rx * radius * Math.cos(angle), y + ry * radius * Math.sin(angle)]
  })
  return closed(points)
}

function closed(points: readonly Point[]): string {
  const middles = points.map((point, i) => middle(point, points[(i + 1) % points.length] ?? point))
  const start = middles.at(-1)
  if (start === undefined) throw new RangeError('closed requires at least one point, got none')
  return `M${at(start)}${points.map((point, i) => `Q${at(point)} ${at(middles[i] ?? point)}`).join('')}Z`
}

/** A line that wanders: `steps` pieces of `length` pixels, turning by up to `bend` radians at each. */
export function wander(random: Random, from: Point, heading: number, steps: number, length: number, bend: number): Point[] {
  const points: Point[] = [from]
  let [x, y] = from
  let angle = heading
  for (let i = 0; i < steps; i++) {
    angle += between(random, -bend, bend)
    x += length * Math.cos(angle)
    y += length * Math.sin(angle)
    points.push([x, y])
  }
  return points
}

/** The path data of a smooth open line through the points. */
export function open(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) throw new RangeError('open requires at least one point, got none')
  return `M${at(first)}${rest.map((point, i) => `Q${at(point)} ${at(middle(point, rest[i + 1] ?? point))}`).join('')}`
}

/** A point inside the ellipse, evenly spread over its area. */
export function inside(random: Random, [x, y]: Point, rx: number, ry: number): Point {
  const angle = between(random, 0, 2 * Math.PI)
  const reach = Math.sqrt(random())
  return [x + rx * reach * Math.cos(angle), y + ry * reach * Math.sin(angle)]
}

/** A number as SVG writes it here: to a tenth of a pixel, so that the drawing does not hang on the last bits of a sine. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** A point as SVG path data. */
export function at([x, y]: Point): string {
  return `${px(x)} ${px(y)} `
}

function middle([ax, ay]: Point, [bx, by]: Point): Point {
  return [(ax + bx) / 2, (ay + by) / 2]
}
