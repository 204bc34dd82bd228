import { between, blob, inside, type Point, px, type Random, repeat } from './shapes.ts'
import { fineVessels, gleam, hairs, skin, skinDefs, TONES } from './skin.ts'

/** What a picture is made of: SVG for the `defs`, and SVG to show. */
export interface Picture {
  readonly defs: string
  readonly body: string
}

/** Light skin with a large dark patch: lopsided, ragged, in black, browns, blue-grey, red and a pale area. */
export function raggedPatch(random: Random, width: number, height: number): Picture {
  const outline = blob(random, [250, 232], 118, 88, 0.2)
  const tongue = blob(random, [338, 180], 52, 34, 0.26)
  const patch = (at: Point, rx: number, ry: number, colour: string, opacity: number) =>
    `<path d="${blob(random, at, rx, ry, 0.25)}" fill="${colour}" opacity="${opacity}" filter="url(#cloud)"/>`
  const speck = (at: Point, low: number, high: number) =>
    `<path d="${blob(random, at, between(random, low, high), between(random, low, high), 0.2)}"/>`
  const defs = `${skinDefs(TONES.light, 11)}<clipPath id="inside"><path d="${outline}"/><path d="${tongue}"/></clipPath>`
  const body = `${skin(random, TONES.light, width, height)}
<g filter="url(#cloud)" fill="#d98a78" opacity="0.5"><path d="${outline}"/><path d="${tongue}"/></g>
<g filter="url(#soft)" fill="#6a4028"><path d="${outline}"/><path d="${tongue}"/></g>
<g clip-path="url(#inside)" >
${patch([205, 205], 70, 52, '#3a2016', 0.95)}${patch([305, 265], 56, 46, '#150e0e', 1)}${patch([350, 185], 42, 30, '#8d5a35', 1)}
${patch([178, 268], 42, 34, '#a8573f', 0.9)}${patch([262, 190], 36, 28, '#5b6b7c', 0.95)}${patch([236, 262], 30, 24, '#d8a892', 0.95)}
${patch([150, 215], 28, 34, '#1d1210', 0.9)}
<g fill="#0d0808" opacity="0.85" filter="url(#soft)">${repeat(34, () => speck(inside(random, [258, 230], 120, 84), 2, 6))}</g>
</g>
<g fill="#4a2c1d" filter="url(#soft)">${speck([398, 262], 6, 8)}${speck([412, 234], 3, 5)}${speck([118, 312], 4, 6)}</g>
${hairs(random, 16, '#6b4a34', width, height)}`
  return { defs, body }
}

/** Medium skin with one small round spot, evenly brown, with a clean edge. */
export function evenSpot(random: Random, width: number, height: number): Picture {
  const centre: Point = [258, 232]
  const outline = blob(random, centre, 62, 60, 0.012)
  const dot = () => {
    const [x, y] = inside(random, centre, 52, 50)
    return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(between(random, 1.5, 3))}"/>`
  }
  const defs = `${skinDefs(TONES.medium, 23)}
<radialGradient id="spot" cx="0.46" cy="0.44" r="0.6">
  <stop offset="0" stop-color="#6d3f22"/><stop offset="0.75" stop-color="#76472a"/><stop offset="1" stop-color="#85532f"/>
</radialGradient>`
  const body = `${skin(random, TONES.medium, width, height)}
<path d="${outline}" fill="#5a341e" opacity="0.45" filter="url(#softer)" transform="translate(3 5)"/>
<path d="${outline}" fill="url(#spot)" filter="url(#soft)"/>
<g fill="#5a331b" opacity="0.4" filter="url(#soft)">${repeat(60, dot)}</g>
${gleam([238, 208], 20, 10, 0.18)}
${hairs(random, 34, '#2e1c12', width, height)}`
  return { defs, body }
}

/** Medium skin with a raised waxy brown plaque that looks glued on, full of dark dots. */
export function waxyPlaque(random: Random, width: number, height: number): Picture {
  const centre: Point = [254, 236]
  const outline = blob(random, centre, 128, 98, 0.055)
  const plug = () => {
    const [x, y] = inside(random, centre, 112, 82)
    const r = between(random, 2.5, 6)
    return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(r)}" fill="#2a1608"/><circle cx="${px(x + 1)}" cy="${px(y + 1.4)}" r="${px(r)}" fill="none" stroke="#c99c66" stroke-width="0.9" opacity="0.7"/>`
  }
  const pearl = () => {
    const [x, y] = inside(random, centre, 104, 76)
    return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(between(random, 2, 4))}"/>`
  }
  const lump = () => {
    const [x, y] = inside(random, centre, 112, 84)
    const r = between(random, 9, 19)
    return `<circle cx="${px(x + 3)}" cy="${px(y + 4)}" r="${px(r)}" fill="#593515" opacity="0.5"/><circle cx="${px(x)}" cy="${px(y)}" r="${px(r)}" fill="#9a6a38" opacity="0.7"/>`
  }
  const defs = `${skinDefs(TONES.medium, 31)}<clipPath id="inside"><path d="${outline}"/></clipPath>
<linearGradient id="wax" x1="0.1" y1="0" x2="0.9" y2="1">
  <stop offset="0" stop-color="#b27f48"/><stop offset="0.5" stop-color="#8a5a2e"/><stop offset="1" stop-color="#5f3a1b"/>
</linearGradient>`
  const body = `${skin(random, TONES.medium, width, height)}
<path d="${outline}" fill="#3d2210" opacity="0.65" filter="url(#softer)" transform="translate(7 9)"/>
<path d="${outline}" fill="url(#wax)" stroke="#54331a" stroke-width="2"/>
<g clip-path="url(#inside)"><g filter="url(#soft)">${repeat(70, lump)}</g>
<g filter="url(#soft)">${repeat(46, plug)}</g><g fill="#ead7ae" opacity="0.75" filter="url(#soft)">${repeat(14, pearl)}</g>
<path d="${outline}" fill="none" stroke="#dcb47e" stroke-width="5" opacity="0.5" filter="url(#soft)" transform="translate(4 5)"/></g>
${gleam([206, 186], 44, 14, 0.32)}${gleam([300, 216], 26, 8, 0.22)}`
  return { defs, body }
}

/** Dark skin with a firm, shiny, red-violet dome. */
export function violetDome(random: Random, width: number, height: number): Picture {
  const outline = blob(random, [256, 236], 104, 98, 0.03)
  const starts: Point[] = [
    [182, 196],
    [204, 300],
    [318, 306],
    [338, 214],
    [280, 150],
    [228, 158],
  ]
  const defs = `${skinDefs(TONES.dark, 47)}<clipPath id="inside"><path d="${outline}"/></clipPath>
<radialGradient id="dome" cx="0.38" cy="0.32" r="0.78">
  <stop offset="0" stop-color="#d0657a"/><stop offset="0.35" stop-color="#a93a58"/>
  <stop offset="0.75" stop-color="#742243"/><stop offset="1" stop-color="#451329"/>
</radialGradient>`
  const body = `${skin(random, TONES.dark, width, height)}
${hairs(random, 10, '#1a0e08', width, height)}
<path d="${outline}" fill="#1c0c08" opacity="0.75" filter="url(#cloud)" transform="translate(14 20)"/>
<path d="${outline}" fill="#8c3c3a" opacity="0.5" filter="url(#mist)"/>
<path d="${outline}" fill="url(#dome)" filter="url(#soft)"/>
<g clip-path="url(#inside)"><path d="${blob(random, [300, 268], 44, 36, 0.2)}" fill="#3d1033" opacity="0.55" filter="url(#cloud)"/>
<path d="${blob(random, [212, 260], 30, 26, 0.2)}" fill="#c04a55" opacity="0.45" filter="url(#cloud)"/></g>
${fineVessels(random, starts, [256, 236], '#f08a86')}
${gleam([214, 188], 30, 15, 0.75)}${gleam([244, 172], 9, 5, 0.6)}`
  return { defs, body }
}
