import sharp from 'sharp'

/** What plain pixel rules make of a picture. They know nothing of where the picture comes from. */
export interface Look {
  /** Grey pictures count as radiographs, an orange disc on black as the back of an eye, all else as skin. */
  readonly kind: 'skin' | 'radiograph' | 'fundus'
  /** Share of the view, 0–1, that differs clearly from its usual colour. */
  readonly extent: number
  /** How dark that part is against its surroundings, 0 (equal) to 1 (black). */
  readonly darkness: number
  /** How much that part’s shape changes when it is mirrored about its centre, 0 (not) to 1 (wholly). */
  readonly asymmetry: number
  /** Spread of colours within that part, 0–1. */
  readonly colours: number
  /** How much redder or bluer that part is than its surroundings, −1 to 1. */
  readonly redness: number
  readonly violetness: number
  /** True when a nearly black core lies within a redder rim. */
  readonly blackCore: boolean
  /** In how many separate parts it comes, as a count of at least 0. */
  readonly parts: number
  /** For grey pictures: brightness of the left half of the view minus the right half, −1 to 1. */
  readonly sides: number
}

interface Pixel {
  readonly x: number
  readonly y: number
  readonly r: number
  readonly g: number
  readonly b: number
}

const SIZE = 96
const looked = new WeakMap<Uint8Array, Promise<Look>>()

/**
 * Measures a picture by plain rules on 96 × 96 pixels of its central ellipse; light grey pixels count as glare or paper.
 *
 * @param bytes an encoded image; looked at once per process
 */
export function look(bytes: Uint8Array): Promise<Look> {
  const known = looked.get(bytes)
  if (known !== undefined) return known
  const looking = measure(bytes)
  looked.set(bytes, looking)
  return looking
}

async function measure(bytes: Uint8Array): Promise<Look> {
  const raw = await sharp(bytes).resize(SIZE, SIZE, { fit: 'fill' }).removeAlpha().toColourspace('srgb').raw().toBuffer()
  const all = Array.from({ length: SIZE * SIZE }, (_, i) => ({
    x: i % SIZE,
    y: Math.floor(i / SIZE),
    r: (raw[3 * i] ?? 0) / 255,
    g: (raw[3 * i + 1] ?? 0) / 255,
    b: (raw[3 * i + 2] ?? 0) / 255,
  }))
  const view = all.filter((pixel) => radius(pixel) <= 0.9 && !isPaper(pixel))
  // A lesion can fill more than half of a close-up, so the usual colour is that of the brighter half of the view.
  const bright = view.toSorted((a, b) => brightness(b) - brightness(a)).slice(0, Math.ceil(view.length / 2))
  const usual = { r: median(bright.map(({ r }) => r)), g: median(bright.map(({ g }) => g)), b: median(bright.map(({ b }) => b)) }
  const part = view.filter((pixel) => distance(pixel, usual) > 0.2)
  const core = part.filter((pixel) => brightness(pixel) < 0.2)
  const rim = part.filter((pixel) => brightness(pixel) >= 0.2)
  return {
    kind: kindOf(all, view),
    extent: part.length / Math.max(1, view.length),
    darkness:
      part.length === 0 ? 0 : Math.max(0, 1 - mean(part.map(brightness)) / Math.max(0.01, brightness({ x: 0, y: 0, ...usual }))),
    asymmetry: asymmetry(part),
    colours:
      part.length === 0
        ? 0
        : Math.hypot(spread(part.map(({ r }) => r)), spread(part.map(({ g }) => g)), spread(part.map(({ b }) => b))),
    redness: part.length === 0 ? 0 : mean(part.map(redOf)) - redOf(usual),
    violetness: part.length === 0 ? 0 : mean(part.map(violetOf)) - violetOf(usual),
    blackCore: core.length > 0.01 * view.length && rim.length > 0.3 * core.length && mean(rim.map(redOf)) - redOf(usual) > 0.03,
    parts: countParts(part),
    sides:
      mean(view.filter(({ x }) => x < SIZE / 2).map(brightness)) - mean(view.filter(({ x }) => x >= SIZE / 2).map(brightness)),
  }
}

function kindOf(all: readonly Pixel[], view: readonly Pixel[]): Look['kind'] {
  if (mean(view.map(saturation)) < 0.06) return 'radiograph'
  const corners = all.filter((pixel) => radius(pixel) > 1.25 && pixel.y < SIZE / 2)
  // Dark corners alone are also those of a dermatoscope or of a photo in a dark room; skin sends back more than 0.4 of its red as blue.
  const orange = mean(view.map(({ b }) => b)) < 0.4 * mean(view.map(({ r }) => r))
  return mean(corners.map(brightness)) < 0.12 && orange ? 'fundus' : 'skin'
}

function asymmetry(part: readonly Pixel[]): number {
  if (part.length === 0) return 0
  const cx = mean(part.map(({ x }) => x))
  const cy = mean(part.map(({ y }) => y))
  const at = new Set(part.map(({ x, y }) => y * SIZE + x))
  const lost = (mirror: (pixel: Pixel) => number) => part.filter((pixel) => !at.has(mirror(pixel))).length / part.length
  return Math.max(
    lost(({ x, y }) => y * SIZE + Math.round(2 * cx - x)),
    lost(({ x, y }) => Math.round(2 * cy - y) * SIZE + x),
  )
}

function countParts(part: readonly Pixel[]): number {
  const left = new Set(part.map(({ x, y }) => y * SIZE + x))
  let count = 0
  for (const start of left) {
    const open = [start]
    left.delete(start)
    let size = 0
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      size++
      for (const next of [at - 1, at + 1, at - SIZE, at + SIZE]) if (left.delete(next)) open.push(next)
    }
    if (size >= 4) count++
  }
  return count
}

const brightness = ({ r, g, b }: Pixel) => 0.299 * r + 0.587 * g + 0.114 * b
const saturation = ({ r, g, b }: Pixel) => Math.max(r, g, b) - Math.min(r, g, b)
const redOf = ({ r, g, b }: Pick<Pixel, 'r' | 'g' | 'b'>) => r - (g + b) / 2
const violetOf = ({ r, g, b }: Pick<Pixel, 'r' | 'g' | 'b'>) => (r + b) / 2 - g
const isPaper = (pixel: Pixel) => saturation(pixel) < 0.08 && brightness(pixel) > 0.78
const radius = ({ x, y }: Pixel) => Math.hypot((2 * x) / (SIZE - 1) - 1, (2 * y) / (SIZE - 1) - 1)
const distance = (a: Pick<Pixel, 'r' | 'g' | 'b'>, b: Pick<Pixel, 'r' | 'g' | 'b'>) => Math.hypot(a.r - b.r, a.g - b.g, a.b - b.b)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

function spread(values: readonly number[]): number {
  const centre = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)))
}
