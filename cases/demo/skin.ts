import { at, between, open, type Point, px, type Random, repeat, wander } from './shapes.ts'

interface SkinTone {
  readonly light: string
  readonly base: string
  readonly shade: string
}

/** Three tones of skin for the drawings; they stand on no rating scale. */
export const TONES = {
  light: { light: '#f6d9c6', base: '#ecc4ac', shade: '#cf9c82' },
  medium: { light: '#d9a67f', base: '#c78f66', shade: '#9a6846' },
  dark: { light: '#8d5c40', base: '#75482f', shade: '#4d2d1c' },
} as const satisfies Record<string, SkinTone>

/** The filters and gradients that the pictures of skin share; belongs into the SVG's `defs`. */
export function skinDefs(tone: SkinTone, grainSeed: number): string {
  return `
<radialGradient id="skin" cx="0.42" cy="0.36" r="0.85">
  <stop offset="0" stop-color="${tone.light}"/><stop offset="0.55" stop-color="${tone.base}"/><stop offset="1" stop-color="${tone.shade}"/>
</radialGradient>
<filter id="mottle" x="0" y="0" width="1" height="1">
  <feTurbulence type="fractalNoise" baseFrequency="0.018" numOctaves="2" seed="${grainSeed}"/>
  <feColorMatrix values="0 0 0 0 0.55  0 0 0 0 0.2  0 0 0 0 0.15  0.9 0 0 0 -0.36"/>
</filter>
${blur('soft', 1)}${blur('softer', 3.5)}${blur('cloud', 9)}${blur('mist', 22)}`
}

/** A blur filter that reaches well beyond what it is put on. */
export function blur(id: string, deviation: number): string {
  return `<filter id="${id}" x="-0.6" y="-0.6" width="2.2" height="2.2"><feGaussianBlur stdDeviation="${deviation}"/></filter>`
}

/** Healthy skin that fills the picture: light from the upper left, blotches, fine furrows, pores. */
export function skin(random: Random, tone: SkinTone, width: number, height: number): string {
  const furrow = (heading: number) => {
    const from: Point = [between(random, -40, width), between(random, -20, height)]
    return `<path d="${open(wander(random, from, heading, 7, 16, 0.35))}"/>`
  }
  const pore = () =>
    `<circle cx="${px(between(random, 0, width))}" cy="${px(between(random, 0, height))}" r="${px(between(random, 0.8, 1.9))}"/>`
  return `<rect width="${width}" height="${height}" fill="url(#skin)"/>
<rect width="${width}" height="${height}" filter="url(#mottle)" opacity="0.45"/>
<g fill="none" stroke="${tone.shade}" stroke-width="1.1" opacity="0.3">${repeat(70, () => furrow(0.35))}${repeat(70, () => furrow(-0.75))}</g>
<g fill="${tone.shade}" opacity="0.35">${repeat(160, pore)}</g>`
}

/** Short body hairs, all lying in about the same direction. */
export function hairs(random: Random, count: number, colour: string, width: number, height: number): string {
  const hair = () => {
    const from: Point = [between(random, 0, width), between(random, 0, height)]
    return `<path d="${open(wander(random, from, between(random, 0.5, 1.2), 5, between(random, 7, 12), 0.2))}"/>`
  }
  return `<g fill="none" stroke="${colour}" stroke-width="1.2" stroke-linecap="round" opacity="0.55">${repeat(count, hair)}</g>`
}

/** Fine vessels that branch: `count` trunks from the given starting points towards `centre` and past it. */
export function fineVessels(random: Random, starts: readonly Point[], centre: Point, colour: string): string {
  const lines = starts.map(([x, y]) => {
    const heading = Math.atan2(centre[1] - y, centre[0] - x)
    const trunk = wander(random, [x, y], heading + between(random, -0.5, 0.5), 7, 8, 0.45)
    const fork = trunk[3] ?? [x, y]
    const twig = wander(random, fork, heading + between(random, 0.5, 1.1), 4, 7, 0.5)
    return `<path stroke-width="2" d="${open(trunk)}"/><path stroke-width="1.2" d="${open(twig)}"/>`
  })
  return `<g fill="none" stroke="${colour}" stroke-linecap="round" opacity="0.8">${lines.join('')}</g>`
}

/** A bright spot of reflected light. */
export function gleam([x, y]: Point, rx: number, ry: number, opacity: number): string {
  return `<ellipse transform="translate(${at([x, y])}) rotate(-28)" rx="${px(rx)}" ry="${px(ry)}" fill="#fff" opacity="${opacity}" filter="url(#softer)"/>`
}
