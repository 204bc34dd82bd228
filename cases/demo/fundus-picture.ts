import { between, blob, inside, open, type Point, px, type Random, repeat, wander } from './shapes.ts'
import { blur } from './skin.ts'
import type { Picture } from './skin-pictures.ts'

const DISC: Point = [362, 226]
const MACULA: Point = [214, 244]

/** The back of an eye: orange on black, with a pale disc, vessels, many bleeds, yellow flecks and a tuft of fine new vessels. */
export function eyeFundus(random: Random, width: number, height: number): Picture {
  const [x, y] = DISC
  const arcade = (heading: number, bend: number, thick: number, colour: string) => {
    const trunk = arc(random, heading, bend)
    const twigs = [3, 5, 7, 9].map((i, k) => {
      const from = trunk[i] ?? DISC
      const ahead = trunk[i + 1] ?? from
      const way = Math.atan2(ahead[1] - from[1], ahead[0] - from[0]) + (k % 2 === 0 ? 0.7 : -0.7)
      return `<path stroke-width="${px(thick * 0.45)}" d="${open(wander(random, from, way, 6, 13, 0.25))}"/>`
    })
    return `<g stroke="${colour}"><path stroke-width="${px(thick)}" d="${open(trunk)}"/>${twigs.join('')}</g>`
  }
  const blot = () => {
    const at = inside(random, [248, 236], 175, 165)
    return `<path d="${blob(random, at, between(random, 2.5, 8), between(random, 2.5, 7), 0.2)}"/>`
  }
  const flame = () => {
    const from = inside(random, [270, 236], 120, 140)
    const away = Math.atan2(from[1] - y, from[0] - x)
    const streak = () => `<path d="${open(wander(random, from, away + between(random, -0.25, 0.25), 4, 7, 0.15))}"/>`
    return repeat(5, streak)
  }
  const fleck = () => {
    const angle = between(random, 0, 2 * Math.PI)
    const reach = between(random, 20, 62)
    const at: Point = [MACULA[0] - 14 + reach * Math.cos(angle), MACULA[1] + 12 + reach * 0.8 * Math.sin(angle)]
    return `<path d="${blob(random, at, between(random, 2, 6.5), between(random, 1.8, 5), 0.25)}"/>`
  }
  const tuft = () => `<path d="${open(wander(random, [x + 8, y - 14], between(random, -2.9, 0.3), 7, 9, 0.8))}"/>`
  const wool = (at: Point) => `<path d="${blob(random, at, 15, 10, 0.2)}"/>`
  const defs = `${blur('soft', 0.8)}${blur('softer', 3)}${blur('cloud', 12)}<clipPath id="field"><circle cx="256" cy="236" r="222"/></clipPath>
<radialGradient id="retina" cx="0.55" cy="0.48" r="0.56"><stop offset="0" stop-color="#e07a35"/><stop offset="0.6" stop-color="#c55a22"/>
  <stop offset="0.92" stop-color="#8a3410"/><stop offset="1" stop-color="#5a1e08"/></radialGradient>
<radialGradient id="disc"><stop offset="0" stop-color="#fff3c4"/><stop offset="0.4" stop-color="#fbdc93"/><stop offset="1" stop-color="#f0a858"/></radialGradient>
<filter id="choroid" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency="0.02 0.03" numOctaves="2" seed="9"/>
<feColorMatrix values="0 0 0 0 0.35  0 0 0 0 0.08  0 0 0 0 0.02  0.9 0 0 0 -0.35"/></filter>`
  const body = `<rect width="${width}" height="${height}" fill="#000"/><g clip-path="url(#field)">
<rect width="${width}" height="${height}" fill="url(#retina)"/><rect width="${width}" height="${height}" filter="url(#choroid)" opacity="0.5"/>
<circle cx="${MACULA[0]}" cy="${MACULA[1]}" r="44" fill="#6b210a" opacity="0.6" filter="url(#cloud)"/>
<g fill="#fff0cf" opacity="0.7" filter="url(#softer)">${wool([300, 128])}${wool([292, 350])}${wool([150, 170])}</g>
<ellipse cx="${x}" cy="${y}" rx="33" ry="37" fill="url(#disc)" stroke="#d98a48" stroke-width="2" filter="url(#soft)"/>
<g fill="none" stroke-linecap="round" stroke-linejoin="round" filter="url(#soft)">
${arcade(-1.95, -0.125, 8, '#7a1512')}${arcade(1.95, 0.125, 8, '#7a1512')}${arcade(-1.15, 0.09, 6, '#7a1512')}${arcade(1.15, -0.09, 6, '#7a1512')}
${arcade(-2.15, -0.1, 5, '#c23a22')}${arcade(2.15, 0.1, 5, '#c23a22')}${arcade(-0.7, 0.08, 4, '#c23a22')}${arcade(0.7, -0.08, 4, '#c23a22')}</g>
<g fill="#6b0c0c" opacity="0.9" filter="url(#soft)">${repeat(72, blot)}</g>
<g fill="none" stroke="#8a1010" stroke-width="2.4" stroke-linecap="round" opacity="0.8" filter="url(#soft)">${repeat(9, flame)}</g>
<g fill="#fbe27a" filter="url(#soft)">${repeat(64, fleck)}</g>
<g fill="none" stroke="#b3181a" stroke-width="1.3" filter="url(#soft)">${repeat(24, tuft)}</g>
<path d="M150 372 Q196 366 240 374 Q232 410 194 412 Q160 408 150 372 Z" fill="#5e0a0a" opacity="0.92" filter="url(#soft)"/></g>`
  return { defs, body }
}

// A large vessel leaves the disc and bends around the macula: each step turns by the same small angle.
function arc(random: Random, heading: number, bend: number): Point[] {
  const points: Point[] = [DISC]
  let [x, y] = DISC
  let angle = heading
  for (let i = 0; i < 13; i++) {
    x += 22 * Math.cos(angle)
    y += 22 * Math.sin(angle)
    angle += bend + between(random, -0.06, 0.06)
    points.push([x, y])
  }
  return points
}
